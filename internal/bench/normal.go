package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// mixed is what the mixed load did.
type mixed struct {
	peak float64 // its median rate in a closed loop
	load Load    // at half of that, which is the normal load
	hits Chart
}

// mixed measures the mixed load: after a while of it without a measure its peak, in a closed loop, and then everything
// at half of that, in an open one.
func (o Options) mixed(ctx context.Context, to *Report, plaza *server) (mixed, error) {
	o.Progress("mixed load: warm-up, peak, normal")
	begun := time.Now()
	stop := plaza.watch(ctx, min(time.Second, o.Length/2)) // a few in each turn
	m, from, err := o.normal(ctx, plaza)
	samples, failed := stop()
	if err := errors.Join(err, failed); err != nil {
		return m, err
	}
	last, normal := samples[len(samples)-1], from.at.Sub(begun).Seconds()
	var most uint64
	for _, s := range samples {
		if s.at.After(from.at) {
			most = max(most, s.memory)
		}
	}
	to.Operations = operations(m.load)
	to.Measures = append(to.Measures, o.figures(m.load, hitRatio(from, last), most)...)
	before, after := Line{Name: "warm-up and peak"}, Line{Name: "normal load"}
	for _, p := range hitRatios(samples, begun) {
		if p.X <= normal {
			before.Points = append(before.Points, p)
		} else {
			after.Points = append(after.Points, p)
		}
	}
	m.hits = Chart{
		Title: "Hit ratio over time",
		About: "How many of 100 reads of a user were answered from memory, under the mixed load: from its begin on as fast " +
			"as it is answered, then at half of that rate.",
		X: Axis{Label: "time, s"}, Y: Axis{Label: "hits, %", Most: 100}, Lines: []Line{before, after},
	}
	return m, nil
}

// normal runs the mixed load, and returns what the server said of itself when the normal load began.
func (o Options) normal(ctx context.Context, plaza *server) (m mixed, from sample, err error) {
	if _, err := plaza.load(ctx, guests(o.Users, o.Skew), closed(o.Warm)); err != nil {
		return m, from, err
	}
	if m.peak, err = o.peak(ctx, plaza); err != nil {
		return m, from, err
	}
	if from, err = plaza.sample(ctx); err != nil {
		return m, from, err
	}
	length := o.Length * time.Duration(o.Turns)
	m.load, err = plaza.load(ctx, guests(o.Users, o.Skew), open(m.peak/2, length)) // half
	return m, from, err
}

// peak is the median rate of the mixed load's turns in a closed loop.
func (o Options) peak(ctx context.Context, plaza *server) (float64, error) {
	var turns []Load
	for range o.Turns {
		load, err := plaza.load(ctx, guests(o.Users, o.Skew), closed(o.Length))
		if err != nil {
			return 0, err
		}
		turns = append(turns, load)
	}
	return summary(turns, 1).Rate, nil
}

// figures are those that the normal load has to keep to (R26), after so many hits of 100 and that much memory in use.
func (o Options) figures(l Load, hits float64, memory uint64) []Measure {
	worst, frequent := Operation{}, Operation{}
	for _, op := range operations(l) {
		if op.P99 > worst.P99 {
			worst = op
		}
		if op.Frequent && op.P95 > frequent.P95 {
			frequent = op
		}
	}
	const percent = 100
	cpu := percent * l.CPU.Seconds() / l.Took.Seconds() / float64(runtime.NumCPU())
	load := fmt.Sprintf("mixed load, %.0f/s: ", l.Rate())
	figures := []Measure{
		{Name: load + "p99 of the slowest operation, " + worst.Name, Unit: "ms", Value: worst.P99, Target: 200, AtMost: true},
		{
			Name: load + "p95 of the slowest frequent query, " + frequent.Name, Unit: "ms",
			Value: frequent.P95, Target: 100, AtMost: true,
		},
		{Name: load + "reads of users from memory", Unit: "%", Value: hits, Target: 95},
		{Name: load + "processor time of all there is", Unit: "%", Value: cpu, Target: 70, AtMost: true},
		{
			Name: fmt.Sprintf("%smemory at most, of %d MiB", load, memoryLimit), Unit: "%",
			Value: percent * float64(memory) / mebibyte / memoryLimit, Target: 80, AtMost: true,
		},
	}
	for i := range figures {
		figures[i] = figures[i].judged()
	}
	return figures
}

// latencies is the chart of what open loops took.
func latencies(reads, mix Load) []Chart {
	read := func(a Answer) bool { return !writes(a.Operation) }
	write := func(a Answer) bool { return writes(a.Operation) }
	return []Chart{{
		Title: "Latency at half of the peak rate",
		About: "What so many percent of the requests took at most, in open loops: from when a request was due, whether or " +
			"not it could be sent then.",
		X: Axis{Label: "percent of requests", Scale: percentiles}, Y: Axis{Label: "latency, ms", Scale: logarithmic},
		Lines: []Line{
			{Name: "any user of all", Points: curve(reads.all())},
			{Name: "mixed load: reads", Points: curve(mix.of(read))},
			{Name: "mixed load: writes", Points: curve(mix.of(write))},
		},
	}}
}

// curve are the latencies at each percentile that there are enough requests for.
func curve(h *histogram) []Point {
	var points []Point
	for _, percent := range []float64{
		0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92, 94, 95, 96, 97, 98, 99, 99.2, 99.4, 99.6, 99.8, 99.9, 99.95, 99.99,
	} {
		if float64(h.TotalCount())*(100-percent) >= 100 { // at least one is slower
			points = append(points, Point{X: percent, Y: quantile(h, percent)})
		}
	}
	return points
}
