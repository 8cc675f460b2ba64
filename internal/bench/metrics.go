package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// sample is what the server says of itself at one moment.
type sample struct {
	at           time.Time
	hits, misses float64 // of what is kept in memory, since the start
	heap         float64 // what was reachable at the last garbage collection, in bytes
	goroutines   float64
	connections  float64 // to the database
	memory       uint64  // what the operating system says that the process holds, in bytes
}

// sample reads the server's metrics.
func (s *server) sample(ctx context.Context) (sample, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.admin+"/metrics", http.NoBody)
	if err != nil {
		return sample{}, fmt.Errorf("metrics: %w", err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return sample{}, fmt.Errorf("metrics: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read to the end
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(response.Body)
	if err != nil {
		return sample{}, fmt.Errorf("metrics: %w", err)
	}
	memory, err := s.memory()
	taken := sample{at: time.Now(), memory: memory}
	for _, figure := range []struct {
		of     *float64
		name   string
		states []string
	}{
		{&taken.hits, "plaza_cache_hits_total", nil},
		{&taken.misses, "plaza_cache_misses_total", nil},
		{&taken.heap, "go_gc_heap_live_bytes", nil},
		{&taken.goroutines, "go_goroutines", nil},
		// Those that there may be are no connections.
		{&taken.connections, "plaza_database_connections", []string{"in_use", "idle", "connecting"}},
	} {
		family, known := families[figure.name]
		if !known {
			return sample{}, fmt.Errorf("metrics: the server has no %s", figure.name)
		}
		*figure.of = sum(family, figure.states)
	}
	return taken, err
}

// sum adds up a metric's values, those with one of these states, or all.
func sum(family *dto.MetricFamily, states []string) float64 {
	total := 0.0
	for _, m := range family.GetMetric() {
		if states == nil || slices.ContainsFunc(m.GetLabel(), func(l *dto.LabelPair) bool {
			return slices.Contains(states, l.GetValue())
		}) {
			total += m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	return total
}

// watch takes a sample every so often. The returned function takes the last one and returns them all.
func (s *server) watch(ctx context.Context, every time.Duration) (stop func() ([]sample, error)) {
	var samples []sample
	var failed error
	take := func() {
		taken, err := s.sample(ctx)
		samples, failed = append(samples, taken), errors.Join(failed, err)
	}
	enough, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for take(); failed == nil; take() {
			select {
			case <-enough:
				take()
				return
			case <-ticker.C:
			}
		}
	}()
	return func() ([]sample, error) {
		close(enough)
		<-ended
		return samples, failed
	}
}

// hitRatio is how many of 100 reads between two samples were answered from memory.
func hitRatio(from, to sample) float64 {
	hits, misses := to.hits-from.hits, to.misses-from.misses
	return 100 * hits / max(hits+misses, 1) // percent
}

// hitRatios are those between each sample and the next.
func hitRatios(samples []sample, begun time.Time) []Point {
	var points []Point
	for i := range len(samples) - 1 {
		from, to := samples[i], samples[i+1]
		if to.hits+to.misses > from.hits+from.misses {
			points = append(points, Point{X: to.at.Sub(begun).Seconds(), Y: hitRatio(from, to)})
		}
	}
	return points
}
