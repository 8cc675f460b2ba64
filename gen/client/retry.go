package plaza

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	// firstBackoff is the most that is waited before the first repetition; it doubles with each.
	firstBackoff = 250 * time.Millisecond
	// maxDoublings bounds that, at 8 s.
	maxDoublings = 5
)

// repeat makes attempts until one succeeds, or no other may be made.
func (c *call) repeat(ctx context.Context, body []byte, into any) error {
	if c.operation.idempotent && c.header.Get("Idempotency-Key") == "" {
		c.header.Set("Idempotency-Key", newKey())
	}
	c.renewed = false // each page of a list may need another token
	unknown := false  // whether an attempt may have had its effect
	for attempt := 0; ; {
		err := c.attempt(ctx, body, into)
		failure, failed := errors.AsType[*Error](err)
		switch {
		case !failed, failure.Operation != c.operation.id: // the latter of getting a token, which was repeated
			return err
		case unknown && c.operation.method == http.MethodDelete && failure.Status == http.StatusNotFound:
			return nil
		case c.renew(ctx, failure):
			continue
		}
		wait, again := c.wait(failure, attempt)
		if !again || !before(ctx, wait) {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done(): // as the next attempt tells
		}
		unknown = unknown || failure.unknown()
		attempt++
	}
}

// wait returns how long to wait before the next attempt, and whether there may be one.
func (c *call) wait(f *Error, attempt int) (time.Duration, bool) {
	if attempt >= c.retries || !c.repeatable(f) || f.retryAfter > c.maxRetryAfter {
		return 0, false
	}
	return f.retryAfter + jitter(firstBackoff<<min(attempt, maxDoublings)), true
}

// jitter is a random part of a time, so that callers who failed together do not come again together.
func jitter(most time.Duration) time.Duration { return rand.N(most) } //nolint:gosec // nobody gains by guessing it

// before tells whether a wait ends before the deadline, if there is one.
func before(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || wait < time.Until(deadline)
}

// repeatable tells whether the call may be made again after a failure.
func (c *call) repeatable(f *Error) bool {
	switch f.Status {
	case http.StatusConflict:
		return f.told // the same Idempotency-Key is at work, of an earlier attempt of which nothing was heard
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return f.told || c.safe
	case http.StatusRequestTimeout, http.StatusBadGateway, http.StatusGatewayTimeout:
		return c.safe
	}
	return f.unsent || f.lost && c.safe
}

// unknown tells whether the attempt that failed so may have had its effect.
func (e *Error) unknown() bool {
	if e.Status == http.StatusServiceUnavailable {
		return !e.told
	}
	return e.lost && !e.unsent || e.Status >= http.StatusInternalServerError
}
