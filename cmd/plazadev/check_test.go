package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/check"
)

// checkNothing is plazadev check without any layer, on a project that has a contract alone.
func checkNothing(t *testing.T, environ []string, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "openapi.yaml"), []byte("info: {version: 1.2.3}\n"), 0o600))
	all := []string{"check", "all", "--root", root}
	for _, l := range check.Layers() {
		all = append(all, "--skip", l.Name)
	}
	return call(t, environ, append(all, arguments...)...)
}

func TestCheckWritesSeveralFormatsAtOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var arguments []string
	for _, file := range []string{"a.json", "b.sarif", "c.md", "d,e.html"} {
		arguments = append(arguments, "-o", filepath.Join(folder, file))
	}
	code, stdout, stderr := checkNothing(t, nil, arguments...)
	require.Equal(t, app.ExitOK, code, stderr)
	assert.Regexp(t, `^\nnothing has drifted \(\d+\.\d\d s\)\n$`, stdout)
	for file, begin := range map[string]string{
		"a.json": "{\n  \"version\": \"1.2.3\"", "b.sarif": "{\n  \"$schema\"", "c.md": "<!-- plazadev check -->\n",
		"d,e.html": "<!DOCTYPE html>",
	} {
		text, err := os.ReadFile(filepath.Join(folder, file))
		require.NoError(t, err)
		assert.Equal(t, begin, string(text[:min(len(begin), len(text))]), file)
	}
}

func TestCheckRefusesAFileWhoseFormatItCannotTell(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := checkNothing(t, nil, "-o", "report.txt")
	assert.Equal(t, check.ExitUnable, code)
	assert.Empty(t, stdout, "nothing has run")
	assert.Regexp(t, `report\.txt must end with one of \.json \.sarif \.md \.html\n$`, stderr)
	code, _, stderr = checkNothing(t, nil, "-o", filepath.Join(t.TempDir(), "no", "folder.md"))
	assert.Equal(t, check.ExitUnable, code)
	assert.Contains(t, stderr, "error: the report: open ")
	code, _, stderr = call(t, nil, "check", "--skip", "nothing")
	assert.Equal(t, app.ExitUsage, code)
	assert.Contains(t, stderr, "--skip")
}

func TestCheckAddsToTheSummaryOfAGitHubStep(t *testing.T) {
	t.Parallel()
	summary := filepath.Join(t.TempDir(), "summary.md")
	require.NoError(t, os.WriteFile(summary, []byte("# Tests\n"), 0o600))
	environ := []string{"GITHUB_STEP_SUMMARY=nowhere", "GITHUB_STEP_SUMMARY=" + summary}
	code, stdout, _ := checkNothing(t, environ)
	assert.Equal(t, app.ExitOK, code)
	assert.Contains(t, stdout, "(0.0", "not for a person")
	code, stdout, stderr := checkNothing(t, environ, "--format", "github")
	require.Equal(t, app.ExitOK, code, stderr)
	assert.Equal(t, "nothing has drifted\n", stdout)
	text, err := os.ReadFile(summary)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(text), "# Tests\n<!-- plazadev check -->\n### ✅ plazadev check: "), string(text))
	assert.Equal(t, 1, strings.Count(string(text), "plazadev check:"))
}

func TestCheckIsColouredWhereItIsWanted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		environ []string
		want    bool
	}{
		{nil, false}, // no terminal
		{[]string{"FORCE_COLOR=1"}, true},
		{[]string{"FORCE_COLOR=0"}, false},
		{[]string{"FORCE_COLOR=1", "NO_COLOR=1"}, false},
		{[]string{"FORCE_COLOR=1", "NO_COLOR="}, true},
		{[]string{"FORCE_COLOR=1", "TERM=dumb"}, false},
	} {
		_, stdout, _ := call(t, test.environ, "check", "rules", "contract")
		assert.Equal(t, test.want, strings.Contains(stdout, "\x1b["), "%v", test.environ)
	}
}

func TestCheckListsTheRules(t *testing.T) {
	t.Parallel()
	code, stdout, _ := call(t, nil, "check", "rules")
	assert.Equal(t, app.ExitOK, code)
	for _, rule := range check.Rules() {
		assert.Contains(t, stdout, rule.ID+" ")
	}
	code, _, stderr := call(t, nil, "check", "rules", "no/rule")
	assert.Equal(t, check.ExitUnable, code)
	assert.Equal(t, "error: there is no rule and no layer no/rule\n", stderr)
}
