package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

// clone is a repository that has the hook's scripts, a contract and a file beside it.
type clone struct {
	t       *testing.T
	root    string
	program string // PLAZADEV
}

func newClone(t *testing.T) clone {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	c := clone{t: t, root: t.TempDir(), program: program}
	for _, script := range []string{"hooks.sh", "pre-commit.sh"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "internal", "tools", script))
		require.NoError(t, err)
		c.write("internal/tools/"+script, string(text))
	}
	c.write("openapi.yaml", "info: {version: 1.0.0}\n")
	c.write("notes.txt", "first\n")
	c.write("gen/a", "first\n")
	c.write(".gitignore", "/.build/\n/seen\n")
	c.git(0, "init", "--quiet", "--initial-branch=main")
	c.git(0, "add", ".")
	c.git(0, "commit", "--quiet", "--message=First")
	return c
}

func (c clone) write(name, text string) {
	c.t.Helper()
	path := filepath.Join(c.root, name)
	require.NoError(c.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(c.t, os.WriteFile(path, []byte(text), 0o755))
}

// run runs a command in the repository, without the settings of whoever runs the tests.
func (c clone) run(code int, name string, arguments ...string) string {
	c.t.Helper()
	cmd := exec.CommandContext(c.t.Context(), name, arguments...)
	cmd.Dir = c.root
	cmd.Env = append(os.Environ(), "PLAZADEV="+c.program, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=T", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_COMMITTER_NAME=T", "GIT_COMMITTER_EMAIL=t@example.com")
	out, _ := cmd.CombinedOutput()
	require.Equal(c.t, code, cmd.ProcessState.ExitCode(), "%s %v: %s", name, arguments, out)
	return string(out)
}

func (c clone) git(code int, arguments ...string) string {
	c.t.Helper()
	return c.run(code, "git", arguments...)
}

func TestTheHookChecksWhatIsToBeCommitted(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	assert.Contains(t, c.run(0, "sh", "internal/tools/hooks.sh"), ".git/hooks/pre-commit runs internal/tools/pre-commit.sh")
	assert.Contains(t, c.run(0, "sh", "internal/tools/hooks.sh"), "already")

	// Tells what the hook asked of which tree, and finds what is broken and what differs from what git has.
	c.program = filepath.Join(c.root, "..", "plazadev-"+filepath.Base(c.root))
	t.Cleanup(func() { require.NoError(t, os.Remove(c.program)) })
	require.NoError(t, os.WriteFile(c.program, []byte("#!/bin/sh\necho \"$1 $2 $3\" >>'"+c.root+"/seen'\ncd \"$4\" || exit 3\n"+
		"test -z \"$(git ls-files --others gen)\" && git diff --quiet || exit 3\n! grep broken openapi.yaml\n"), 0o755))

	c.write("notes.txt", "second\n")
	c.git(0, "commit", "--quiet", "--all", "--message=Notes")
	assert.NoFileExists(t, filepath.Join(c.root, "seen"), "nothing that is checked is part of it")

	c.write("openapi.yaml", "broken: true\n")
	out := c.git(1, "commit", "--quiet", "--all", "--message=Broken")
	assert.Contains(t, out, "git commit --no-verify")
	assert.NoDirExists(t, filepath.Join(c.root, ".build", "staged"))

	c.git(0, "add", "openapi.yaml")
	c.write("openapi.yaml", "fine: true\n")
	c.git(1, "commit", "--quiet", "--message=Broken where it is staged")
	c.git(0, "add", "openapi.yaml")
	c.write("openapi.yaml", "broken: again\n")
	c.git(0, "commit", "--quiet", "--message=Broken where it is not staged")
	c.git(0, "commit", "--quiet", "--all", "--no-verify", "--message=All the same")
	c.write("openapi.yaml", "fine: again\n")
	c.git(0, "commit", "--quiet", "--message=A path", "openapi.yaml")
	assert.Equal(t, "4", c.run(0, "sh", "-c", "printf %d $(grep -c '^check --quick --root$' seen)"))
}

func TestTheHookRunsPlazadev(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	c.run(0, "sh", "internal/tools/hooks.sh")
	c.write("gen/a", "second\n")
	want := 0
	if slices.ContainsFunc(check.Layers(), check.Layer.Quick) {
		want = 1 // its contract is none
	}
	assert.Regexp(t, `\(\d+\.\d\d s\)\n`, c.git(want, "commit", "--quiet", "--all", "--message=Generated"))
}

func TestTheHookLeavesThoseOfOthers(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	c.write(".git/hooks/pre-commit", "#!/bin/sh\n")
	assert.Contains(t, c.run(1, "sh", "internal/tools/hooks.sh"), "is yours. Add this line to it:\n\n    [ ! -f internal/tools")
	assert.Equal(t, "#!/bin/sh\n", c.run(0, "cat", ".git/hooks/pre-commit"))

	c = newClone(t)
	c.git(0, "config", "core.hooksPath", "shared")
	assert.Contains(t, c.run(1, "sh", "internal/tools/hooks.sh"), "shared/pre-commit is yours")
	assert.NoDirExists(t, filepath.Join(c.root, "shared"))
}
