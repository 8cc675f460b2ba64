package ratelimit_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/ratelimit"
)

// shares is what the package promises: a request is refused too early by at most that part of the window.
const shares = 30

// exact is the log of all that was allowed.
type exact []time.Time

// within counts what came in the time that ends now; what came just that long ago does not count any more.
func (e exact) within(now time.Time, length time.Duration) int {
	count := 0
	for _, at := range e {
		if now.Sub(at) < length {
			count++
		}
	}
	return count
}

func TestAnyWindowHoldsAtMostTheLimitAndNobodyWaitsAThirtiethTooLong(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, limiter ratelimit.Limiter, now *clock) {
		round := 0
		rapid.Check(t, func(t *rapid.T) {
			round++
			key := "caller " + strconv.Itoa(round)
			limit := ratelimit.Limit{
				Requests: rapid.IntRange(1, 80).Draw(t, "requests"),
				// Longer than the test takes, since in Redis windows expire by real time.
				Per: time.Duration(rapid.IntRange(600_000, 7_200_000).Draw(t, "per in ms")) * time.Millisecond,
			}
			var allowed exact
			for _, pause := range pauses(t, limit) {
				now.Advance(pause)
				decision := limiter.Take(t.Context(), key, limit)
				if decision.Allowed {
					allowed = append(allowed, now.Now())
				}
				check(t, allowed, now.Now(), limit, decision)
			}
			last := limiter.Peek(t.Context(), key, limit)
			now.Advance(last.Reset)
			if last.Reset > 0 {
				assert.Greater(t, limiter.Peek(t.Context(), key, limit).Remaining, last.Remaining, "after Reset")
			}
			retryInTime(t, limiter, now, key, limit)
		})
	})
}

// pauses draws the times between arrivals: some bursts, steady flows and silences, one after the other.
func pauses(t *rapid.T, limit ratelimit.Limit) []time.Duration {
	share := int(limit.Per/time.Microsecond) / shares
	var all []time.Duration
	for range rapid.IntRange(1, 8).Draw(t, "phases") {
		longest := rapid.SampledFrom([]int{0, share / 9, share / 2, share, 3 * share, 40 * share}).Draw(t, "at most")
		for range rapid.IntRange(1, 60).Draw(t, "arrivals") {
			pause := rapid.IntRange(0, longest).Draw(t, "pause")
			all = append(all, time.Duration(pause)*time.Microsecond)
		}
	}
	return all
}

// check holds a decision against what was allowed, this request included.
func check(t *rapid.T, allowed exact, now time.Time, limit ratelimit.Limit, got ratelimit.Decision) {
	used := allowed.within(now, limit.Per)
	atMost := allowed.within(now, limit.Per+limit.Per/shares)
	require.LessOrEqual(t, used, limit.Requests, "allowed in one window")
	if !got.Allowed {
		require.GreaterOrEqual(t, atMost, limit.Requests, "refused with room since a thirtieth of the window")
	}
	require.LessOrEqual(t, got.Remaining, limit.Requests-used)
	require.GreaterOrEqual(t, got.Remaining, limit.Requests-atMost)
	require.LessOrEqual(t, got.Reset, limit.Per)
	require.Positive(t, got.Reset)
	if got.Remaining > 0 {
		require.Zero(t, got.RetryAfter)
		return
	}
	require.LessOrEqual(t, got.RetryAfter, limit.Per)
	require.Less(t, allowed.within(now.Add(got.RetryAfter), limit.Per), limit.Requests, "RetryAfter is too soon")
	require.GreaterOrEqual(t, allowed.within(now.Add(got.RetryAfter-1), limit.Per+limit.Per/shares), limit.Requests,
		"RetryAfter is more than a thirtieth too late")
}

