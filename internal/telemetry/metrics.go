package telemetry

import (
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the counters of one server. Its methods may be called concurrently.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	active   prometheus.Gauge
	over     *prometheus.CounterVec
	mismatch *prometheus.CounterVec
}

// NewMetrics makes counters at zero, beside those of the process and of the Go runtime.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_server_request_duration_seconds", Help: "How long requests took, until the answer was written.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"operation", "status"}),
		active: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "http_server_active_requests", Help: "How many requests are being answered.",
		}),
	}
	m.over = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "plaza_rate_limit_exceeded_total", Help: "How many calls were over their rate limit, refused or observed.",
	}, []string{"operation"})
	m.mismatch = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "plaza_response_mismatches_total",
		Help: "How many sampled answers were not what the contract declares; the log has more.",
	}, []string{"operation", "status"})
	// What was reachable at the last garbage collection: unlike all that is in use, it tells a leak from garbage.
	live := collectors.WithGoCollectorRuntimeMetrics(
		collectors.GoRuntimeMetricsRule{Matcher: regexp.MustCompile("^/gc/heap/live:bytes$")})
	m.registry.MustRegister(m.requests, m.active, m.over, m.mismatch, collectors.NewGoCollector(live),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Begin counts a request that is being answered, until the returned function is told how it was.
func (m *Metrics) Begin() (end func(operation string, status int, took time.Duration)) {
	m.active.Inc()
	return func(operation string, status int, took time.Duration) {
		m.active.Dec()
		m.requests.WithLabelValues(operation, strconv.Itoa(status)).Observe(took.Seconds())
	}
}

// OverLimit counts a call over its rate limit.
func (m *Metrics) OverLimit(operation string) { m.over.WithLabelValues(operation).Inc() }

// Mismatch counts an answer that the contract does not allow.
func (m *Metrics) Mismatch(operation string, status int) {
	m.mismatch.WithLabelValues(operation, strconv.Itoa(status)).Inc()
}

// Count shows a count that somebody else keeps. The name ends in _total.
func (m *Metrics) Count(name, help string, read func() uint64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
		func() float64 { return float64(read()) }))
}

// Handler answers with all of it, in Prometheus's text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}
