// Package app puts Plaza together: it is the only place that knows every part.
//
//	environment ─▶ Config ─▶ Database ─▶ migrations ─▶ pool ─▶ services ─▶ httpapi.Server
//	              config.go  database.go                       └────── wire.go ──────┘
//
// Run leads the server through its life:
//
//	starting ──every dependency answers──▶ serving ──context ends──▶ stopping ──▶ stopped
//	   │                                      │            not ready; waits for requests
//	   └── one does not: error that names it  └── listener fails: error
//
// What always holds:
//
//   - A configuration is refused as a whole, with every fault in it, before anything starts.
//   - Nothing listens before the dependencies answer and the schema is up to date.
//   - Whatever was started is stopped in the reverse order, also when the start failed half-way.
//   - Stopping ends: requests have a limit, and what is left after it is cut off.
package app
