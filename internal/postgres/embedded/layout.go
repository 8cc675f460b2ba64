package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// maxSocketPath is what sun_path holds beside its final NUL on macOS; Linux has 107.
const maxSocketPath = 103

// plainPath is what needs no quoting, neither in PostgreSQL's list of socket
// directories nor in libpq's list of hosts.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9/._-]+$`)

// layout names everything that belongs to one data directory.
type layout struct {
	home     string // the directory of the rest, absolute and without symbolic links
	data     string
	socket   string // the directory of the socket
	log      string
	settings string
	attached string
	change   string
	name     string // PostgreSQL's cluster_name, seen in the titles of its processes
}

// locate makes the directory and derives the layout, the same one for every
// spelling of the path and in every environment.
func locate(dataDir string) (layout, error) {
	if dataDir == "" {
		return layout{}, errors.New("no data directory given")
	}
	home, err := filepath.Abs(filepath.Join(dataDir, "postgres"))
	if err != nil {
		return layout{}, fmt.Errorf("find the data directory: %w", err)
	}
	if err := os.MkdirAll(home, directoryMode()); err != nil {
		return layout{}, fmt.Errorf("make the data directory: %w", err)
	}
	if home, err = filepath.EvalSymlinks(home); err != nil {
		return layout{}, fmt.Errorf("find the data directory: %w", err)
	}
	return newLayout(home), nil
}

func newLayout(home string) layout {
	sum := sha256.Sum256([]byte(home))
	l := layout{
		home:     home,
		data:     filepath.Join(home, "data"),
		socket:   filepath.Join(home, "socket"),
		log:      filepath.Join(home, "server.log"),
		settings: filepath.Join(home, "settings.json"),
		attached: filepath.Join(home, "attached.lock"),
		change:   filepath.Join(home, "change.lock"),
		name:     "plaza-" + hex.EncodeToString(sum[:8]),
	}
	if len(l.socketFile()) > maxSocketPath || !plainPath.MatchString(l.socket) {
		// Not os.TempDir: holders with different environments have to agree.
		l.socket = filepath.Join("/tmp", l.name)
	}
	return l
}

func (l layout) socketFile() string {
	return filepath.Join(l.socket, fmt.Sprintf(".s.PGSQL.%d", port))
}

func (l layout) pidFile() string { return filepath.Join(l.data, "postmaster.pid") }

// version is the major version that made the cluster, empty where there is none.
func (l layout) version() (string, error) {
	text, err := os.ReadFile(filepath.Join(l.data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the data directory's version: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// directoryMode lets root's directories be crossed, not listed: PostgreSQL runs as
// another user there and has to get to its own.
func directoryMode() os.FileMode {
	if os.Geteuid() == 0 {
		return 0o711
	}
	return 0o700
}
