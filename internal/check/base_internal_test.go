package check

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAProjectMayBeAFolderOfItsRepository(t *testing.T) {
	t.Parallel()
	repository := t.TempDir()
	p, err := Open(filepath.Join(repository, "api"))
	require.NoError(t, err)
	write := func(name, text string) {
		file := filepath.Join(repository, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	write("openapi.yaml", "another project's")
	write("api/openapi.yaml", "before")
	whole, err := Open(repository)
	require.NoError(t, err)
	for _, arguments := range [][]string{
		{"init", "-q"}, {"add", "."}, {"-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit", "-qm", "Begin"},
	} {
		_, err := whole.git(t.Context(), arguments...)
		require.NoError(t, err)
	}
	write("openapi.yaml", "another project's, changed")
	write("api/openapi.yaml", "after")

	assert.Equal(t, []string{"openapi.yaml"}, p.generatedBlame(t.Context()).changed)
	history := p.contractHistory(t.Context(), "HEAD")
	require.Len(t, history, 1)
	assert.Equal(t, "before", string(history[0].text))
	p.BaseRevision = "HEAD"
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	base, err := p.Base(t.Context())
	require.NoError(t, err)
	text, err := fs.ReadFile(base.Files, "openapi.yaml")
	require.NoError(t, err)
	assert.Equal(t, "before", string(text))
}
