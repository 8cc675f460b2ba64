package check_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

// richReport has all that a report may have: layers that agree, differ and could not run, every severity, places of all
// kinds, and characters that each format has to write otherwise.
func richReport() check.Report {
	finding := func(rule string, severity check.Severity, line int, pointer, message string) check.Finding {
		f := check.Finding{
			Rule: rule, Severity: severity, File: "openapi.yaml", Line: line, Pointer: pointer, Message: message,
		}
		if line > 0 {
			f.Column = 3
		}
		return f
	}
	return check.Report{
		Version: "2.0.0", Base: "v1.4.2", BaseVersion: "1.4.2",
		Begun: time.Date(2026, time.March, 4, 15, 4, 5, 0, time.UTC), Took: 3210 * time.Millisecond,
		Tree: fstest.MapFS{
			"openapi.yaml": {Data: []byte("openapi: 3.0.3\npaths:\n  /users:\n    get: {x-timeout: '<b>5s</b>'}\n" +
				"  /posts: {}\n  # " + strings.Repeat("long ", 60) + "\n")},
			"queries/users.sql": {Data: []byte("-- name: ListUsers :many\nSELECT id FROM users;\n")},
		},
		Rules: []check.Rule{
			{ID: "lint/time-out", Severity: check.Warning, Help: "Every operation bounds its time. State x-timeout."},
			{ID: "breaking/incompatible", Severity: check.Error, Help: "A program that works today would fail."},
			{ID: "breaking/change", Severity: check.Note, Help: "For the changelog."},
			{ID: "queries/scan", Severity: check.Warning, Help: "A scan reads the whole table. Add an index."},
		},
		Results: []check.Result{
			{Layer: "lint", Took: 210 * time.Millisecond, Findings: []check.Finding{
				finding("lint/time-out", check.Warning, 4, "/paths/~1users/get",
					"listUsers has no time-out: state x-timeout, as in 5s, so that a slow caller cannot hold a connection"),
				finding("lint/name", check.Error, 6, "/paths/~1posts",
					"50% of `a|b` *is* <script>alert(1)</script> & #12 @ann, said: \"x\"\x1b[31m"),
			}},
			{Layer: "breaking", Took: 400 * time.Millisecond, Findings: []check.Finding{
				finding("breaking/change", check.Note, 5, "/paths/~1posts", "createPost takes tags"),
				finding("breaking/incompatible", check.Error, 3, "/paths/~1users", "deleteUser is gone\nkeep it, or raise info.version"),
				finding("breaking/policy-stricter", check.Note, 4, "", "listUsers allows 50 calls a minute, before 100"),
			}},
			{Layer: "routes", Took: 1200 * time.Millisecond},
			{Layer: "sql", Took: time.Millisecond, Err: errors.New("starting PostgreSQL:\n| initdb | is `missing`")},
			{Layer: "queries", Took: 9 * time.Millisecond, Findings: []check.Finding{
				{Rule: "queries/scan", Severity: check.Warning, File: "queries/users.sql", Line: 2, Message: "ListUsers scans users"},
				{Rule: "queries/unused", Severity: check.Warning, File: "queries/odd name,100%:x.sql", Message: "nothing calls it"},
			}},
			{Layer: "sdk", Took: 80 * time.Millisecond, Findings: []check.Finding{
				finding("sdk/step", check.Note, 0, "", "the SDK needs 2.0.0"),
			}},
		},
	}
}

