package seed

import (
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	barWidth = 40 // in characters
	// How often progress is drawn over on a terminal, and how often it becomes a line elsewhere.
	barEvery  = 100 * time.Millisecond
	lineEvery = 5 * time.Second
)

// Progress shows how far a run is: a bar on a terminal, and lines where it would only litter a log.
type Progress struct {
	out      io.Writer
	terminal bool
	now      func() time.Time
	begun    time.Time
	next     time.Time
	full     bool
}

// NewProgress makes a Progress that writes to out. Failures to write are ignored: nothing depends on it.
func NewProgress(out io.Writer, terminal bool, now func() time.Time) *Progress {
	begun := now()
	return &Progress{out: out, terminal: terminal, now: now, begun: begun, next: begun}
}

// Show tells that so many of all rows are written. After the last one PostgreSQL still sorts and checks them.
func (p *Progress) Show(written, all int) {
	now := p.now()
	if p.full || now.Before(p.next) && written < all {
		return
	}
	p.full = written >= all
	share := float64(written) / float64(max(all, 1))
	after := ""
	if p.full {
		after = ", now indexes and keys"
	}
	if !p.terminal {
		p.next = now.Add(lineEvery)
		_, _ = fmt.Fprintf(p.out, "%3.0f %%  %d of %d rows%s\n", 100*share, written, all, after)
		return
	}
	p.next = now.Add(barEvery)
	cells := int(share * barWidth)
	_, _ = fmt.Fprintf(p.out, "\r%s%s %3.0f %%  %s%s  ", strings.Repeat("█", cells), strings.Repeat("░", barWidth-cells),
		100*share, now.Sub(p.begun).Truncate(time.Second), after)
}

// End removes the bar.
func (p *Progress) End() {
	if p.terminal {
		_, _ = fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// WriteSummary prints what was made, and how fast.
func WriteSummary(w io.Writer, made Made, took time.Duration) error {
	_, err := fmt.Fprintf(w, "users      %10d\naddresses  %10d\nposts      %10d\n\n%d rows in %s, %.0f a second\n",
		made.Users, made.Addresses, made.Posts,
		made.Rows(), took.Round(10*time.Millisecond), float64(made.Rows())/took.Seconds())
	if err != nil {
		return fmt.Errorf("print the summary: %w", err)
	}
	return nil
}
