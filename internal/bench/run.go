package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"
)

// Options say what Run measures.
type Options struct {
	Users    int           // how many people there are
	Turns    int           // how often the two sides of a ratio take turns
	Length   time.Duration // how long a turn takes
	Profiles string        // the directory for a processor profile of each scenario; empty: none
	Progress func(done, all int)
}

// Measure is one ratio, or one figure of the server.
type Measure struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit,omitempty"` // empty: a ratio
	Target float64 `json:"target"`
	AtMost bool    `json:"at_most"` // the target is the most, else the least
	Met    bool    `json:"met"`
	Ours   *Side   `json:"ours,omitempty"`
	Theirs *Side   `json:"theirs,omitempty"`
}

// Side is what one side of a ratio did: medians of all turns, and between what its turns lay.
type Side struct {
	Rate  float64 `json:"rate"` // a second
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
	P50   float64 `json:"p50_ms"`
	P99   float64 `json:"p99_ms"`
	CPU   float64 `json:"cpu_us"` // of the server's process, per request
}

// judged tells whether the target is met.
func (m Measure) judged() Measure {
	if m.AtMost {
		m.Met = m.Value <= m.Target
	} else {
		m.Met = m.Value >= m.Target
	}
	return m
}

// measure takes all turns of one scenario.
func (o Options) measure(ctx context.Context, s scenario, plaza, bare *server) (Measure, error) {
	var ours, theirs []Load
	take := func(side side, to *[]Load) error {
		from := plaza
		if side.bare {
			from = bare
		}
		load, err := from.closed(ctx, side.make, side.status, o.Length)
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

// summary is what turns did, each request counting for so many.
func summary(turns []Load, perCall int) Side {
	of := func(value func(Load) float64) []float64 {
		all := make([]float64, len(turns))
		for i, t := range turns {
			all[i] = value(t)
		}
		slices.Sort(all)
		return all
	}
	rates := of(func(l Load) float64 { return l.Rate() * float64(perCall) })
	middle := len(turns) / 2 //nolint:mnd // the median
	return Side{
		Rate: rates[middle], Least: rates[0], Most: rates[len(rates)-1],
		P50: of(func(l Load) float64 { return milliseconds(l.Quantile(50)) })[middle], //nolint:mnd // percent
		P99: of(func(l Load) float64 { return milliseconds(l.Quantile(99)) })[middle], //nolint:mnd // percent
		CPU: of(func(l Load) float64 { return float64(l.CPU.Microseconds()) / float64(l.Requests) })[middle],
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 } //nolint:mnd // a unit

// all measures every scenario, and then what the server needs of time and memory.
func (o Options) all(ctx context.Context, cursor string, plaza, bare *server) ([]Measure, error) {
	atRest, err := plaza.memory()
	if err != nil {
		return nil, err
	}
	tag, err := plaza.tag("/users/1")
	if err != nil {
		return nil, err
	}
	list := scenarios(o.Users, cursor, tag)
	var measures []Measure
	for i, s := range list {
		o.Progress(i, len(list)+1)
		m, err := o.measure(ctx, s, plaza, bare)
		if err != nil {
			return nil, err
		}
		measures = append(measures, m)
	}
	o.Progress(len(list), len(list)+1)
	reads := measures[1].Ours.Rate
	half, err := plaza.open(ctx, anyUser(o.Users), 200, reads/2, o.Length*time.Duration(o.Turns)) //nolint:mnd // half
	if err != nil {
		return nil, err
	}
	loaded, err := plaza.memory()
	o.Progress(len(list)+1, len(list)+1)
	const mebibyte = 1 << 20
	for _, figure := range []Measure{
		{
			Name: "p99 of reads at half of their peak rate, open loop", Unit: "ms", Target: 10,
			Value: milliseconds(half.Quantile(99)), //nolint:mnd // percent
		},
		{Name: "memory at rest", Unit: "MiB", Value: float64(atRest) / mebibyte, Target: 40},
		{Name: "memory after load", Unit: "MiB", Value: float64(loaded) / mebibyte, Target: 120},
		{Name: "start to ready, data present", Unit: "s", Value: plaza.ready.Seconds(), Target: 1},
	} {
		figure.AtMost = true
		measures = append(measures, figure.judged())
	}
	return measures, err
}
