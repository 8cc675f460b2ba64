package admission_test

import (
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/admission"
)

// processors are what a gate looks at in tests.
type processors struct {
	at        time.Time
	all, late uint64
}

func (p *processors) gate() *admission.Gate {
	return admission.On(func() time.Time { return p.at }, func() (all, late uint64) { return p.all, p.late })
}

// pass lets time go by, in which there were so many waits, and returns how many of a thousand requests are admitted.
func (p *processors) pass(g *admission.Gate, waits, late uint64) int {
	p.at, p.all, p.late = p.at.Add(admission.Interval), p.all+waits, p.late+late
	return p.admitted(g)
}

func (*processors) admitted(g *admission.Gate) int {
	admitted := 0
	for range 1000 {
		if g.Admit() {
			admitted++
		}
	}
	return admitted
}

func TestAGateRefusesMoreAndMoreWhileTheProcessorsCannotKeepUp(t *testing.T) {
	t.Parallel()
	p := &processors{at: time.Unix(1_800_000_000, 0)}
	g := p.gate()
	assert.Equal(t, 1000, p.pass(g, 1000, 250), "a quarter may be late")
	assert.Equal(t, 1000, p.pass(g, admission.Fewest-1, admission.Fewest-1), "so few tell nothing")
	for i := range 2*admission.Burst - 1 {
		late := uint64(1000)
		if i == admission.Burst-1 {
			late = 0 // the next burst is another one
		}
		assert.Equal(t, 1000, p.pass(g, 1000, late), "a burst passes")
	}
	for i := range 9 {
		assert.InDelta(t, 900-100*i, p.pass(g, 1000, 251), 80)
	}
	assert.InDelta(t, 100, p.pass(g, 1000, 1000), 50, "some always come through")
	refused := g.Refused()
	assert.InDelta(t, 5400, refused, 300)
	for i := range 18 {
		assert.InDelta(t, 150+50*i, p.pass(g, 1000, 0), 80)
	}
	assert.Equal(t, 1000, p.pass(g, 0, 0))
}

func TestAGateLooksAgainOnlyAfterAWhile(t *testing.T) {
	t.Parallel()
	p := &processors{at: time.Unix(1_800_000_000, 0)}
	g := p.gate()
	for range admission.Burst {
		p.pass(g, 1000, 1000)
	}
	p.at = p.at.Add(admission.Interval - 1)
	p.all, p.late = p.all+1000, p.late+1000
	assert.InDelta(t, 900, p.admitted(g), 50)
}

func TestTheRuntimeTellsOfWaits(t *testing.T) {
	t.Parallel()
	g := admission.New(time.Now)
	before, _ := g.Waits()
	var others sync.WaitGroup
	for range 1000 { // one in eight is counted
		others.Go(runtime.Gosched)
	}
	others.Wait()
	all, late := g.Waits()
	assert.Greater(t, all, before)
	assert.LessOrEqual(t, late, all)
	assert.Zero(t, g.Refused())
}
