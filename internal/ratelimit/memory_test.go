package ratelimit_test

import (
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/ratelimit"
)

func TestMemoryIsBoundedAndForgetsWhoWasNotSeenForTheLongest(t *testing.T) {
	t.Parallel()
	memory := ratelimit.NewMemory(newClock().Now)
	limit := ratelimit.Limit{Requests: 2, Per: time.Hour}
	memory.Take(t.Context(), "silent", limit)
	memory.Take(t.Context(), "busy", limit)
	for i := range 4 * ratelimit.MaxKeys {
		require.True(t, memory.Take(t.Context(), strconv.Itoa(i), limit).Allowed, "refused for want of room")
		if i%1000 == 0 {
			memory.Peek(t.Context(), "busy", limit)
		}
	}
	assert.LessOrEqual(t, memory.Keys(), ratelimit.MaxKeys)
	assert.Greater(t, memory.Keys(), ratelimit.MaxKeys/2)
	assert.Equal(t, 1, memory.Peek(t.Context(), "busy", limit).Remaining)
	assert.Equal(t, 2, memory.Peek(t.Context(), "silent", limit).Remaining)
}

func TestMemoryLetsGoOfKeysWhoseWindowsHavePassed(t *testing.T) {
	t.Parallel()
	now := newClock()
	memory := ratelimit.NewMemory(now.Now)
	limit := ratelimit.Limit{Requests: 2, Per: time.Minute}
	for range 4 {
		for i := range 10_000 {
			memory.Take(t.Context(), strconv.Itoa(i)+now.Now().String(), limit)
		}
		now.Advance(limit.Per)
	}
	assert.LessOrEqual(t, memory.Keys(), 20_000)
}

func TestMemoryKeepsKeysAsLongAsTheyCount(t *testing.T) {
	t.Parallel()
	now := newClock()
	memory := ratelimit.NewMemory(now.Now)
	limit := ratelimit.Limit{Requests: 2, Per: 100 * time.Second}
	for _, pause := range []int{0, 45, 6, 50, 1, 42} {
		now.Advance(time.Duration(pause) * time.Second)
		for i := range 1000 {
			memory.Take(t.Context(), strconv.Itoa(i), limit)
		}
		if pause == 45 {
			memory.Take(t.Context(), "caller", limit)
		}
	}
	assert.Equal(t, ratelimit.Decision{Allowed: true, Remaining: 1, Reset: time.Second},
		memory.Peek(t.Context(), "caller", limit))
}

func TestALookMakesNoKey(t *testing.T) {
	t.Parallel()
	memory := ratelimit.NewMemory(newClock().Now)
	memory.Peek(t.Context(), "caller", ratelimit.Limit{Requests: 1, Per: time.Minute})
	assert.Zero(t, memory.Keys())
}

func TestAWindowIsSmallHoweverHighItsLimit(t *testing.T) {
	t.Parallel()
	for _, per := range []time.Duration{time.Millisecond, time.Second + 1, time.Minute, 24 * time.Hour} {
		for _, arrivals := range []time.Duration{29, 30, 31, 77, 300} {
			now := newClock()
			memory := ratelimit.NewMemory(now.Now)
			for range 3 * arrivals {
				now.Advance(per / arrivals)
				require.True(t, memory.Take(t.Context(), "caller", ratelimit.Limit{Requests: 1000, Per: per}).Allowed)
			}
			assert.LessOrEqual(t, memory.Groups(), 32, "%d arrivals in %v", arrivals, per)
			assert.GreaterOrEqual(t, memory.Groups(), 15, "%d arrivals in %v", arrivals, per)
		}
	}
}

func TestAClockThatStandsBackGivesNothingAway(t *testing.T) {
	t.Parallel()
	now := newClock()
	memory := ratelimit.NewMemory(now.Now)
	limit := ratelimit.Limit{Requests: 2, Per: time.Hour}
	now.Advance(time.Minute)
	memory.Take(t.Context(), "caller", limit)
	now.Advance(-time.Second)
	memory.Take(t.Context(), "caller", limit)
	assert.Equal(t, ratelimit.Decision{Reset: limit.Per, RetryAfter: limit.Per},
		memory.Take(t.Context(), "caller", limit))
	now.Advance(limit.Per)
	assert.Equal(t, ratelimit.Decision{Reset: time.Second, RetryAfter: time.Second},
		memory.Take(t.Context(), "caller", limit))
}

func TestAClientIsAnAddressOrAnIPv6Network(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.1":            "192.0.2.1",
		"::ffff:192.0.2.1":     "192.0.2.1",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::":  "2001:db8:1:2::/64",
		"2001:db8:1:3:3:4:5:6": "2001:db8:1:3::/64",
		"fe80::1%eth0":         "fe80::/64",
		"::1":                  "::/64",
	} {
		assert.Equal(t, want, ratelimit.ClientKey(netip.MustParseAddr(address)), address)
	}
	assert.Equal(t, "invalid IP", ratelimit.ClientKey(netip.Addr{}))
}
