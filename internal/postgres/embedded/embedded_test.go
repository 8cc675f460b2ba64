package embedded_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

// holdVariable makes the test binary hold the server of a directory instead of
// running tests: it prints the address, waits for the end of its input and leaves.
// Each line of input makes it leave and come back.
const holdVariable = "PLAZA_TEST_HOLD"

const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdVariable); dir != "" {
		if err := hold(dir); err != nil {
			_, _ = fmt.Fprintln(os.Stdout, "error:", err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if dir, err := template(); err == nil {
		_ = os.RemoveAll(dir)
	}
	if err := goleak.Find(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// template is a directory with a cluster that nobody uses, made once.
var template = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "plaza-template-")
	if err != nil {
		return "", err
	}
	server, err := embedded.Start(context.Background(), embedded.Options{DataDir: dir, Settings: fast()})
	if err != nil {
		return "", err
	}
	return dir, server.Stop(context.Background())
})

// made returns a directory with a cluster, for what is not about the first start.
func made(t *testing.T) string {
	t.Helper()
	from, err := template()
	require.NoError(t, err)
	dir := t.TempDir()
	data := filepath.Join(dir, "postgres", "data")
	require.NoError(t, os.CopyFS(data, os.DirFS(filepath.Join(from, "postgres", "data"))))
	require.NoError(t, os.Chmod(data, 0o700))
	return dir
}

func hold(dir string) error {
	input := bufio.NewScanner(os.Stdin)
	for {
		server, err := embedded.Start(context.Background(), embedded.Options{DataDir: dir, Settings: fast()})
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintln(os.Stdout, server.URL(embedded.Database))
		again := input.Scan()
		if err := server.Stop(context.Background()); err != nil || !again {
			return err
		}
	}
}

// fast is what tests can do without. Synchronous commit stays: a killed server
// must not lose what it acknowledged.
func fast() map[string]string { return map[string]string{"fsync": "off", "full_page_writes": "off"} }

func start(t *testing.T, dir string) *embedded.Server {
	t.Helper()
	server, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir, Settings: fast(), Log: logger(t)})
	require.NoError(t, err)
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *embedded.Server) {
	t.Helper()
	require.NoError(t, server.Stop(context.WithoutCancel(t.Context())))
}

func logger(t *testing.T) *slog.Logger {
	t.Helper()
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// ask returns the one value that a query yields, as text.
func ask(t *testing.T, url, query string) string {
	t.Helper()
	conn := connect(t, url)
	defer func() { _ = conn.Close(t.Context()) }()
	return askOn(t, conn, query)
}

func askOn(t *testing.T, conn *pgx.Conn, query string) string {
	t.Helper()
	var answer string
	require.NoError(t, conn.QueryRow(t.Context(), query).Scan(&answer), query)
	return answer
}

// born tells one run of the server from another.
func born(t *testing.T, url string) string {
	t.Helper()
	return ask(t, url, "SELECT pg_postmaster_start_time()::text")
}

func postmaster(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	require.NoError(t, err)
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	require.NoError(t, err)
	return pid
}

// inside names a file that the package keeps below a data directory.
func inside(dir string, names ...string) string {
	return filepath.Join(append([]string{dir, "postgres"}, names...)...)
}

func requireStopped(t *testing.T, dir string, pid int) {
	t.Helper()
	require.NoFileExists(t, filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	require.False(t, embedded.Alive(pid), "the postmaster has ended")
}

// holder is another process that holds the server of a directory.
type holder struct {
	cmd   *exec.Cmd
	input io.WriteCloser
	lines *bufio.Reader
}

func startHolder(t *testing.T, dir string, change ...func(*exec.Cmd)) *holder {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	h := &holder{cmd: exec.CommandContext(t.Context(), program)}
	h.cmd.Env = append(os.Environ(), holdVariable+"="+dir)
	h.cmd.Stderr = t.Output()
	for _, apply := range change {
		apply(h.cmd)
	}
	h.input, err = h.cmd.StdinPipe()
	require.NoError(t, err)
	output, err := h.cmd.StdoutPipe()
	require.NoError(t, err)
	h.lines = bufio.NewReader(output)
	require.NoError(t, h.cmd.Start())
	t.Cleanup(func() { h.kill(); _ = h.cmd.Wait() })
	return h
}

// url waits until the process is attached.
func (h *holder) url(t *testing.T) string {
	t.Helper()
	line, err := h.lines.ReadString('\n')
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(line, "postgres://"), line)
	return strings.TrimSpace(line)
}

func (h *holder) again(t *testing.T) {
	t.Helper()
	_, err := io.WriteString(h.input, "again\n")
	require.NoError(t, err)
}

func (h *holder) leave(t *testing.T) {
	t.Helper()
	require.NoError(t, h.input.Close())
	require.NoError(t, h.cmd.Wait())
}

func (h *holder) kill() { _ = h.cmd.Process.Kill() }
