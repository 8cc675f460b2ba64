package bench

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Load is what a server did under requests.
type Load struct {
	Requests   int // that were answered
	Unsent     int // that were due, and were not sent as no connection was free for too long
	Refused    int // with 503, where that is no answer of the load: no work was done
	Unanswered int
	Took       time.Duration
	CPU        time.Duration // of the server's process
	Answers    map[Answer]*histogram
}

// Answer is a kind of answer.
type Answer struct {
	Operation string
	Status    int
}

// success tells whether what was asked for was done.
func (a Answer) success() bool { return a.Status/100 == 2 } // 2xx

// histogram is of latencies in microseconds.
type histogram = hdrhistogram.Histogram

func newHistogram() *histogram {
	const longest, digits = int64(time.Minute / time.Microsecond), 3
	return hdrhistogram.New(1, longest, digits)
}

// Rate is how many requests were answered a second.
func (l Load) Rate() float64 { return float64(l.Requests) / l.Took.Seconds() }

// of are the latencies of some of the answers.
func (l Load) of(which func(Answer) bool) *histogram {
	merged := newHistogram()
	for answer, h := range l.Answers {
		if which(answer) {
			merged.Merge(h)
		}
	}
	return merged
}

// all are the latencies of all answers.
func (l Load) all() *histogram { return l.of(func(Answer) bool { return true }) }

// perSecond is how many of a histogram there were a second.
func (l Load) perSecond(h *histogram) float64 { return float64(h.TotalCount()) / l.Took.Seconds() }

// within is how many of a histogram took so long at most.
func within(h *histogram, bound time.Duration) int64 {
	var n int64
	for _, bar := range h.Distribution() {
		if bar.To <= bound.Microseconds() {
			n += bar.Count
		}
	}
	return n
}

// quantile is how long so many percent of a histogram took at most, in milliseconds.
func quantile(h *histogram, percent float64) float64 {
	return milliseconds(time.Duration(h.ValueAtQuantile(percent)) * time.Microsecond)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 } // a unit
