package embedded

import (
	"context"
	"time"
)

// pollInterval is short beside a warm start (0.1 s) and long beside one look (20 µs).
const pollInterval = 5 * time.Millisecond

// poll calls done until it reports true, fails, or ctx ends.
func poll(ctx context.Context, done func() (bool, error)) error {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
	}
}

// wait reports whether done came true within the time given.
func wait(ctx context.Context, limit time.Duration, done func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return poll(ctx, func() (bool, error) { return done(), nil }) == nil
}
