package check_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

// TestWhatKilledProcessesLeaveGoes sets TMPDIR, and so runs alone.
func TestWhatKilledProcessesLeaveGoes(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	open := func() *check.Project {
		p, err := check.Open(".")
		require.NoError(t, err)
		return p
	}
	left := func() int {
		folders, err := filepath.Glob(filepath.Join(os.TempDir(), "*"))
		require.NoError(t, err)
		return len(folders)
	}
	folder := func(name string) string {
		path := filepath.Join(os.TempDir(), name)
		require.NoError(t, os.Mkdir(path, 0o700))
		return path
	}
	abandoned := folder("plaza-check-1")
	for _, name := range []string{abandoned, folder("other")} {
		require.NoError(t, os.WriteFile(filepath.Join(name, "lock"), nil, 0o600))
	}
	begun := folder("plaza-check-2")

	one, other := open(), open()
	first, err := one.Scratch("a")
	require.NoError(t, err)
	second, err := other.Scratch("a")
	require.NoError(t, err)
	assert.NoDirExists(t, abandoned)
	assert.DirExists(t, begun, "one that is not locked yet")
	assert.DirExists(t, first, "one that is in use")
	assert.Equal(t, 4, left())

	third, err := other.Scratch("a")
	require.NoError(t, err)
	assert.Equal(t, filepath.Dir(second), filepath.Dir(third))
	require.NoError(t, one.Close())
	require.NoError(t, other.Close())
	assert.Equal(t, 2, left())
}
