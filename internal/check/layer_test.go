package check_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

func layer(name string, findings []check.Finding, err error) check.Layer {
	return check.Layer{
		Name:  name,
		Rules: []check.Rule{{ID: name + "/bad", Severity: check.Error}, {ID: name + "/new", Severity: check.Note}},
		Run:   func(context.Context, *check.Project) ([]check.Finding, error) { return findings, err },
	}
}

func TestAReport(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("first")
	bad := check.Finding{Rule: "one/bad", Pointer: "/info/version", Message: "is old"}
	shared := &check.Faulty{Findings: []check.Finding{{Rule: "schema/broken", File: "schema/1.sql", Message: "no"}}}
	for name, test := range map[string]struct {
		layers []check.Layer
		code   int
		want   []string
	}{
		"nothing":             {[]check.Layer{layer("one", nil, nil)}, check.ExitClean, nil},
		"a note":              {[]check.Layer{layer("one", []check.Finding{{Rule: "one/new", Pointer: "/paths"}}, nil)}, check.ExitClean, []string{"note openapi.yaml:3:1 one/new"}},
		"a finding, twice":    {[]check.Layer{layer("one", []check.Finding{bad, bad}, nil)}, check.ExitFindings, []string{"error openapi.yaml:2:22 one/bad"}},
		"what layers share":   {[]check.Layer{layer("one", nil, shared), layer("two", nil, shared)}, check.ExitFindings, []string{"error schema/1.sql schema/broken"}},
		"a layer that cannot": {[]check.Layer{layer("one", []check.Finding{bad}, nil), layer("two", nil, errors.New("no"))}, check.ExitUnable, []string{"error openapi.yaml:2:22 one/bad"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := check.Run(t.Context(), r.project(""), test.layers, nil)
			var got []string
			for _, f := range report.Findings() {
				got = append(got, string(f.Severity)+" "+f.Place()+" "+f.Rule)
			}
			assert.Equal(t, test.want, got)
			assert.Equal(t, test.code, report.ExitCode())
		})
	}
}

func TestAMessageIsOneShortLine(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("first")
	long := check.Finding{Rule: "one/bad", Message: "of\n\x1b[31m" + strings.Repeat("é", 2000)}
	report := check.Run(t.Context(), r.project(""), []check.Layer{layer("one", []check.Finding{long}, nil)}, nil)
	message := report.Findings()[0].Message
	assert.Equal(t, 600, utf8.RuneCountInString(message))
	assert.Regexp(t, `^of \S*é+…$`, message)
	assert.NotContains(t, message, "\x1b")
}

func TestALayerThatPanicsCouldNotRun(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("first")
	one := layer("one", nil, nil)
	one.Run = func(context.Context, *check.Project) ([]check.Finding, error) { panic("strange") }
	bad := layer("two", []check.Finding{{Rule: "two/bad", Pointer: "/info"}}, nil)
	report := check.Run(t.Context(), r.project(""), []check.Layer{one, bad}, nil)
	assert.Equal(t, check.ExitUnable, report.ExitCode())
	require.EqualError(t, report.Results[0].Err, "panic: strange")
	assert.Len(t, report.Findings(), 1, "the others run")
}

func TestEveryLayerSaysWhatItLooksFor(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, l := range check.Layers() {
		assert.NotEmpty(t, l.Help, l.Name)
		require.NotEmpty(t, l.Rules, l.Name)
		for _, rule := range l.Rules {
			assert.Equal(t, l.Name, check.Finding{Rule: rule.ID}.Layer())
			assert.False(t, seen[rule.ID], "%s is there twice", rule.ID)
			assert.NotEmpty(t, rule.Help, rule.ID)
			seen[rule.ID] = true
		}
	}
}

func TestRulesAreErrorsButForThese(t *testing.T) {
	t.Parallel()
	milder := map[check.Severity][]string{}
	for _, rule := range check.Rules() {
		if rule.Severity != check.Error {
			milder[rule.Severity] = append(milder[rule.Severity], rule.ID)
		}
	}
	assert.ElementsMatch(t, []string{"breaking/change", "breaking/policy-change", "migrations/new", "sdk/step"},
		milder[check.Note])
	assert.ElementsMatch(t, []string{
		"lint/answer-header", "lint/description", "lint/example", "lint/list", "lint/name", "lint/path",
		"lint/schema-name", "lint/status-unreachable", "lint/tag", "lint/unused", "lint/verb-noun",
		"sql/constraint-name", "sql/unprobed",
		"queries/needless-exception", "queries/noun", "queries/seq-scan", "queries/uncalled", "queries/verb",
		"coverage/mark", "coverage/parameter", "coverage/property", "coverage/schema",
	}, milder[check.Warning])
	assert.Len(t, milder, 2)
}

func TestLayersThatRunWithEverySave(t *testing.T) {
	t.Parallel()
	var watched, quick []string
	for _, l := range check.Layers() {
		if l.Quick() {
			quick = append(quick, l.Name)
		}
	}
	for _, l := range check.Watched(check.Layers()) {
		watched = append(watched, l.Name)
	}
	assert.Equal(t, []string{"lint", "breaking", "sdk"}, watched)
	assert.Equal(t, []string{"lint", "breaking", "generated", "sdk"}, quick)
}
