package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// calm is how long the server may take to let go of what a load has needed.
const calm = 10 * time.Second

// soak runs the mixed load for long, and tells what of it the server keeps. Before that the same load runs for o.Warm:
// what is kept in memory on purpose grows for as long as entries live, and what another load has left goes as late.
func (o Options) soak(ctx context.Context, plaza *server) (Report, error) {
	report := Report{Setting: o.setting()}
	rate := o.Rate
	if rate == 0 {
		o.Progress("peak")
		peak, err := o.peak(ctx, plaza)
		if err != nil {
			return report, err
		}
		rate = peak / 2 // half
	}
	o.Progress(fmt.Sprintf("warm-up of %s", o.Warm))
	if _, err := plaza.load(ctx, guests(o.Users, o.Skew), open(rate, o.Warm)); err != nil {
		return report, err
	}
	first, err := plaza.settled(ctx, sample{})
	if err != nil {
		return report, err
	}
	o.Progress(fmt.Sprintf("mixed load of %.0f a second for %s", rate, o.Soak))
	window := min(time.Minute, o.Soak/3) // the second and the last are two
	stop := plaza.watch(ctx, min(time.Second, window/5))
	begun := time.Now()
	load, err := plaza.load(ctx, guests(o.Users, o.Skew), open(rate, o.Soak))
	samples, failed := stop()
	if err := errors.Join(err, failed); err != nil {
		return report, err
	}
	last, err := plaza.settled(ctx, first)
	report.Operations = operations(load)
	report.Measures = append(keeps(samples, begun, window), lets(first, last)...)
	var most uint64
	for _, s := range samples {
		most = max(most, s.memory)
	}
	for _, figure := range o.figures(load, hitRatio(first, last), most) {
		figure.Target = 0 // these are what Run is for
		report.Measures = append(report.Measures, figure.judged())
	}
	report.Charts = soakCharts(samples, begun)
	return report, err
}

// settled waits until the server has no more goroutines and connections than at another moment, or for as long as calm
// says, and returns what there are. It waits until nothing changes where that moment is none.
func (s *server) settled(ctx context.Context, as sample) (sample, error) {
	ticker := time.NewTicker(calm / 20) // often
	defer ticker.Stop()
	for end := time.Now().Add(calm); ; {
		now, err := s.sample(ctx)
		if err != nil || now.goroutines <= as.goroutines && now.connections <= as.connections || now.at.After(end) {
			return now, err
		}
		if as.at.IsZero() || as.at.After(end.Add(-calm)) { // the last one here
			as = now
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return now, context.Cause(ctx)
		}
	}
}

// keeps holds the heap of the last window against that of the second: what grows is a leak, and what shrinks was no
// steady load.
func keeps(samples []sample, begun time.Time, window time.Duration) []Measure {
	end := samples[len(samples)-1].at
	heap := func(from time.Time) float64 {
		var within []float64
		for _, s := range samples {
			if s.at.Before(from) { // the last one of these, where a busy machine lets no other come in time
				within = []float64{s.heap / mebibyte}
			} else if !s.at.After(from.Add(window)) {
				within = append(within, s.heap/mebibyte)
			}
		}
		slices.Sort(within)
		return within[len(within)/2] // the median
	}
	early, late := heap(begun.Add(window)), heap(end.Add(-window))
	return []Measure{Measure{
		Name:  fmt.Sprintf("reachable heap of the last %.0f s and of the second, larger / smaller", window.Seconds()),
		Value: max(late, early) / min(late, early), Target: 1.1, AtMost: true,
		Note:    fmt.Sprintf("%.1f MiB, before %.1f MiB after garbage collections (medians)", late, early),
		Figures: map[string]float64{"second_mib": early, "last_mib": late},
	}.judged()}
}

// lets holds what the server has after the load against what it had before.
func lets(before, after sample) []Measure {
	var all []Measure
	for _, kind := range []struct {
		name          string
		before, after float64
	}{
		{"goroutines", before.goroutines, after.goroutines},
		{"connections to the database", before.connections, after.connections},
	} {
		all = append(all, Measure{
			Name:  kind.name + ", after the load / before",
			Value: kind.after / kind.before, Target: 1, AtMost: true,
			Note:    fmt.Sprintf("%.0f / %.0f", kind.after, kind.before),
			Figures: map[string]float64{"before": kind.before, "after": kind.after},
		}.judged())
	}
	return all
}

// mostPoints is how many a chart of a long time has, about.
const mostPoints = 600

func soakCharts(samples []sample, begun time.Time) []Chart {
	var few []sample
	for i := 0; i < len(samples); i += len(samples)/mostPoints + 1 {
		few = append(few, samples[i])
	}
	heap, memory := Line{Name: "reachable heap"}, Line{Name: "memory of the process"}
	for _, s := range few {
		at := s.at.Sub(begun).Seconds()
		heap.Points = append(heap.Points, Point{X: at, Y: s.heap / mebibyte})
		memory.Points = append(memory.Points, Point{X: at, Y: float64(s.memory) / mebibyte})
	}
	return []Chart{
		{
			Title: "Memory over time", About: "What was reachable at the last garbage collection, and what the process held.",
			X: Axis{Label: "time, s"}, Y: Axis{Label: "memory, MiB"}, Lines: []Line{heap, memory},
		}, {
			Title: "Hit ratio over time", About: "How many of 100 reads of a user were answered from memory.",
			X: Axis{Label: "time, s"}, Y: Axis{Label: "hits, %", Most: 100},
			Lines: []Line{{Name: "mixed load", Points: hitRatios(few, begun)}},
		},
	}
}
