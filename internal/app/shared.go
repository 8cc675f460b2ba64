package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/rueidis"

	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/redis"
)

// shared is what servers share in Redis, or what one server has in its place.
type shared struct {
	client rueidis.Client // nil without Redis
	users  *cache.Cache
	close  func()
}

// openShared connects to Redis where there is to be one.
func openShared(ctx context.Context, c Config, spec *contract.Contract, log *slog.Logger) (shared, error) {
	const noun = "user"
	users := cache.New(spec.Operation("getUser").Policy.Cache.Keep, time.Now)
	if c.RedisURL == "" {
		return shared{users: users, close: func() {}}, nil
	}
	client, err := redis.Open(ctx, c.RedisURL, users.Watch(noun))
	if err != nil {
		return shared{}, fmt.Errorf("PLAZA_REDIS_URL: %w", err)
	}
	stop := users.Share(client, noun, spec.Hash, log)
	return shared{client: client, users: users, close: func() {
		stop()
		client.Close()
	}}, nil
}
