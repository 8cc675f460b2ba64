package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/redis"
)

// shared is what servers share in Redis, or what one server has in its place.
type shared struct {
	limiter   ratelimit.Limiter
	fallbacks func() uint64 // nil without Redis
	users     *cache.Cache
	close     func()
}

// openShared connects to Redis where there is to be one.
func openShared(ctx context.Context, c Config, spec *contract.Contract, log *slog.Logger) (shared, error) {
	const noun = "user"
	memory := ratelimit.NewMemory(time.Now)
	users := cache.New(spec.Operation("getUser").Policy.Cache.Keep, time.Now)
	if c.RedisURL == "" {
		return shared{limiter: memory, users: users, close: func() {}}, nil
	}
	client, err := redis.Open(ctx, c.RedisURL, users.Watch(noun))
	if err != nil {
		return shared{}, fmt.Errorf("PLAZA_REDIS_URL: %w", err)
	}
	stop := users.Share(client, noun, spec.Hash, log)
	limiter := ratelimit.NewRedis(client, memory, log)
	return shared{limiter: limiter, fallbacks: limiter.Fallbacks, users: users, close: func() {
		limiter.Stop()
		stop()
		client.Close()
	}}, nil
}