// retryInTime fills the window and comes again just before and just after RetryAfter.
func retryInTime(
	t *rapid.T, limiter ratelimit.Limiter, now *clock, key string, limit ratelimit.Limit,
) {
	decision := limiter.Take(t.Context(), key, limit)
	for decision.Allowed {
		decision = limiter.Take(t.Context(), key, limit)
	}
	require.Positive(t, decision.RetryAfter)
	now.Advance(decision.RetryAfter - time.Microsecond)
	require.False(t, limiter.Take(t.Context(), key, limit).Allowed, "a microsecond before RetryAfter")
	now.Advance(time.Microsecond)
	require.True(t, limiter.Take(t.Context(), key, limit).Allowed, "after RetryAfter")
}

func TestAFewRequestsFarApartAreCountedExactly(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, limiter ratelimit.Limiter, now *clock) {
		limit := ratelimit.Limit{Requests: 3, Per: 10 * time.Minute}
		for _, step := range []struct {
			pause time.Duration
			want  ratelimit.Decision
		}{
			{0, ratelimit.Decision{Allowed: true, Remaining: 2, Reset: 10 * time.Minute}},
			{time.Minute, ratelimit.Decision{Allowed: true, Remaining: 1, Reset: 9 * time.Minute}},
			{4 * time.Minute, ratelimit.Decision{Allowed: true, Reset: 5 * time.Minute, RetryAfter: 5 * time.Minute}},
			{5*time.Minute - time.Second, ratelimit.Decision{Reset: time.Second, RetryAfter: time.Second}},
			{time.Second, ratelimit.Decision{Allowed: true, Reset: time.Minute, RetryAfter: time.Minute}},
			{10 * time.Minute, ratelimit.Decision{Allowed: true, Remaining: 2, Reset: 10 * time.Minute}},
		} {
			now.Advance(step.pause)
			require.Equal(t, step.want, limiter.Take(t.Context(), "caller", limit), "%v later", step.pause)
		}
	})
}

func TestALookCountsNothing(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, limiter ratelimit.Limiter, now *clock) {
		limit := ratelimit.Limit{Requests: 1, Per: 10 * time.Minute}
		for range 3 {
			require.Equal(t, ratelimit.Decision{Allowed: true, Remaining: 1}, limiter.Peek(t.Context(), "caller", limit))
		}
		require.True(t, limiter.Take(t.Context(), "caller", limit).Allowed)
		now.Advance(time.Minute)
		require.Equal(t, ratelimit.Decision{Reset: 9 * time.Minute, RetryAfter: 9 * time.Minute},
			limiter.Peek(t.Context(), "caller", limit))
		now.Advance(9 * time.Minute)
		require.Equal(t, ratelimit.Decision{Allowed: true, Remaining: 1}, limiter.Peek(t.Context(), "caller", limit))
	})
}

func TestKeysAndLengthsCountApartAndAnotherNumberOfRequestsDoesNot(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, limiter ratelimit.Limiter, _ *clock) {
		limit := ratelimit.Limit{Requests: 2, Per: 10 * time.Minute}
		limiter.Take(t.Context(), "caller", limit)
		limiter.Take(t.Context(), "caller", limit)
		require.False(t, limiter.Take(t.Context(), "caller", limit).Allowed)
		assert.True(t, limiter.Take(t.Context(), "another {caller}", limit).Allowed)
		assert.True(t, limiter.Take(t.Context(), "caller", ratelimit.Limit{Requests: 2, Per: time.Hour}).Allowed)
		assert.True(t, limiter.Take(t.Context(), "caller", ratelimit.Limit{Requests: 3, Per: limit.Per}).Allowed)
		assert.Equal(t, ratelimit.Decision{Reset: limit.Per, RetryAfter: limit.Per},
			limiter.Peek(t.Context(), "caller", ratelimit.Limit{Requests: 1, Per: limit.Per}))
	})
}

func TestTwoHundredAtOnceGetExactlyTheLimit(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, limiter ratelimit.Limiter, _ *clock) {
		limit := ratelimit.Limit{Requests: 100, Per: 10 * time.Minute}
		var allowed atomic.Int64
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() {
				if limiter.Take(t.Context(), "caller", limit).Allowed {
					allowed.Add(1)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, limit.Requests, allowed.Load())
	})
}
