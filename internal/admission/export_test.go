package admission

import "time"

// The bounds of the package.
const (
	Interval = interval
	Fewest   = fewest
	Burst    = burst
)

// On makes a gate that looks at something else than the processors.
func On(now func() time.Time, waits func() (all, late uint64)) *Gate {
	return &Gate{now: now, waits: waits}
}

// Waits is what the gate looks at.
func (g *Gate) Waits() (all, late uint64) { return g.waits() }
