package embedded

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// install makes a directory of programs: postgres tells a version, and whatever else
// either of them is asked to do ends as the scripts say.
func install(t *testing.T, version, postgres, initdb string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	for name, script := range map[string]string{
		"postgres": `[ "$1" = --version ] && echo "postgres (PostgreSQL) ` + version + `" && exit; ` + postgres,
		"initdb":   initdb,
	} {
		text := []byte("#!/bin/sh\n" + script + "\n")
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o755))
	}
	return dir
}

func TestChoose(t *testing.T) {
	t.Parallel()
	old, fifteen := install(t, "14.9", "", ""), install(t, "15.3", "", "")
	seventeen, twin := install(t, "17beta1", "", ""), install(t, "17.2", "", "")
	odd := install(t, "unknown", "", "")
	broken := install(t, "16.1", "", "")
	require.NoError(t, os.WriteFile(filepath.Join(broken, "postgres"), []byte("#!/bin/sh\nexit 1\n"), 0o600))
	require.NoError(t, os.Chmod(filepath.Join(broken, "postgres"), 0o755))
	all := []string{"relative", t.TempDir(), odd, broken, old, fifteen, seventeen, twin}
	for _, row := range []struct {
		name, version string
		dirs          []string
		want          string
		is            error
		says          string
	}{
		{name: "the newest where there is no cluster", dirs: all, want: seventeen},
		{name: "the cluster's version", version: "15", dirs: all, want: fifteen},
		{name: "none of the cluster's version", version: "16", dirs: all, is: ErrVersion, says: "made by 16, installed is 15, 17"},
		{name: "none at all", dirs: []string{t.TempDir()}, is: ErrNotInstalled, says: "apt-get install postgresql"},
		{name: "only one that is too old", dirs: []string{old}, is: ErrNotInstalled, says: "15 or newer"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := choose(t.Context(), row.dirs, row.version)
			if row.is != nil {
				require.ErrorIs(t, err, row.is)
				require.ErrorContains(t, err, row.says)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, row.want, got.dir)
		})
	}
}

func TestCandidatesBeginWithPath(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"/first", "/second"}, candidates("/first:/second")[:2])
}

func TestCreateLeavesNothingHalf(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, postgres, initdb, says string }{
		{"when initdb fails", "", "echo no space; exit 1", "initdb: exit status 1: no space"},
		{"when the database cannot be made", "echo no such thing >&2; exit 1", "", "create database plaza: exit status 1: no such thing"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			l, err := locate(t.TempDir())
			require.NoError(t, err)
			programs := installation{dir: install(t, "15.1", row.postgres, row.initdb), major: 15}
			require.ErrorContains(t, create(t.Context(), l, programs, account{}), row.says)
			entries, err := os.ReadDir(l.home)
			require.NoError(t, err)
			assert.Empty(t, entries)
		})
	}
}

func TestCreateEndsWithItsContext(t *testing.T) {
	t.Parallel()
	l, err := locate(t.TempDir())
	require.NoError(t, err)
	child := filepath.Join(t.TempDir(), "child")
	initdb := `tail -f /dev/null & echo $! > "` + child + `.new"; mv "` + child + `.new" "` + child + `"; wait`
	programs := installation{dir: install(t, "15.1", "", initdb), major: 15}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	failed := make(chan error, 1)
	go func() { failed <- create(ctx, l, programs, account{}) }()
	require.Eventually(t, func() bool {
		_, err := os.Stat(child)
		return err == nil
	}, 30*time.Second, 10*time.Millisecond)
	text, err := os.ReadFile(child)
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	cancel()
	require.Error(t, <-failed)
	require.Eventually(t, func() bool { return !Alive(pid) }, 30*time.Second, 10*time.Millisecond,
		"what initdb started ends with it")
}

func TestClusterOfAnotherUser(t *testing.T) {
	t.Parallel()
	l := newLayout(t.TempDir())
	require.NoError(t, checkOwner(l), "there is none yet")
	require.NoError(t, os.Mkdir(l.data, 0o700))
	require.NoError(t, checkOwner(l), "it is ours")
	l.data = "/" // root's
	if os.Geteuid() == 0 {
		l.data = filepath.Join(t.TempDir(), "data")
		require.NoError(t, os.Mkdir(l.data, 0o700))
		require.NoError(t, os.Chown(l.data, 54321, 54321))
	}
	err := checkOwner(l)
	require.ErrorIs(t, err, ErrUnreachable)
	require.ErrorContains(t, err, "who has to run it")
}

func TestUnreachableDirectorySaysWhatToDo(t *testing.T) {
	t.Parallel()
	l := newLayout(filepath.Join(t.TempDir(), "missing"))
	programs := installation{dir: install(t, "15.1", "", ""), major: 15}
	_, err := account{}.needsSearch(t.Context(), l, programs)
	require.ErrorIs(t, err, ErrUnreachable)
	require.ErrorContains(t, err, "chmod o+x")
}

func TestSocketPath(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "/srv/plaza/postgres/socket", newLayout("/srv/plaza/postgres").socket)
	// The longest directory that still leaves room for /socket/.s.PGSQL.5432.
	longest := "/" + strings.Repeat("a", maxSocketPath-len("/socket/.s.PGSQL.5432")-1)
	assert.Equal(t, longest+"/socket", newLayout(longest).socket)
	assert.Regexp(t, `^/tmp/plaza-[0-9a-f]{16}$`, newLayout(longest+"x").socket)
}

func TestProcessesAreToldApart(t *testing.T) {
	t.Parallel()
	l := newLayout("/srv/plaza/postgres")
	title := "postgres: " + l.name + ": checkpointer "
	for _, row := range []struct {
		name              string
		process           process
		postmaster, child bool
	}{
		{"the postmaster", process{args: []string{"/usr/bin/postgres", "-D", l.data, "-c", "a=b"}}, true, false},
		{"the postmaster of a moved directory", process{args: []string{"postgres", "-D", "/old"}, dir: l.data}, true, false},
		{"another directory's", process{args: []string{"postgres", "-D", l.data + "2"}}, false, false},
		{"a flag without its value", process{args: []string{"postgres", "-D"}}, false, false},
		{"a zombie", process{args: []string{"postgres", "-D", l.data}, dead: true}, false, false},
		{"a kernel thread", process{}, false, false},
		{"a child", process{args: []string{title}}, false, true},
		{"a child without our name", process{args: []string{"postgres: checkpointer"}, dir: l.data}, false, true},
		{"another cluster's child", process{args: []string{"postgres: plaza-0: checkpointer"}}, false, false},
		{"a shell in the directory", process{args: []string{"bash"}, dir: l.data}, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, row.postmaster, row.process.postmasterOf(l), "postmaster")
			assert.Equal(t, row.child, row.process.childOf(l), "child")
		})
	}
}
