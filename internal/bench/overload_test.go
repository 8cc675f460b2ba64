package bench_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/bench"
)

func TestWhatBecameOfAFloodIsToldApart(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	answers := []int{http.StatusOK, http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusNotFound}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := int(calls.Add(1)) % (len(answers) + 1)
		if n == len(answers) {
			panic(http.ErrAbortHandler) // no answer
		}
		w.WriteHeader(answers[n])
	}))
	defer s.Close()
	f, err := bench.Flood(t.Context(), strings.TrimPrefix(s.URL, "http://"), 1000, 100*time.Millisecond, time.Minute)
	require.NoError(t, err)
	assert.EqualValues(t, 100, calls.Load(), "each is sent once")
	assert.InDelta(t, 1000, f["offered"], 1e-6)
	second := f["sent"] / 1000 // which the last answers make longer
	assert.Less(t, second, 1.001)
	for name, want := range map[string]float64{"refused": 400, "other": 200, "unanswered": 200} {
		assert.InDelta(t, want, f[name]/second, 1e-6, name)
	}
	assert.InDelta(t, 200, (f["in_time"]+f["late"])/second, 1e-6)
}

func TestWhatCannotBeSentInTimeIsNotSent(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer s.Close()
	f, err := bench.Flood(t.Context(), strings.TrimPrefix(s.URL, "http://"), 1000, 100*time.Millisecond, time.Nanosecond)
	require.NoError(t, err)
	assert.Less(t, calls.Load(), int64(100))
	assert.InDelta(t, float64(calls.Load())*10, f["sent"], 1e-6)
	assert.InDelta(t, 1000, f["offered"], 1e-6)
}
