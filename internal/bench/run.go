package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"
)

// Options say what Run measures.
type Options struct {
	Users    int           // how many people there are, at least MinUsers
	Turns    int           // how often the two sides of a ratio take turns
	Length   time.Duration // how long a turn takes
	Warm     time.Duration // how long the mixed load runs before it is measured
	Skew     float64       // of the mixed load, more than 1; see Skew
	Profiles string        // the directory for a processor profile of each scenario; empty: none
	Soak     time.Duration // how long the mixed load runs, and nothing else is measured; 0: see Run
	Rate     float64       // of that load, a second; 0: half of the peak
	Progress func(step string)
}

// MinUsers is how many people it takes for each connection to have some of its own.
const MinUsers = 200

func (o Options) check() error {
	switch {
	case o.Users < MinUsers:
		return fmt.Errorf("users must be at least %d, not %d", MinUsers, o.Users)
	case o.Turns < 1:
		return errors.New("turns must be at least 1")
	case o.Length <= 0:
		return errors.New("length must be more than 0")
	case o.Skew <= 1:
		return errors.New("skew must be more than 1")
	}
	return nil
}

// measure takes all turns of one scenario.
func (o Options) measure(ctx context.Context, s scenario, plaza, bare *server) (Measure, error) {
	var ours, theirs []Load
	take := func(side side, to *[]Load) error {
		from := plaza
		if side.bare {
			from = bare
		}
		load, err := from.load(ctx, side.visit, closed(o.Length))
		*to = append(*to, load)
		return err
	}
	for i := range o.Turns {
		profiled := func() error { return nil }
		if o.Profiles != "" && i == o.Turns-1 {
			profiled = plaza.profile(ctx, filepath.Join(o.Profiles, s.file), o.Length)
		}
		if err := errors.Join(take(s.ours, &ours), profiled(), take(s.theirs, &theirs)); err != nil {
			return Measure{}, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	a, b := summary(ours, cmp.Or(s.perCall, 1)), summary(theirs, 1)
	return Measure{Name: s.name, Value: a.Rate / b.Rate, Target: s.target, Ours: &a, Theirs: &b}.judged(), nil
}

// all measures every scenario, and then the server under loads like those that it is made for.
func (o Options) all(ctx context.Context, cursor string, plaza, bare *server) (Report, error) {
	report := Report{Setting: o.setting()}
	atRest, err := plaza.memory()
	if err != nil {
		return report, err
	}
	tag, err := plaza.tag("/users/1")
	if err != nil {
		return report, err
	}
	var peak float64 // of reads from the database
	for _, s := range scenarios(o.Users, cursor, tag) {
		o.Progress(s.name)
		m, err := o.measure(ctx, s, plaza, bare)
		if err != nil {
			return report, err
		}
		if s.file == readProfile {
			peak = m.Ours.Rate
		}
		report.Measures = append(report.Measures, m)
	}
	reads, err := o.reads(ctx, &report, plaza, atRest, peak)
	if err != nil {
		return report, err
	}
	throughput, err := o.throughput(ctx, plaza, bare)
	if err != nil {
		return report, err
	}
	mixed, err := o.mixed(ctx, &report, plaza)
	if err != nil {
		return report, err
	}
	report.Charts = append(latencies(reads, mixed.load), append(throughput, mixed.hits)...)
	overload, err := o.overload(ctx, plaza)
	report.Measures = append(report.Measures, overload)
	return report, err
}

// reads measures reads at half of their peak rate, and what the server has needed so far.
func (o Options) reads(ctx context.Context, to *Report, plaza *server, atRest uint64, peak float64) (Load, error) {
	o.Progress("reads at half of their peak rate")
	half, err := plaza.load(ctx, anyUser(o.Users).answers(http.StatusOK),
		open(peak/2, o.Length*time.Duration(o.Turns))) // half
	if err != nil {
		return half, err
	}
	loaded, err := plaza.memory()
	for _, figure := range []Measure{
		{
			Name: "p99 of reads at half of their peak rate, open loop", Unit: "ms", Target: 10,
			Value: quantile(half.all(), 99), // percent
		},
		{Name: "memory at rest", Unit: "MiB", Value: float64(atRest) / mebibyte, Target: 40},
		{Name: "memory after load", Unit: "MiB", Value: float64(loaded) / mebibyte, Target: memoryLimit},
		{Name: "start to ready, data present", Unit: "s", Value: plaza.ready.Seconds(), Target: 1},
	} {
		figure.AtMost = true
		to.Measures = append(to.Measures, figure.judged())
	}
	return half, err
}

const (
	mebibyte = 1 << 20
	// memoryLimit is what the server may take, in MiB.
	memoryLimit = 120
)
