package embedded

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldest is the first major version that Plaza's SQL runs on.
const oldest = 15

var (
	// ErrNotInstalled says that no PostgreSQL programs were found.
	ErrNotInstalled = errors.New("no PostgreSQL 15 or newer is installed")
	// ErrVersion says that the cluster needs another major version than those installed.
	ErrVersion = errors.New("the data directory is of another PostgreSQL version")
)

var versionText = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// installation is a directory with postgres and initdb of one major version.
type installation struct {
	dir   string
	major int
}

func (i installation) program(name string) string { return filepath.Join(i.dir, name) }

// candidates lists the directories that may hold PostgreSQL's programs: PATH first,
// then where Debian's packages and Homebrew put them.
func candidates(path string) []string {
	dirs := filepath.SplitList(path)
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
		"/usr/pgsql-*/bin",
	} {
		found, _ := filepath.Glob(pattern) // fails on a bad pattern only
		dirs = append(dirs, found...)
	}
	return dirs
}

// choose finds the installation for a cluster of version want, or the newest where
// want is empty. Among equals the first of dirs wins.
func choose(ctx context.Context, dirs []string, want string) (installation, error) {
	var found []installation
	for _, dir := range dirs {
		if i, ok := inspect(ctx, dir); ok {
			found = append(found, i)
		}
	}
	if ctx.Err() != nil { // which looks like programs that do not work
		return installation{}, fmt.Errorf("look for PostgreSQL: %w", context.Cause(ctx))
	}
	if len(found) == 0 {
		return installation{}, fmt.Errorf(
			"%w: install it with `apt-get install postgresql` or `brew install postgresql@17`", ErrNotInstalled)
	}
	if want == "" {
		return slices.MaxFunc(found, func(a, b installation) int { return cmp.Compare(a.major, b.major) }), nil
	}
	for _, i := range found {
		if strconv.Itoa(i.major) == want {
			return i, nil
		}
	}
	return installation{}, fmt.Errorf("%w: it was made by %s, installed is %s; install PostgreSQL %s too, "+
		"or choose a new data directory and move the data with pg_dump", ErrVersion, want, majors(found), want)
}

// inspect asks the programs themselves: a symbolic link or a wrapper says nothing
// about its version.
func inspect(ctx context.Context, dir string) (installation, bool) {
	i := installation{dir: dir}
	if !filepath.IsAbs(dir) || !executable(i.program("initdb")) || !executable(i.program("postgres")) {
		return i, false
	}
	text, err := exec.CommandContext(ctx, i.program("postgres"), "--version").Output()
	if err != nil {
		return i, false
	}
	match := versionText.FindSubmatch(bytes.TrimSpace(text))
	if match == nil {
		return i, false
	}
	i.major, err = strconv.Atoi(string(match[1]))
	return i, err == nil && i.major >= oldest
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

func majors(found []installation) string {
	var names []string
	for _, i := range found {
		names = append(names, strconv.Itoa(i.major))
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}
