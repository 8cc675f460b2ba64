package bench_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/bench"
)

func TestALeakIsMissedAndAPeakIsNot(t *testing.T) {
	t.Parallel()
	const window = 3 * time.Second
	for _, test := range []struct {
		name  string
		heap  []float64 // each second: while it is filled, the second window, between, the last one
		value float64
		met   bool
	}{
		{"it is full from the second window on", []float64{10, 20, 30, 40, 40, 41, 40, 40, 40, 40, 40, 40}, 1, true},
		{"one sample is higher than all others", []float64{40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 90, 40}, 1, true},
		{"it shrinks", []float64{40, 40, 40, 40, 40, 40, 40, 37, 35, 32, 32, 32}, 40.0 / 32, false},
		{"it grows", []float64{40, 40, 40, 40, 40, 41, 42, 43, 45, 46, 47, 48}, 47.0 / 40, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := bench.Keeps(window, test.heap...)
			assert.InDelta(t, test.value, m.Value, 0.03)
			assert.Equal(t, test.met, m.Met)
		})
	}
}

func TestWhatIsLeftOverIsMissed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		after       [2]float64
		goroutines  bool
		connections bool
	}{
		{"nothing", [2]float64{11, 8}, true, true},
		{"fewer connections than before", [2]float64{11, 6}, true, true},
		{"a goroutine", [2]float64{12, 8}, false, true},
		{"a connection", [2]float64{11, 9}, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := bench.Lets([2]float64{11, 8}, test.after)
			assert.Equal(t, []bool{test.goroutines, test.connections}, []bool{m[0].Met, m[1].Met})
		})
	}
}
