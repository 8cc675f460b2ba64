// Package telemetry counts and measures what the server does, for Prometheus to collect.
//
//	http_server_request_duration_seconds{operation,status}   by operationId, never by path
//	http_server_active_requests
//	plaza_database_connections{state}, plaza_database_acquire_seconds_total, …
//	plaza_cache_hits_total, plaza_cache_misses_total
//	plaza_rate_limit_exceeded_total{operation}               refused, or only observed
//	plaza_rate_limit_fallbacks_total                         decided without Redis, which did not answer
package telemetry
