package bench

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

const (
	// overloaded is how many times the peak is offered to a server that is to keep up its work nevertheless.
	overloaded = 3
	// overloadConnections is how many requests can be under way then.
	overloadConnections = 512
	// inTime is how long after it was due an answer is of use, and impatience how late a request may be sent: nobody sends
	// what is nearly too late already.
	inTime     = time.Second
	impatience = inTime / 2
	// floodTurns is how many times longer than others a turn of the flood is, for queues to fill.
	floodTurns = 3
)

// highest is the plan of the closed loop in which most of the mixed load succeeds, and the rate of that. Writes wait,
// so that it takes more connections than reads alone do.
func (o Options) highest(ctx context.Context, plaza *server) (best plan, rate float64, err error) {
	for _, connections := range []int{Connections, 4 * Connections, overloadConnections} {
		p := plan{connections: connections, length: o.Length, patience: inTime} // so many may be refused some
		load, err := plaza.load(ctx, guests(o.Users, o.Skew), p)
		if err != nil {
			return p, 0, err
		}
		if successes := load.perSecond(load.of(Answer.success)); successes > rate {
			best, rate = p, successes
		}
	}
	return best, rate, nil
}

// overload offers three times the peak of the mixed load, in turns with that peak. The mixed load is the one whose
// requests cost most, so that whoever sends them leaves most of the processors to the server.
func (o Options) overload(ctx context.Context, plaza *server) (Measure, error) {
	o.Progress("three times the peak of the mixed load")
	peak, rate, err := o.highest(ctx, plaza)
	if err != nil {
		return Measure{}, err
	}
	flood := plan{
		connections: overloadConnections, rate: overloaded * rate, patience: impatience,
		length: floodTurns * o.Length,
	}
	var peaks, floods []Load
	for range o.Turns {
		for _, turn := range []struct {
			plan plan
			to   *[]Load
		}{{peak, &peaks}, {flood, &floods}} {
			load, err := plaza.load(ctx, guests(o.Users, o.Skew), turn.plan)
			if err != nil {
				return Measure{}, err
			}
			*turn.to = append(*turn.to, load)
		}
	}
	ours, theirs := summary(goods(floods, inTime), 1), summary(goods(peaks, time.Hour), 1)
	m := Measure{
		Name:  "successes within a second at three times the mixed load's peak / at that peak",
		Value: ours.Rate / theirs.Rate, Target: 0.8, Ours: &ours, Theirs: &theirs,
	}
	m.Figures = floodFigures(floods, flood)
	m.Figures["peak_connections"] = float64(peak.connections)
	m.Note = fmt.Sprintf("the peak is on %d connections; of %.0f offered a second %.0f were sent; "+
		"%.0f succeeded in time and %.0f too late, p99 %.0f ms; %.0f were refused (503, 429), p99 %.0f ms; "+
		"%.0f had another answer, %.0f none",
		peak.connections, m.Figures["offered"], m.Figures["sent"],
		m.Figures["in_time"], m.Figures["late"], m.Figures["success_p99_ms"],
		m.Figures["refused"], m.Figures["refused_p99_ms"], m.Figures["other"], m.Figures["unanswered"])
	return m.judged(), nil
}

// goods are loads of which only successes within a bound count.
func goods(loads []Load, bound time.Duration) []Load {
	kept := slices.Clone(loads)
	for i, l := range kept {
		h := l.of(Answer.success)
		kept[i].Answers = map[Answer]*histogram{{Status: http.StatusOK}: h}
		kept[i].Requests = int(within(h, bound))
	}
	return kept
}

// floodFigures are what became of that which was offered: so many a second, over all turns, until the last answers.
func floodFigures(floods []Load, p plan) map[string]float64 {
	seconds := 0.0
	successes, refusals := newHistogram(), newHistogram()
	other, sent, unanswered := 0, 0, 0
	for _, l := range floods {
		seconds += l.Took.Seconds()
		refused := func(a Answer) bool {
			return a.Status == http.StatusServiceUnavailable || a.Status == http.StatusTooManyRequests
		}
		s, r := l.of(Answer.success), l.of(refused)
		successes.Merge(s)
		refusals.Merge(r)
		other += l.Requests - int(s.TotalCount()+r.TotalCount())
		sent += l.Requests + l.Unanswered
		unanswered += l.Unanswered
	}
	useful := within(successes, inTime)
	return map[string]float64{
		"offered": p.rate, "sent": float64(sent) / seconds,
		"in_time": float64(useful) / seconds, "late": float64(successes.TotalCount()-useful) / seconds,
		"success_p99_ms": quantile(successes, 99), // percent
		"refused":        float64(refusals.TotalCount()) / seconds,
		"refused_p99_ms": quantile(refusals, 99), // percent
		"other":          float64(other) / seconds, "unanswered": float64(unanswered) / seconds,
	}
}
