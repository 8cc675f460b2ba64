package bench_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/bench"
)

func TestTheTableSaysWhatWasWantedAndWhetherItWasReached(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, bench.WriteTable(&out, []bench.Measure{
		{
			Name: "a / b", Value: 0.5, Target: 0.85,
			Ours:   &bench.Side{Rate: 1000, Least: 900, Most: 1100, P99: 2, CPU: 50},
			Theirs: &bench.Side{Rate: 2000, Least: 2000, Most: 2000, P99: 1, CPU: 10},
		},
		{Name: "memory", Value: 39.5, Unit: "MiB", Target: 40, AtMost: true, Met: true},
	}))
	assert.Equal(t, ""+
		"      ratio  target             ours/s  theirs/s  p99 ms  theirs  CPU µs  theirs  measure\n"+
		"       0.50  ≥ 0.85  missed  1000 ±10%  2000 ±0%     2.0     1.0      50      10  a / b\n"+
		"  39.50 MiB    ≤ 40     met                                                       memory\n", out.String())
}
