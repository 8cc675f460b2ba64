// Package migrate brings a database to the schema that this program was built with.
//
// The migrations are the files in schema/, applied in the order of their numbers and
// each in a transaction of its own together with its line in goose_db_version (the
// table of the goose command, which may be used on the same database).
//
//	┌──────────── Up ─────────────┐
//	│              ┌───── Up ─────┤
//	│              │              ▼
//	empty ◀─Down─ some ◀─Down─── all ──▶ Pending is empty
//
// What always holds:
//
//   - Up and Down are alone: whoever comes second waits, and finds the work done. The
//     lock belongs to a transaction, not to a session, so it holds through PgBouncer
//     in transaction mode too and goes away with a process that is killed.
//   - Status and Pending only read.
//   - What failed has left nothing behind, and what stood before it stays.
package migrate
