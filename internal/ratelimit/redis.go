package ratelimit

import (
	"context"
	_ "embed" // the script
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"

	"github.com/plaza-api/plaza/internal/redis"
)

const (
	// patience is how long a request waits for Redis.
	patience = 50 * time.Millisecond
	// keyPrefix begins the names of all that this package stores in Redis.
	keyPrefix = "plaza:limit:"
)

//go:embed take.lua
var script string

// Redis counts in Redis, for all processes that share it, in one round trip. What it stores expires with its window.
// Without Redis it counts in the process; see the package's comment.
type Redis struct {
	client   rueidis.Client
	fallback *Memory
	script   *rueidis.Lua
	outage   *redis.Outage
	// fallbacks is how many requests were decided without Redis.
	fallbacks atomic.Uint64
	// patience is the constant, and clock nil for the server's own, but in tests.
	patience time.Duration
	clock    func() time.Time
}

var _ Limiter = (*Redis)(nil)

// NewRedis counts through a client that the caller closes after Stop, and in fallback while Redis does not answer. The
// begin and the end of that are logged.
func NewRedis(client rueidis.Client, fallback *Memory, log *slog.Logger) *Redis {
	r := &Redis{client: client, fallback: fallback, script: rueidis.NewLuaScript(script), patience: patience}
	r.outage = redis.NewOutage(r.care(), log)
	return r
}

// Stop ends what goes on in the background.
func (r *Redis) Stop() { r.outage.Stop() }

// care is what an outage needs to know. Redis has to count to end one: where it is full, say, it answers a ping.
func (r *Redis) care() redis.Care {
	return redis.Care{For: "rate limits", Probe: func(ctx context.Context) error {
		_, err := r.ask(ctx, "probe", Limit{Requests: 1, Per: time.Second}, true)
		return err
	}}
}

// Take counts a request, unless it is refused.
func (r *Redis) Take(ctx context.Context, key string, limit Limit) Decision {
	return r.decide(ctx, key, limit, true)
}

// Peek says what Take would, and counts nothing.
func (r *Redis) Peek(ctx context.Context, key string, limit Limit) Decision {
	return r.decide(ctx, key, limit, false)
}

// Fallbacks returns how many requests were decided in the process since the start, as Redis did not answer.
func (r *Redis) Fallbacks() uint64 { return r.fallbacks.Load() }

func (r *Redis) decide(ctx context.Context, key string, limit Limit, count bool) Decision {
	if !r.outage.Out() {
		decision, err := r.ask(ctx, key, limit, count)
		if err == nil {
			return decision
		}
		r.outage.Begin(ctx, err)
	}
	r.fallbacks.Add(1)
	return r.fallback.decide(key, limit, count)
}

// ask runs the script. It goes on without the caller, who may be gone: that Redis is slow must not be concluded from a
// caller who is in a hurry.
func (r *Redis) ask(ctx context.Context, key string, limit Limit, count bool) (Decision, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.patience)
	defer cancel()

	per := limit.Per.Microseconds()
	counts, now := "0", ""
	if count {
		counts = "1"
	}
	if r.clock != nil {
		now = strconv.FormatInt(r.clock().UnixMicro(), 10)
	}
	length := strconv.FormatInt(per, 10)
	answer, err := r.script.Exec(ctx, r.client, []string{keyPrefix + length + ":" + key}, []string{
		strconv.Itoa(limit.Requests), length, strconv.FormatInt(per/shares, 10), counts, now,
	}).AsIntSlice()
	if err != nil {
		return Decision{}, fmt.Errorf("rate limit in Redis: %w", err)
	}
	if len(answer) != 4 {
		return Decision{}, fmt.Errorf("rate limit in Redis: %d numbers answered, not 4", len(answer))
	}
	return Decision{
		Allowed: answer[0] == 1, Remaining: int(answer[1]),
		Reset: time.Duration(answer[2]) * time.Microsecond, RetryAfter: time.Duration(answer[3]) * time.Microsecond,
	}, nil
}
