package ratelimit

import (
	"context"
	_ "embed" // the script
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/redis/rueidis"
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
	outage   outage
	// patience is the constant, and clock nil for the server's own, but in tests.
	patience time.Duration
	clock    func() time.Time
}

var _ Limiter = (*Redis)(nil)

// NewRedis counts through a client that the caller closes, and in fallback while Redis does not answer. The begin and
// the end of that are logged.
func NewRedis(client rueidis.Client, fallback *Memory, log *slog.Logger) *Redis {
	return &Redis{
		client: client, fallback: fallback, script: rueidis.NewLuaScript(script),
		outage: outage{log: log}, patience: patience,
	}
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
func (r *Redis) Fallbacks() uint64 { return r.outage.requests.Load() }

func (r *Redis) decide(ctx context.Context, key string, limit Limit, count bool) Decision {
	ask, probe := r.outage.ask(r.fallback.elapsed())
	if ask {
		decision, err := r.ask(ctx, key, limit, count)
		if err == nil {
			if probe {
				r.outage.end(ctx)
			}
			return decision
		}
		r.outage.begin(ctx, r.fallback.elapsed(), err)
	}
	r.outage.requests.Add(1)
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
