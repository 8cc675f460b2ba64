package telemetry

import (
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

// Pool shows what a pool of connections to a database server does, by the server's name.
func (m *Metrics) Pool(server string, stat func() *pgxpool.Stat) {
	labels := prometheus.Labels{"server": server}
	m.registry.MustRegister(pool{
		stat: stat,
		connections: prometheus.NewDesc("plaza_database_connections",
			"How many connections there are, by what they do; max is how many there may be.", []string{"state"}, labels),
		acquires: prometheus.NewDesc("plaza_database_acquires_total", "How often a connection was taken.", nil, labels),
		waits: prometheus.NewDesc("plaza_database_acquire_waits_total",
			"How often it had to be waited for, as none was idle.", nil, labels),
		cancelled: prometheus.NewDesc("plaza_database_acquires_cancelled_total",
			"How often nobody waited any longer.", nil, labels),
		seconds: prometheus.NewDesc("plaza_database_acquire_seconds_total", "How long was waited in all.", nil, labels),
	})
}

type pool struct {
	stat                                             func() *pgxpool.Stat
	connections, acquires, waits, cancelled, seconds *prometheus.Desc
}

// Describe sends what Collect does.
func (p pool) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(p, to) }

// Collect reads all figures at one moment.
func (p pool) Collect(to chan<- prometheus.Metric) {
	s := p.stat()
	for state, n := range map[string]int32{
		"in_use": s.AcquiredConns(), "idle": s.IdleConns(), "connecting": s.ConstructingConns(), "max": s.MaxConns(),
	} {
		to <- prometheus.MustNewConstMetric(p.connections, prometheus.GaugeValue, float64(n), state)
	}
	for desc, n := range map[*prometheus.Desc]float64{
		p.acquires: float64(s.AcquireCount()), p.waits: float64(s.EmptyAcquireCount()),
		p.cancelled: float64(s.CanceledAcquireCount()), p.seconds: s.AcquireDuration().Seconds(),
	} {
		to <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, n)
	}
}
