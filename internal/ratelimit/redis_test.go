package ratelimit_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestTwoServersOnOneRedisShareALimitByItsClock(t *testing.T) {
	t.Parallel()
	url := testkit.Redis(t)
	one, other := overRedis(t, open(t, url), nil), overRedis(t, open(t, url), nil)
	limit := ratelimit.Limit{Requests: 4, Per: time.Hour}

	for i := range 2 {
		require.Equal(t, 3-2*i, one.Take(t.Context(), "caller", limit).Remaining)
		require.Equal(t, 2-2*i, other.Take(t.Context(), "caller", limit).Remaining)
	}
	refused := one.Take(t.Context(), "caller", limit)
	assert.False(t, refused.Allowed)
	assert.InDelta(t, limit.Per, refused.RetryAfter, float64(time.Minute))
	assert.False(t, other.Peek(t.Context(), "caller", limit).Allowed)
	local := overRedis(t, open(t, url), time.Now)
	assert.InDelta(t, limit.Per, local.Peek(t.Context(), "caller", limit).Reset, float64(time.Minute))
}

func TestAWindowPassesByTheClockOfRedis(t *testing.T) {
	t.Parallel()
	limiter := overRedis(t, open(t, testkit.Redis(t)), nil)
	limit := ratelimit.Limit{Requests: 1, Per: 20 * time.Millisecond}
	require.True(t, limiter.Take(t.Context(), "caller", limit).Allowed)
	require.Eventually(t, func() bool { return limiter.Take(t.Context(), "caller", limit).Allowed },
		10*time.Second, time.Millisecond)
}

func TestOneRoundTripDecidesAndWhatIsStoredIsSmallAndExpires(t *testing.T) {
	t.Parallel()
	client, now := open(t, testkit.Redis(t)), newClock()
	limiter := overRedis(t, client, now.Now)
	limit := ratelimit.Limit{Requests: 1_000_000, Per: time.Hour}
	// The first call brings the script.
	require.True(t, limiter.Take(t.Context(), "caller", limit).Allowed)

	before := evaluations(t, client)
	for range 300 {
		now.Advance(limit.Per / 77)
		require.True(t, limiter.Take(t.Context(), "caller", limit).Allowed)
	}
	assert.Equal(t, before+300, evaluations(t, client), "scripts run")

	keys, err := client.Do(t.Context(), client.B().Keys().Pattern("*").Build()).AsStrSlice()
	require.NoError(t, err)
	require.Equal(t, []string{"plaza:limit:3600000000:caller"}, keys)
	size, err := client.Do(t.Context(), client.B().Strlen().Key(keys[0]).Build()).AsInt64()
	require.NoError(t, err)
	assert.Less(t, size, int64(700), "bytes stored")
	expiry, err := client.Do(t.Context(), client.B().Pttl().Key(keys[0]).Build()).AsInt64()
	require.NoError(t, err)
	assert.InDelta(t, (limit.Per + time.Second).Milliseconds(), expiry, 30_000, "milliseconds until it expires")
}

func TestARedisWithoutTheScriptGetsIt(t *testing.T) {
	t.Parallel()
	client := open(t, testkit.Redis(t))
	limiter := overRedis(t, client, nil)
	limit := ratelimit.Limit{Requests: 2, Per: time.Hour}
	for remaining := range 2 {
		require.NoError(t, client.Do(t.Context(), client.B().ScriptFlush().Build()).Error())
		require.Equal(t, 1-remaining, limiter.Take(t.Context(), "caller", limit).Remaining)
	}
}

func TestAClockSetBackStandsStillOrBeginsAnew(t *testing.T) {
	t.Parallel()
	now := newClock()
	limiter := overRedis(t, open(t, testkit.Redis(t)), now.Now)
	limit := ratelimit.Limit{Requests: 2, Per: time.Hour}
	full := ratelimit.Decision{Reset: limit.Per, RetryAfter: limit.Per}

	require.True(t, limiter.Take(t.Context(), "caller", limit).Allowed)
	now.Advance(-limit.Per)
	require.True(t, limiter.Take(t.Context(), "caller", limit).Allowed)
	require.Equal(t, full, limiter.Take(t.Context(), "caller", limit), "set back by a window")
	now.Advance(-time.Microsecond)
	require.Equal(t, 1, limiter.Take(t.Context(), "caller", limit).Remaining, "set back by more than a window")
}

// evaluations counts the scripts that a server has run, as it says itself.
func evaluations(t *testing.T, client rueidis.Client) int {
	t.Helper()
	info, err := client.Do(t.Context(), client.B().Info().Section("commandstats").Build()).ToString()
	require.NoError(t, err)
	_, calls, found := strings.Cut(info, "cmdstat_evalsha:calls=")
	require.True(t, found, info)
	calls, _, _ = strings.Cut(calls, ",")
	count, err := strconv.Atoi(calls)
	require.NoError(t, err)
	return count
}
