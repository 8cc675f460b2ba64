// Package telemetry counts and measures what the server does, for Prometheus to collect, and sends its traces.
//
//	http_server_request_duration_seconds{operation,status}   by operationId, never by path
//	http_server_active_requests
//	plaza_database_connections{server,state}, plaza_database_acquire_seconds_total{server}, …
//	plaza_database_replica_reads_total                       answered by a replica
//	plaza_database_replica_fallbacks_total                   answered by the primary, although one was allowed
//	plaza_cache_hits_total, plaza_cache_misses_total
//	plaza_rate_limit_exceeded_total{operation}               refused, or only observed
//	plaza_requests_shed_total                                refused, as the processors could not keep up
//	plaza_rate_limit_fallbacks_total                         decided without Redis, which did not answer
//	go_gc_heap_live_bytes, go_goroutines, …                  the Go runtime's, and those of the process
//
// dashboard.json shows them all in Grafana. A new metric gets its panel there; a test names what is missing.
//
// Traces are spans, which OpenTelemetry's SDK makes, keeps for up to 5 seconds and sends in batches:
//
//	request (httpapi) ── statement, batch, copy, long wait for a connection (postgres)
//	     └─▶ queue, bounded ──▶ collector, OTLP over HTTP          what is full or refused is lost, and logged
//
// There is no global tracer: each server has its own Traces, and none where there is nowhere to send them.
package telemetry
