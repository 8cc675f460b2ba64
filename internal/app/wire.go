package app

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/redis/rueidis"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/idempotency"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/telemetry"
	"github.com/plaza-api/plaza/internal/user"
)

// loadContract reads the contract of this build.
func loadContract() (*contract.Contract, error) {
	c, err := contract.Load(contractfile.YAML, httpapi.Rules())
	if err != nil {
		return nil, fmt.Errorf("the contract of this build: %w", err)
	}
	return c, nil
}

// wire makes the server out of its parts.
func wire(
	c Config, spec *contract.Contract, pool *postgres.DB, who access, shared rueidis.Client, metrics *telemetry.Metrics,
	log *slog.Logger,
) (*httpapi.Server, error) {
	metrics.Pool(pool.Stat)
	dependencies := []httpapi.Dependency{{Name: "database", Ping: pool.Ping}}
	memory := ratelimit.NewMemory(time.Now)
	var limiter ratelimit.Limiter = memory
	if shared != nil {
		inRedis := ratelimit.NewRedis(shared, memory, log)
		metrics.Count("plaza_rate_limit_fallbacks_total", "How many limits were decided without Redis, which did not answer.",
			inRedis.Fallbacks)
		limiter = inRedis
	}
	// Without Redis there is one server, whose memory knows of every write.
	users := user.New(pool)
	var keptUsers *cache.Cache
	if shared == nil {
		keptUsers = cache.New(spec.Operation("getUser").Policy.Cache.Keep, time.Now)
		users.OnChange(keptUsers.Drop)
		metrics.Count("plaza_cache_hits_total", "How many reads were answered from memory.", keptUsers.Hits)
		metrics.Count("plaza_cache_misses_total", "How many reads were not.", keptUsers.Misses)
	}
	return httpapi.New(httpapi.Config{
		Contract:     spec,
		Users:        users,
		KeptUsers:    keptUsers,
		Addresses:    address.New(pool),
		Posts:        post.New(pool),
		Dependencies: dependencies,
		Tokens:       who.tokens,
		Identity:     who.identity,
		Failures:     limiter,
		Answers:      idempotency.New(pool),
		SignUpClosed: c.SignUpClosed,
		Limiter:      limiter,
		RateLimits:   c.RateLimits,
		Proxies:      c.Proxies,
		Metrics:      metrics,
		Log:          log,
		Now:          time.Now,
		CORSOrigins:  c.CORSOrigins,
		Docs:         c.Docs,
		HSTS:         c.Environment == Production,
		Secure:       strings.HasPrefix(c.issuer(), "https://"),
	})
}
