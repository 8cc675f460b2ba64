package ratelimit_test

import (
	"context"
	"log/slog"
	"runtime"
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
	soon = 5 * time.Second
	// began and ended are what the log says.
	began, ended = "Redis does not answer", "Redis answers again"
	// often is how long Redis is left alone in tests that wait for it, and never in those that do not.
	often, never = time.Millisecond, time.Hour
)

// hour is a limit that nothing in these tests exhausts.
var hour = ratelimit.Limit{Requests: 1_000_000, Per: time.Hour}

// outageTest is a limiter whose Redis goes away.
type outageTest struct {
	*ratelimit.Redis

	t      *testing.T
	server *testkit.RedisServer
	log    *testkit.Log
}

func newOutageTest(t *testing.T, pause time.Duration) *outageTest {
	t.Helper()
	test := &outageTest{t: t, server: testkit.NewRedisServer(t), log: &testkit.Log{}}
	log := slog.New(slog.NewTextHandler(test.log, nil))
	test.Redis = ratelimit.NewRedis(open(t, test.server.URL), ratelimit.NewMemory(newClock().Now), log)
	test.BePatient()
	test.Pause(pause, log)
	t.Cleanup(test.Stop)
	return test
}

// recover goes on until Redis decides again.
func (o *outageTest) recover() {
	o.t.Helper()
	o.await("Redis never decided again", func() bool {
		before := o.Fallbacks()
		o.take()
		return o.Fallbacks() == before
	})
}

func (o *outageTest) await(otherwise string, so func() bool) {
	o.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !so(); runtime.Gosched() {
		require.True(o.t, time.Now().Before(deadline), "%s; the log says:\n%s", otherwise, o.log)
	}
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
			test := newOutageTest(t, often)
			away.leave(test.server)
			start := time.Now()
			for i := range 1000 {
				require.Equal(t, hour.Requests-1-i, test.take(), "counted in the process")
			}
			assert.Less(t, time.Since(start), soon, "a thousand requests")
			assert.EqualValues(t, 1000, test.Fallbacks())
			begins, ends := test.logged()
			assert.Equal(t, [2]int{1, 0}, [2]int{begins, ends}, test.log)
			away.come(test.server)
			test.recover()
			begins, ends = test.logged()
			assert.Equal(t, [2]int{1, 1}, [2]int{begins, ends}, test.log)
		})
	}
}

func TestAStalledRedisDelaysTheRequestsOfOneMomentOnly(t *testing.T) {
	t.Parallel()
	test := newOutageTest(t, never)
	test.server.Stall()
	for range 2 {
		start := time.Now()
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() { test.take() })
		}
		all.Wait()
		assert.Less(t, time.Since(start), soon, "two hundred requests at once")
	}
	assert.EqualValues(t, 400, test.Fallbacks())
	begins, ends := test.logged()
	assert.Equal(t, [2]int{1, 0}, [2]int{begins, ends}, test.log)
	test.server.Resume()
}

func TestRedisIsLeftAloneForAWhile(t *testing.T) {
	t.Parallel()
	test := newOutageTest(t, never)
	test.server.Stall()
	test.take()
	test.server.Resume()
	client := open(t, test.server.URL)
	asked := evaluations(t, client)
	for range 200 {
		test.take()
	}
	assert.Equal(t, asked, evaluations(t, client), "requests that asked Redis")
	assert.EqualValues(t, 201, test.Fallbacks())
}

func TestARedisThatAnswersAndCannotCountIsAnOutageToo(t *testing.T) {
	t.Parallel()
	test := newOutageTest(t, often)
	client := open(t, test.server.URL)
	full := func(bytes string) {
		set := client.B().ConfigSet().ParameterValue().ParameterValue("maxmemory", bytes).Build()
		require.NoError(t, client.Do(t.Context(), set).Error())
	}
	full("1")
	require.True(t, test.Take(t.Context(), "caller", hour).Allowed)
	assert.Contains(t, test.log.String(), "OOM")
	asked := evaluations(t, client)
	test.await("it is not looked for", func() bool { return evaluations(t, client) > asked+2 })
	begins, ends := test.logged()
	assert.Equal(t, [2]int{1, 0}, [2]int{begins, ends}, test.log)
	full("0")
	test.recover()
}

func TestACallerWhoIsGoneIsNoOutage(t *testing.T) {
	t.Parallel()
	limiter := overRedis(t, open(t, testkit.Redis(t)), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, hour.Requests-1, limiter.Take(ctx, "caller", hour).Remaining)
	require.Equal(t, hour.Requests-1, limiter.Peek(ctx, "caller", hour).Remaining)
}
