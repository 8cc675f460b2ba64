package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/admission"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/idempotency"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/sampling"
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
	c Config, spec *contract.Contract, pool *postgres.DB, who access, common shared, metrics *telemetry.Metrics,
	sampler *sampling.Sampler, tracer trace.Tracer, log *slog.Logger,
) (*httpapi.Server, error) {
	metrics.Count("plaza_database_connections_held_too_long_total",
		"How many connections were held for longer than any request takes; the log has who took them.", pool.HeldTooLong)
	// A replica is no dependency: without one the primary answers, and without the primary nobody can.
	dependencies := []httpapi.Dependency{{Name: "database", Ping: pool.Ping}}
	position := countReads(pool, metrics)
	if common.fallbacks != nil {
		metrics.Count("plaza_rate_limit_fallbacks_total", "How many limits were decided without Redis, which did not answer.",
			common.fallbacks)
	}
	kept := common.users
	metrics.Count("plaza_cache_hits_total", "How many reads were answered from memory.", kept.Hits)
	metrics.Count("plaza_cache_redis_hits_total", "How many reads were answered from Redis.", kept.SharedHits)
	metrics.Count("plaza_cache_misses_total", "How many reads were answered from the database.", kept.Misses)
	metrics.Count("plaza_cache_redis_outages_total", "How often Redis did not answer any more.", kept.Outages)
	gate := admission.New(time.Now)
	metrics.Count("plaza_requests_shed_total", "How many requests were refused since the processors could not keep up.",
		gate.Refused)
	return httpapi.New(httpapi.Config{
		Contract:     spec,
		Users:        user.New(pool).Keep(kept),
		KeptUsers:    kept,
		Addresses:    address.New(pool),
		Posts:        post.New(pool),
		Dependencies: dependencies,
		Tokens:       who.tokens,
		Identity:     who.identity,
		Failures:     common.limiter,
		Answers:      idempotency.New(pool),
		Position:     position,
		SignUpClosed: c.SignUpClosed,
		Limiter:      common.limiter,
		RateLimits:   c.RateLimits,
		Admit:        gate.Admit,
		Proxies:      c.Proxies,
		Metrics:      metrics,
		Sampler:      sampler,
		Tracer:       tracer,
		Log:          log,
		Now:          time.Now,
		CORSOrigins:  c.CORSOrigins,
		Docs:         c.Docs,
		HSTS:         c.Environment == Production,
		Secure:       strings.HasPrefix(c.issuer(), "https://"),
	})
}

// countReads shows the pools, and returns how positions are told: nil without replicas.
func countReads(database *postgres.DB, metrics *telemetry.Metrics) func(context.Context) postgres.Position {
	metrics.Pool("primary", database.Stat)
	metrics.Count("plaza_database_replica_reads_total", "How many reads a replica has answered.", database.ReplicaReads)
	metrics.Count("plaza_database_replica_fallbacks_total",
		"How many reads the primary was asked, although a replica was allowed.", database.ReplicaFallbacks)
	if len(database.Replicas()) == 0 {
		return nil
	}
	for _, r := range database.Replicas() {
		metrics.Pool(r.Name, r.Stat)
	}
	return database.Position
}
