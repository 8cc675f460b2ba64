package redis_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/plaza-api/plaza/internal/redis"
	"github.com/plaza-api/plaza/internal/testkit"
)

// soon is far less than a system waits for a dead connection, and far more than a busy machine loses.
const soon = 5 * time.Second

// A client that could not connect looks at the cluster again a second later, and ends then.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/rueidis.(*call).DelayDo.func1"))
}

func TestAnOpenedClientSpeaksToTheServer(t *testing.T) {
	t.Parallel()
	client, err := redis.Open(t.Context(), testkit.Redis(t), redis.Watch{})
	require.NoError(t, err)
	defer client.Close()
	require.NoError(t, redis.Ping(t.Context(), client))

	require.NoError(t, client.Do(t.Context(), client.B().Set().Key("key").Value("value").Build()).Error())
	got, err := client.Do(t.Context(), client.B().Get().Key("key").Build()).ToString()
	require.NoError(t, err)
	assert.Equal(t, "value", got)
}

func TestTwoServersHaveNothingInCommon(t *testing.T) {
	t.Parallel()
	clients := [2]rueidis.Client{}
	for i := range clients {
		var err error
		clients[i], err = redis.Open(t.Context(), testkit.Redis(t), redis.Watch{})
		require.NoError(t, err)
		defer clients[i].Close()
	}
	require.NoError(t, clients[0].Do(t.Context(), clients[0].B().Set().Key("key").Value("value").Build()).Error())
	size, err := clients[1].Do(t.Context(), clients[1].B().Dbsize().Build()).AsInt64()
	require.NoError(t, err)
	assert.Zero(t, size)
}

func TestOpeningAServerThatDoesNotAnswerFailsSoonAndKeepsThePassword(t *testing.T) {
	t.Parallel()
	killed, stalled := testkit.NewRedisServer(t), testkit.NewRedisServer(t)
	killed.Kill()
	stalled.Stall()
	for name, url := range map[string]string{
		"gone":           killed.URL,
		"stalled":        stalled.URL,
		"another scheme": "postgres://:secret@localhost",
		"no URL":         "redis://:secret@local host",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			_, err := redis.Open(t.Context(), url, redis.Watch{})
			require.ErrorContains(t, err, "redis: ")
			assert.NotContains(t, err.Error(), "secret")
			assert.Less(t, time.Since(start), soon)
		})
	}
}

func TestOpeningEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := redis.Open(ctx, testkit.Redis(t), redis.Watch{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestPingSaysSoonThatAServerIsStalledAndThatItIsBack(t *testing.T) {
	t.Parallel()
	server := testkit.NewRedisServer(t)
	client, err := redis.Open(t.Context(), server.URL, redis.Watch{})
	require.NoError(t, err)
	defer client.Close()

	server.Stall()
	start := time.Now()
	require.ErrorContains(t, redis.Ping(t.Context(), client), "redis: no answer")
	assert.Less(t, time.Since(start), soon)

	server.Resume()
	require.Eventually(t, func() bool { return redis.Ping(t.Context(), client) == nil }, soon, time.Millisecond)
}
