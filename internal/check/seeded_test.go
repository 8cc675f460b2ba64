package check_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
	"github.com/plaza-api/plaza/internal/testkit"
)

// seeded is a fault that is put into a copy of this project, and what must be found of it. The rows stand in
// seeded_LAYER_test.go.
type seeded struct {
	name  string
	edits []edit
	// rule is that of the finding, and of every finding of its layer unless also names others.
	rule string
	also []string
	// file, and text that its line has, say where it must be found: at the first such line after the edit. Without a
	// text the finding is about the file.
	file, text string
	// says is a part of its message.
	says string
}

// edit replaces the first occurrence of old in a file by new; without an old, new is the file's text; without both
// the file, or the folder, is removed.
type edit struct{ file, old, new string }

// seededFaults are all rows.
func seededFaults() []seeded {
	return slices.Concat(
		lintFaults(),
		breakingFaults(),
		generatedFaults(),
		routesFaults(),
		sqlFaults(),
		queriesFaults(),
		migrationsFaults(),
		sdkFaults(),
		coverageFaults(),
	)
}

// aFew are the rows of each layer where not every row is put in.
const aFew = 2

func TestEverySeededFaultIsFoundWhereItIs(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for _, row := range seededFaults() {
		layer, _, _ := strings.Cut(row.rule, "/")
		if seen[layer]++; seen[layer] > aFew && !everyRow {
			continue
		}
		t.Run(layer+": "+row.name, func(t *testing.T) {
			t.Parallel()
			p := project(t)
			for _, e := range row.edits {
				e.apply(t, p)
			}
			findings := run(t, p, layer)
			allowed := append([]string{row.rule}, row.also...)
			var places []string
			for _, f := range findings {
				assert.Contains(t, allowed, f.Rule, "%s: %s", f.Place(), f.Message)
				if f.Rule == row.rule && strings.Contains(f.Message, row.says) {
					places = append(places, fmt.Sprintf("%s:%d", f.File, f.Line))
				}
			}
			assert.Contains(t, places, row.place(t, p), "of %v", findings)
		})
	}
}

func TestTheUntouchedTreeHasNoFinding(t *testing.T) {
	t.Parallel()
	for _, layer := range check.Layers() {
		t.Run(layer.Name, func(t *testing.T) {
			t.Parallel()
			assert.Empty(t, run(t, project(t), layer.Name))
		})
	}
}

// run runs one layer on a project.
func run(t *testing.T, p *check.Project, name string) []check.Finding {
	t.Helper()
	layers := check.Layers()
	i := slices.IndexFunc(layers, func(l check.Layer) bool { return l.Name == name })
	require.GreaterOrEqual(t, i, 0, "there is no layer %s", name)
	report := check.Run(t.Context(), p, layers[i:i+1], nil)
	require.NoError(t, report.Results[0].Err)
	return report.Findings()
}

// place is where the row's finding must be, as file:line.
func (s seeded) place(t *testing.T, p *check.Project) string {
	t.Helper()
	if s.text == "" {
		return s.file + ":0"
	}
	text, err := os.ReadFile(p.Path(s.file))
	require.NoError(t, err)
	before, _, found := strings.Cut(string(text), s.text)
	require.True(t, found, "%s has no line with %q", s.file, s.text)
	return fmt.Sprintf("%s:%d", s.file, strings.Count(before, "\n")+1)
}

func (e edit) apply(t *testing.T, p *check.Project) {
	t.Helper()
	path := p.Path(e.file)
	switch {
	case e.old == "" && e.new == "":
		_, err := os.Lstat(path)
		require.NoError(t, err, "%s has gone: mend the row", e.file)
		require.NoError(t, os.RemoveAll(path))
	case e.old == "":
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(e.new), 0o644))
	default:
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Contains(t, string(text), e.old, "%s has changed: mend the row", e.file)
		require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(text), e.old, e.new, 1)), 0o644))
	}
}

// project is a copy of this project in a repository of its own, in which it is released as v0.1.0, with scratch
// databases on the tests' server.
func project(t testing.TB) *check.Project {
	t.Helper()
	template, err := released()
	require.NoError(t, err)
	root := t.TempDir()
	require.NoError(t, copyTree(root, template))
	p, err := check.Open(root)
	require.NoError(t, err)
	p.ServerURL = testkit.ServerURL(t)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

// removeReleased removes the copy that others were made from.
func removeReleased() error {
	if root, err := released(); err == nil {
		return os.RemoveAll(root)
	}
	return nil
}

// released is the copy that others are made from.
var released = sync.OnceValues(func() (string, error) {
	root, err := os.MkdirTemp("", "plaza-released-")
	if err != nil {
		return "", err
	}
	if err := copyTree(root, filepath.Join("..", ".."), ".git", ".build", ".plaza"); err != nil {
		return "", err
	}
	if err := check.WriteRecord(root); err != nil {
		return "", err
	}
	for _, arguments := range [][]string{
		{"init", "--quiet", "--initial-branch=main"},
		{"add", "."},
		{"-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message=Release"},
		{"tag", "v0.1.0"},
		{"gc", "--quiet"}, // few files to copy
	} {
		cmd := exec.CommandContext(context.Background(), "git", arguments...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("git %s: %w: %s", arguments[0], err, out)
		}
	}
	return root, nil
})

// copyTree copies a project, but for the folders and files at its top that are left out. Installed Node packages are
// linked to.
func copyTree(to, from string, without ...string) error {
	from, err := filepath.Abs(from)
	if err != nil {
		return err
	}
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		skip, target := error(nil), filepath.Join(to, name)
		if entry.IsDir() {
			skip = fs.SkipDir
		}
		switch {
		case slices.Contains(without, name):
			return skip
		case entry.Name() == "node_modules":
			if resolved, err := filepath.EvalSymlinks(path); err == nil {
				path = resolved
			}
			if err := os.Symlink(path, target); err != nil {
				return err
			}
			return skip
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		}
		return copyFile(target, path, entry)
	})
}

func copyFile(to, from string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, info.Mode().Perm())
}
