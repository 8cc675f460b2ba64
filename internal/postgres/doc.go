// Package postgres is the way to the database: a pool with bounded waits,
// transactions that travel in the context, and PostgreSQL's errors as faults.
//
// A service asks for its queries where it needs them and never sees whether they run
// on the pool or in a transaction:
//
//	db.InTx(ctx, func(ctx context.Context) error {
//		_, err := db.Queries(ctx).InsertUser(ctx, …)
//		return err
//	})
//
// An outermost InTx goes through these states:
//
//	          ┌── 40001, 40P01: up to 3 times, after a pause ──┐
//	          ▼                                                │
//	begin ──▶ fn ──nil──▶ COMMIT ──answered: no───────────▶ rolled back ──▶ fault
//	          │             │  └─────answered: yes────────▶ committed ──▶ nil
//	          │             └────────no answer────────────▶ unknown ──▶ ErrOutcomeUnknown
//	          └──error, panic, context done──▶ ROLLBACK ──▶ rolled back
//
// What always holds:
//
//   - An InTx or a Conn inside an InTx joins its transaction; nothing inside one
//     waits for a second connection.
//   - Nothing is committed for a caller who has already gone, and a COMMIT that has
//     been sent is not cut off when the caller goes while it runs.
//   - A COMMIT whose answer was lost is never repeated.
//   - Every error is a *fault.Fault, pgx.ErrNoRows, or wraps what happened. The
//     cancellation of the caller stays context.Canceled. No fault's text shows a
//     value, a table or a statement; the cause is for the log.
//   - Waiting for a connection ends after Config.AcquireTimeout; that bound never
//     shortens the query itself.
//   - A connection that is closed counts as one of the pool's until its backend has
//     gone, and a cancel request that is lost is repeated: callers who leave in
//     thousands open no more backends than the pool has connections.
//   - Who holds a connection for longer than Config.HeldTooLong is reported once, with
//     the stack that took it.
//   - A pooler in front of the database that would mix up sessions stops the start.
//   - Times come back in UTC.
//   - The log names slow queries and never shows their arguments.
package postgres
