package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/bench"
)

func TestBenchMeasuresEverythingAndSaysWhatIsMissed(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	page := filepath.Join(directory, "bench.html")
	code, stdout, stderr := call(t, nil, "bench", "--users", "300", "--turns", "1", "--length", "100ms", "--warm", "100ms",
		"--json", "--html", page, "--profiles", directory)
	var report bench.Report
	require.NoError(t, json.Unmarshal([]byte(stdout), &report), stderr)
	require.Len(t, report.Measures, 19)
	missed := false
	for _, m := range report.Measures {
		assertSomething(t, m)
		assert.Equal(t, m.Met, m.Target == 0 || m.AtMost && m.Value <= m.Target || !m.AtMost && m.Value >= m.Target, m.Name)
		missed = missed || !m.Met
		if m.Ours == nil {
			assert.NotEmpty(t, m.Unit, m.Name)
			continue
		}
		assert.InDelta(t, m.Ours.Rate/m.Theirs.Rate, m.Value, 1e-9, m.Name)
		for _, side := range []*bench.Side{m.Ours, m.Theirs} {
			assert.Positive(t, side.P50, m.Name)
			assert.LessOrEqual(t, side.P50, side.P99, m.Name)
			assert.LessOrEqual(t, side.Least, side.Most, m.Name)
			assert.Len(t, side.Turns, 1, m.Name)
		}
	}
	assert.Equal(t, missed, code == app.ExitFailure, "the exit status tells it: %s", stderr)
	assert.NotContains(t, stderr, "\r", "no bar where there is no terminal")
	info, err := os.Stat(filepath.Join(directory, "read.pprof"))
	require.NoError(t, err)
	assert.Positive(t, info.Size())
	assertCharts(t, report, page)
	assertOverload(t, report)
}

// assertSomething wants a value, but for processor time, of which the operating system counts hundredths of a second.
func assertSomething(t *testing.T, m bench.Measure) {
	t.Helper()
	if !strings.Contains(m.Name, "processor time") {
		assert.Positive(t, m.Value, m.Name)
	}
}

// assertCharts holds a page against the report that it shows.
func assertCharts(t *testing.T, report bench.Report, page string) {
	t.Helper()
	html, err := os.ReadFile(page)
	require.NoError(t, err)
	for _, m := range report.Measures {
		assert.Contains(t, strings.ReplaceAll(string(html), "&#39;", "'"), ">"+m.Name+"</th>")
	}
	for _, c := range report.Charts {
		assert.Contains(t, string(html), ">"+c.Title+"</title>")
		for _, line := range c.Lines {
			assert.NotEmpty(t, line.Points, "%s: %s", c.Title, line.Name)
			if c.X.Label == "connections" {
				assert.Len(t, line.Points, 8, "%s: %s", c.Title, line.Name)
			}
		}
	}
	assert.Len(t, report.Charts, 4)
}

// assertOverload holds what was offered against what became of it.
func assertOverload(t *testing.T, report bench.Report) {
	t.Helper()
	overload := report.Measures[len(report.Measures)-1]
	f := overload.Figures
	assert.InDelta(t, overload.Ours.Rate, f["in_time"], 1e-9)
	assert.InDelta(t, f["sent"], f["in_time"]+f["late"]+f["refused"]+f["other"]+f["unanswered"], 1e-6)
	assert.LessOrEqual(t, f["sent"], f["offered"]+1)
}

func TestBenchTellsWhatIsLeftOfALongLoad(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := call(t, nil, "bench", "--users", "300", "--turns", "1", "--length", "100ms", "--warm", "100ms",
		"--soak", "1s", "--rate", "300", "--json")
	var report bench.Report
	require.NoError(t, json.Unmarshal([]byte(stdout), &report), stderr)
	require.Len(t, report.Measures, 8)
	for _, m := range report.Measures {
		assertSomething(t, m)
	}
	for i, name := range []string{"reachable heap", "goroutines", "connections"} {
		assert.Contains(t, report.Measures[i].Name, name)
		assert.Positive(t, report.Measures[i].Target)
	}
	for _, m := range report.Measures[3:] {
		assert.Zero(t, m.Target, "%s is judged by the whole benchmark", m.Name)
	}
	requests := 0
	for _, o := range report.Operations {
		for status, n := range o.Statuses {
			requests += n
			assert.Contains(t, []int{200, 201, 412}, status, o.Name)
		}
	}
	assert.InDelta(t, 300, requests, 1, "all that were due were sent")
	for _, c := range report.Charts {
		for _, line := range c.Lines {
			assert.Greater(t, len(line.Points), 3, "%s: %s", c.Title, line.Name)
		}
	}
	assert.Equal(t, report.Missed(), code == app.ExitFailure, stderr)
}

func TestBenchRefusesWhatItCannotMeasure(t *testing.T) {
	t.Parallel()
	for arguments, want := range map[string]string{
		"--users 199": "users must be at least 200, not 199",
		"--turns 0":   "turns must be at least 1",
		"--length 0s": "length must be more than 0",
		"--skew 1":    "skew must be more than 1",
	} {
		code, _, stderr := call(t, nil, append([]string{"bench"}, strings.Fields(arguments)...)...)
		assert.Equal(t, app.ExitFailure, code)
		assert.Contains(t, stderr, want)
	}
}
