package ratelimit_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/testkit"
)

const (
	// soon is far less than a system waits for a dead connection, and far more than a busy machine loses.
	soon = 2 * time.Second
	// began and ended are what the log says.
	began, ended = "Redis does not answer", "Redis answers again"
)

// hour is a limit that nothing in these tests exhausts.
var hour = ratelimit.Limit{Requests: 1_000_000, Per: time.Hour}

// outageTest is a limiter whose Redis goes away.
type outageTest struct {
	*ratelimit.Redis

	t      *testing.T
	server *testkit.RedisServer
	now    *clock
	log    *bytes.Buffer
}

func newOutageTest(t *testing.T) *outageTest {
	t.Helper()
	test := &outageTest{t: t, server: testkit.NewRedisServer(t), now: newClock(), log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(test.log, nil))
	test.Redis = ratelimit.NewRedis(open(t, test.server.URL), ratelimit.NewMemory(test.now.Now), log)
	test.recover()
	test.log.Reset()
	return test
}

// recover goes on until Redis decides again: a connection to a server that is gone shows only when it is used.
func (o *outageTest) recover() {
	o.t.Helper()
	for range 100 {
		o.now.Advance(ratelimit.Pause)
		before := o.Fallbacks()
		if o.take(); o.Fallbacks() == before {
			return
		}
	}
	o.t.Fatalf("Redis never decided again; the log says:\n%s", o.log)
}

// take returns what Remaining tells of the store: Redis and memory have seen different numbers of requests.
func (o *outageTest) take() int {
	return o.Take(o.t.Context(), "caller", hour).Remaining
}

func (o *outageTest) logged() (begins, ends int) {
	return strings.Count(o.log.String(), began), strings.Count(o.log.String(), ended)
}

func TestWithoutRedisTheProcessDecidesAndSaysSoOnce(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]struct{ leave, come func(*testkit.RedisServer) }{
		"killed and started again": {(*testkit.RedisServer).Kill, (*testkit.RedisServer).Start},
		"stalled and resumed":      {(*testkit.RedisServer).Stall, (*testkit.RedisServer).Resume},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test := newOutageTest(t)
			before := test.Fallbacks()

			away.leave(test.server)
			start := time.Now()
			for i := range 1000 {
				require.Equal(t, hour.Requests-1-i-int(before), test.take(), "counted in the process")
			}
			assert.Less(t, time.Since(start), soon, "a thousand requests")
			assert.EqualValues(t, 1000, test.Fallbacks()-before)
			begins, ends := test.logged()
			assert.Equal(t, [2]int{1, 0}, [2]int{begins, ends}, test.log)

			for range 3 {
				test.now.Advance(ratelimit.Pause)
				start = time.Now()
				test.take()
				assert.Less(t, time.Since(start), soon, "the one request that probes")
			}

			away.come(test.server)
			test.BePatient()
			before = test.Fallbacks()
			test.take()
			assert.EqualValues(t, 1, test.Fallbacks()-before, "Redis is left alone until the pause is over")
			test.recover()
			test.take()
			begins, ends = test.logged()
			assert.Equal(t, [2]int{1, 1}, [2]int{begins, ends}, test.log)
		})
	}
}

func TestAStalledRedisDelaysTheRequestsOfOneMomentOnly(t *testing.T) {
	t.Parallel()
	test := newOutageTest(t)
	before := test.Fallbacks()
	test.server.Stall()

	start := time.Now()
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() { test.take() })
	}
	all.Wait()
	assert.Less(t, time.Since(start), soon, "two hundred requests at once")
	assert.EqualValues(t, 200, test.Fallbacks()-before)

	test.now.Advance(ratelimit.Pause)
	start = time.Now()
	for range 200 {
		all.Go(func() { test.take() })
	}
	all.Wait()
	assert.Less(t, time.Since(start), soon, "two hundred more, one of which probes")
	begins, ends := test.logged()
	assert.Equal(t, [2]int{1, 0}, [2]int{begins, ends}, test.log)
	test.server.Resume()
}

func TestAnErrorOfRedisIsAnOutageTooWhichOneRequestProbes(t *testing.T) {
	t.Parallel()
	test := newOutageTest(t)
	test.BePatient()
	client := open(t, test.server.URL)
	set := client.B().Rpush().Key("plaza:limit:3600000000:listed").Element("no window").Build()
	require.NoError(t, client.Do(t.Context(), set).Error())

	before := test.Fallbacks()
	require.True(t, test.Take(t.Context(), "listed", hour).Allowed)
	assert.EqualValues(t, 1, test.Fallbacks()-before)
	assert.Contains(t, test.log.String(), "WRONGTYPE")

	asked := evaluations(t, client)
	test.now.Advance(ratelimit.Pause)
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() { test.Take(t.Context(), "listed", hour) })
	}
	all.Wait()
	assert.Equal(t, asked+1, evaluations(t, client), "requests that asked Redis")
	assert.EqualValues(t, 201, test.Fallbacks()-before)
}

func TestACallerWhoIsGoneIsNoOutage(t *testing.T) {
	t.Parallel()
	limiter := overRedis(t, open(t, testkit.Redis(t)), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, hour.Requests-1, limiter.Take(ctx, "caller", hour).Remaining)
	require.Equal(t, hour.Requests-1, limiter.Peek(ctx, "caller", hour).Remaining)
}
