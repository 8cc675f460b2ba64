package check

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAProjectMayBeAFolderOfItsRepository(t *testing.T) {
	t.Parallel()
	repository := folderOf(t, map[string]string{"openapi.yaml": "another project's", "api/openapi.yaml": "before"})
	inGit(t, repository, "init", "-q")
	inGit(t, repository, "add", ".")
	inGit(t, repository, "commit", "-qm", "Begin")
	require.NoError(t, os.WriteFile(repository.Path("openapi.yaml"), []byte("changed"), 0o600))
	require.NoError(t, os.WriteFile(repository.Path("api/openapi.yaml"), []byte("after"), 0o600))
	p, err := Open(repository.Path("api"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })

	assert.Equal(t, []string{"openapi.yaml"}, p.generatedBlame(t.Context()).changed)
	history := p.contractHistory(t.Context(), "HEAD")
	require.Len(t, history, 1)
	assert.Equal(t, "before", string(history[0].text))
	p.BaseRevision = "HEAD"
	base, err := p.Base(t.Context())
	require.NoError(t, err)
	text, err := fs.ReadFile(base.Files, "openapi.yaml")
	require.NoError(t, err)
	assert.Equal(t, "before", string(text))
}

// folderOf is a project of these files, which git does not know.
func folderOf(t *testing.T, texts map[string]string) *Project {
	t.Helper()
	p, err := Open(t.TempDir())
	require.NoError(t, err)
	for name, text := range texts {
		require.NoError(t, os.MkdirAll(filepath.Dir(p.Path(name)), 0o700))
		require.NoError(t, os.WriteFile(p.Path(name), []byte(text), 0o600))
	}
	return p
}

// inGit runs git in a project.
func inGit(t *testing.T, p *Project, arguments ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git",
		append([]string{"-c", "user.name=Test", "-c", "user.email=test@example.com"}, arguments...)...)
	cmd.Dir = p.Root
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "git %s: %s", arguments, out)
}
