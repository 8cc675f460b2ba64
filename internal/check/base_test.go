package check_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

// repository makes a git repository whose contract says its commits' titles.
type repository struct {
	t    *testing.T
	root string
}

func newRepository(t *testing.T) repository {
	t.Helper()
	r := repository{t: t, root: t.TempDir()}
	r.git("init", "--quiet", "--initial-branch=main")
	return r
}

func (r repository) git(arguments ...string) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), "git",
		append([]string{"-c", "user.name=Test", "-c", "user.email=test@example.com"}, arguments...)...)
	cmd.Dir = r.root
	out, err := cmd.CombinedOutput()
	require.NoError(r.t, err, "%s", out)
}

func (r repository) write(title string) {
	r.t.Helper()
	text := "openapi: 3.0.3\ninfo: {title: " + title + ", version: 1.0.0}\npaths: {}\n"
	require.NoError(r.t, os.WriteFile(filepath.Join(r.root, "openapi.yaml"), []byte(text), 0o600))
}

func (r repository) commit(title string) {
	r.t.Helper()
	r.write(title)
	r.git("add", ".")
	r.git("commit", "--quiet", "--message="+title)
}

func (r repository) project(base string) *check.Project {
	r.t.Helper()
	p, err := check.Open(r.root)
	require.NoError(r.t, err)
	p.BaseRevision = base
	r.t.Cleanup(func() { require.NoError(r.t, p.Close()) })
	return p
}

func TestWhatATreeIsComparedWith(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("first")
	base, err := r.project("").Base(t.Context())
	require.NoError(t, err)
	assert.Nil(t, base, "nothing has been released")

	r.git("tag", "v1.0.0")
	r.commit("second")
	r.git("tag", "other")
	r.commit("third")
	r.write("not committed")
	assert.Equal(t, "first", title(t, r, ""), "on main it is the last release")
	assert.Equal(t, "second", title(t, r, "HEAD~1"))
	assert.Equal(t, "second", title(t, r, "other"))

	r.git("checkout", "--quiet", "-b", "change", "--force")
	r.commit("fourth")
	assert.Equal(t, "third", title(t, r, ""), "on a branch it is where the branch began")
	base, err = r.project("").Base(t.Context())
	require.NoError(t, err)
	assert.Regexp(t, "^[0-9a-f]{12}$", base.Name)
	r.git("checkout", "--quiet", "--detach")
	assert.Equal(t, "first", title(t, r, ""), "on no branch it is the last release")

	file := filepath.Join(t.TempDir(), "old.yaml")
	text := "openapi: 3.0.3\ninfo: {title: from a file, version: 1.0.0}\npaths: {}\n"
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	assert.Equal(t, "from a file", title(t, r, file))

	r.git("tag", "base.go", "other")
	assert.Equal(t, "second", title(t, r, "base.go"), "no file takes the place of a revision, though it is in this folder")

	_, err = r.project("v9").Base(t.Context())
	require.EqualError(t, err, "there is no revision v9")
	_, err = r.project("--output=x").Base(t.Context())
	require.Error(t, err, "a revision is no option of git")
}

func title(t *testing.T, r repository, revision string) string {
	t.Helper()
	base, err := r.project(revision).Base(t.Context())
	require.NoError(t, err)
	require.NotNil(t, base)
	source, err := base.Contract("openapi.yaml")
	require.NoError(t, err)
	return source.Document.Info.Title
}

func TestABaseHasNothingButWhatIsCompared(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	require.NoError(t, os.MkdirAll(filepath.Join(r.root, "schema"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(r.root, "schema", "0001_a.sql"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(r.root, "secret"), nil, 0o600))
	r.commit("first")
	base, err := r.project("HEAD").Base(t.Context())
	require.NoError(t, err)
	var names []string
	require.NoError(t, fs.WalkDir(base.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if !entry.IsDir() {
			names = append(names, name)
		}
		return err
	}))
	assert.Equal(t, []string{"openapi.yaml", "schema/0001_a.sql"}, names)
}

func TestAFolderThatGitDoesNotKnow(t *testing.T) {
	t.Parallel()
	p, err := check.Open(t.TempDir())
	require.NoError(t, err)
	base, err := p.Base(t.Context())
	require.NoError(t, err)
	assert.Nil(t, base)
	p, err = check.Open(t.TempDir())
	require.NoError(t, err)
	p.BaseRevision = "v1.0.0"
	_, err = p.Base(t.Context())
	require.EqualError(t, err, "there is no revision v1.0.0")
}
