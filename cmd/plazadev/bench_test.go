package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/bench"
)

func TestBenchMeasuresEverythingAndSaysWhatIsMissed(t *testing.T) {
	t.Parallel()
	profiles := t.TempDir()
	code, stdout, stderr := call(t, nil, "bench", "--users", "300", "--turns", "1", "--length", "100ms", "--json",
		"--profiles", profiles)
	var report struct {
		Measures []bench.Measure `json:"measures"`
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &report), stderr)
	require.Len(t, report.Measures, 12)
	missed := false
	for _, m := range report.Measures {
		assert.Positive(t, m.Value, m.Name)
		assert.Equal(t, m.Met, m.AtMost && m.Value <= m.Target || !m.AtMost && m.Value >= m.Target, m.Name)
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
		}
	}
	assert.Equal(t, missed, code == app.ExitFailure, "the exit status tells it: %s", stderr)
	assert.NotContains(t, stderr, "\r", "no bar where there is no terminal")
	info, err := os.Stat(filepath.Join(profiles, "read.pprof"))
	require.NoError(t, err)
	assert.Positive(t, info.Size())
}

func TestBenchRefusesWhatItCannotMeasure(t *testing.T) {
	t.Parallel()
	code, _, stderr := call(t, nil, "bench", "--users", "0")
	assert.Equal(t, app.ExitFailure, code)
	assert.Contains(t, stderr, "users must be 1 to")
	code, _, stderr = call(t, nil, "bench", "--turns", "0")
	assert.Equal(t, app.ExitFailure, code)
	assert.Contains(t, stderr, "turns must be at least 1")
}