func TestEachFormatShowsARichReport(t *testing.T) {
	t.Parallel()
	for _, format := range check.Formats() {
		t.Run(format.Name, func(t *testing.T) {
			t.Parallel()
			got := written(t, format.Name, richReport(), check.Style{Width: 80})
			file := filepath.Join("testdata", "report", format.Name)
			if os.Getenv("UPDATE_REPORTS") != "" {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
		})
	}
}

func TestTextIsColouredOnRequestAndShowsNotes(t *testing.T) {
	t.Parallel()
	got := written(t, "text", richReport(), check.Style{Color: true, Notes: true})
	assert.Contains(t, got, "\x1b[31m✗\x1b[0m \x1b[1mlint    \x1b[22m")
	assert.Contains(t, got, "\x1b[36mnote   \x1b[0m  createPost takes tags")
	assert.NotContains(t, got, "--notes")
	assert.Contains(t, got, `"x"\x1b[31m`, "what a contract says is not obeyed")
}

// TestTextCutsWhatRepeats also holds what each layer found of the same contract to be told once.
func TestTextCutsWhatRepeats(t *testing.T) {
	t.Parallel()
	report := repeating(33)
	report.Results = append(report.Results, check.Result{Layer: "sql", Findings: report.Results[0].Findings})
	got := written(t, "text", report, check.Style{})
	assert.Equal(t, 20, strings.Count(got, "operation has no time-out"))
	assert.Equal(t, 1, strings.Count(got, "and 13 more of lint/time-out: plazadev check lint\n"))
	assert.Equal(t, 33, strings.Count(written(t, "text", repeating(33), check.Style{}), "operation has no time-out"),
		"a layer that runs alone tells all")
}

func TestGitHubAnnotatesAsMuchAsItShowsErrorsFirst(t *testing.T) {
	t.Parallel()
	report := repeating(12)
	report.Results[0].Findings[11].Severity = check.Error
	report.Results[0].Findings[10].Message = "::error::##[error]obeyed"
	report.Results = append(report.Results, check.Result{Layer: "sql", Err: errors.New("no")})
	got := written(t, "github", report, check.Style{})
	assert.Equal(t, 10, strings.Count(got, "::warning "))
	assert.Equal(t, 2, strings.Count(got, "::error "))
	assert.Less(t, strings.LastIndex(got, "::error "), strings.Index(got, "::warning "))
	assert.Contains(t, got, "openapi.yaml:11: warning: : :error: :## [error]obeyed [lint/time-out]\n")
	assert.Contains(t, got, "\n1 finding without an annotation")
}

func TestMarkdownFitsIntoAComment(t *testing.T) {
	t.Parallel()
	report := repeating(2000)
	report.Results = append(report.Results, check.Result{Layer: "sql", Err: errors.New(strings.Repeat("long ", 50_000))})
	got := written(t, "markdown", report, check.Style{})
	assert.Less(t, len(got), 65_536)
	assert.Greater(t, len(got), 55_000)
	told := strings.Count(got, "operation has no time")
	assert.Contains(t, got, fmt.Sprintf("_%d more findings left out", 2000-told))
}

func TestHTMLTellsWhatWasNotLookedAt(t *testing.T) {
	t.Parallel()
	nothing, unknown := `<p class="none">Nothing.</p>`, `<p class="soft">Not looked at.</p>`
	for name, test := range map[string]struct {
		results          []check.Result
		nothing, unknown int
	}{
		"no layer":               {nil, 0, 6},
		"clients alone":          {[]check.Result{{Layer: "breaking"}}, 3, 3},
		"SQL that could not run": {[]check.Result{{Layer: "sql", Err: errors.New("no")}, {Layer: "lint"}}, 1, 5},
		"one of SQL":             {[]check.Result{{Layer: "sql", Err: errors.New("no")}, {Layer: "queries"}}, 1, 5},
	} {
		got := written(t, "html", check.Report{Results: test.results}, check.Style{})
		assert.Equal(t, test.nothing, strings.Count(got, nothing), name)
		assert.Equal(t, test.unknown, strings.Count(got, unknown), name)
	}
}

func TestFormatsOfFiles(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{"a.json": "json", "b/c.sarif": "sarif", "d.md": "markdown", "e.x.html": "html"} {
		got, err := check.FormatOf(file)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	_, err := check.FormatOf("report.txt")
	require.EqualError(t, err, "report.txt must end with one of .json .sarif .md .html")
	require.EqualError(t, check.Write(nil, "xml", check.Report{}, check.Style{}), "there is no format xml")
}

func TestRulesAreListed(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	rules := richReport().Rules
	require.NoError(t, check.WriteRules(&out, rules, "lint", check.Style{Width: 60}))
	assert.Equal(t, "lint/time-out  warning  Every operation bounds its time.\n"+
		"                        State x-timeout.\n", out.String())
	out.Reset()
	require.NoError(t, check.WriteRules(&out, rules, "", check.Style{}))
	assert.Equal(t, len(rules), strings.Count(out.String(), "\n"))
	require.EqualError(t, check.WriteRules(&out, rules, "x/y", check.Style{}), "there is no rule and no layer x/y")
	for _, rule := range check.Rules() {
		assert.Regexp(t, `^[a-z]+/[a-z0-9-]+$`, rule.ID)
		assert.NotEmpty(t, rule.Help, rule.ID)
		assert.Contains(t, []check.Severity{check.Error, check.Warning, check.Note}, rule.Severity, rule.ID)
	}
}

// repeating is a report of one rule, that was broken in so many lines.
func repeating(n int) check.Report {
	result := check.Result{Layer: "lint"}
	for i := range n {
		result.Findings = append(result.Findings, check.Finding{
			Rule: "lint/time-out", Severity: check.Warning, File: "openapi.yaml", Line: i + 1,
			Message: "operation has no time-out",
		})
	}
	return check.Report{Results: []check.Result{result}}
}

func written(t *testing.T, format string, report check.Report, style check.Style) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, check.Write(&out, format, report, style))
	return out.String()
}
