package check

import (
	"fmt"
	"io"
	"time"
)

// Progress shows on a terminal which layer runs and for how long, on one line that End removes.
type Progress struct {
	out    io.Writer
	now    func() time.Time
	layers int
	begins chan string
	end    chan struct{}
	ended  chan struct{}
}

// NewProgress starts to show the progress of so many layers, and draws it anew with each tick. Failures to write are
// ignored: nothing depends on it.
func NewProgress(out io.Writer, layers int, now func() time.Time, ticks <-chan time.Time) *Progress {
	p := &Progress{
		out: out, now: now, layers: layers,
		begins: make(chan string), end: make(chan struct{}), ended: make(chan struct{}),
	}
	go p.draw(ticks)
	return p
}

// Begin shows that a layer runs.
func (p *Progress) Begin(layer string) { p.begins <- layer }

// End removes the line; nothing may be called after it.
func (p *Progress) End() {
	close(p.end)
	<-p.ended
}

func (p *Progress) draw(ticks <-chan time.Time) {
	defer close(p.ended)
	name, number, begun := "", 0, p.now()
	for {
		select {
		case name = <-p.begins:
			number++
			begun = p.now()
		case <-ticks:
		case <-p.end:
			_, _ = fmt.Fprint(p.out, "\r\x1b[K")
			return
		}
		_, _ = fmt.Fprintf(p.out, "\r\x1b[K%d of %d  %s  %.0f s", number, p.layers, name, p.now().Sub(begun).Seconds())
	}
}
