package bench

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Measure is one ratio, or one figure of the server.
type Measure struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit,omitempty"`   // empty: a ratio
	Target float64 `json:"target,omitempty"` // 0: none, it is only shown
	AtMost bool    `json:"at_most"`          // the target is the most, else the least
	Met    bool    `json:"met"`
	Ours   *Side   `json:"ours,omitempty"`
	Theirs *Side   `json:"theirs,omitempty"`
	Note   string  `json:"note,omitempty"`
	// Figures are those of the note, for machines.
	Figures map[string]float64 `json:"figures,omitempty"`
}

// Side is what one side of a ratio did: medians of all turns, and between what its turns lay.
type Side struct {
	Rate  float64   `json:"rate"` // a second
	Least float64   `json:"least"`
	Most  float64   `json:"most"`
	P50   float64   `json:"p50_ms"`
	P99   float64   `json:"p99_ms"`
	CPU   float64   `json:"cpu_us"` // of the server's process, per request
	Turns []float64 `json:"turns"`  // the rates, one after the other
}

// Operation is what one operation of the mixed load did.
type Operation struct {
	Name     string      `json:"name"`
	Rate     float64     `json:"rate"` // a second
	P50      float64     `json:"p50_ms"`
	P95      float64     `json:"p95_ms"`
	P99      float64     `json:"p99_ms"`
	Frequent bool        `json:"frequent"`
	Statuses map[int]int `json:"statuses"` // how many answers there were of each
}

// judged tells whether the target is met.
func (m Measure) judged() Measure {
	switch {
	case m.Target == 0:
		m.Met = true
	case m.AtMost:
		m.Met = m.Value <= m.Target
	default:
		m.Met = m.Value >= m.Target
	}
	return m
}

func (m Measure) value() string { return strings.TrimSpace(fmt.Sprintf("%.2f %s", m.Value, m.Unit)) }

func (m Measure) target() string {
	sign := "≥"
	if m.AtMost {
		sign = "≤"
	}
	switch {
	case m.Target == 0:
		return "–"
	case m.Unit == "":
		return fmt.Sprintf("%s %.2f", sign, m.Target)
	default:
		return fmt.Sprintf("%s %g", sign, m.Target)
	}
}

func (m Measure) verdict() string {
	switch {
	case m.Target == 0:
		return ""
	case m.Met:
		return "met"
	default:
		return "missed"
	}
}

// spread is the median rate, and how far the turns were from it.
func (s Side) spread() string {
	return fmt.Sprintf("%.0f ±%.0f%%", s.Rate, 50*(s.Most-s.Least)/s.Rate) // half of it, in percent
}

// summary is what turns did, each request counting for so many.
func summary(turns []Load, perCall int) Side {
	of := func(value func(Load) float64) []float64 {
		all := make([]float64, len(turns))
		for i, t := range turns {
			all[i] = value(t)
		}
		return all
	}
	sorted := func(value func(Load) float64) []float64 { return slices.Sorted(slices.Values(of(value))) }
	rate := func(l Load) float64 { return l.Rate() * float64(perCall) }
	rates, middle := sorted(rate), len(turns)/2 // the median
	return Side{
		Rate: rates[middle], Least: rates[0], Most: rates[len(rates)-1], Turns: of(rate),
		P50: sorted(func(l Load) float64 { return quantile(l.all(), 50) })[middle], // percent
		P99: sorted(func(l Load) float64 { return quantile(l.all(), 99) })[middle], // percent
		CPU: sorted(func(l Load) float64 { return float64(l.CPU.Microseconds()) / float64(max(l.Requests, 1)) })[middle],
	}
}

// operations are what those of the mix did, in its order.
func operations(l Load) []Operation {
	var all []Operation
	for _, p := range mix() {
		h := l.of(func(a Answer) bool { return a.Operation == p.operation })
		o := Operation{
			Name: p.operation, Frequent: p.frequent, Rate: l.perSecond(h), Statuses: map[int]int{},
			P50: quantile(h, 50), P95: quantile(h, 95), P99: quantile(h, 99), // percent
		}
		for answer, h := range l.Answers {
			if answer.Operation == p.operation {
				o.Statuses[answer.Status] = int(h.TotalCount())
			}
		}
		all = append(all, o)
	}
	return all
}

// answers are how many there were of each status.
func (o Operation) answers() string {
	var all []string
	for _, status := range slices.Sorted(maps.Keys(o.Statuses)) {
		all = append(all, fmt.Sprintf("%d: %d", status, o.Statuses[status]))
	}
	return strings.Join(all, ", ")
}
