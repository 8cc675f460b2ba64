package password

import "context"

// MaxWaiting is how many may wait.
const MaxWaiting = maxWaiting

// Turn waits for a turn.
func (h *Hasher) Turn(ctx context.Context) (done func(), err error) { return h.turn(ctx) }

// Waiting is how many wait or are at work.
func (h *Hasher) Waiting() int { return len(h.waiting) }
