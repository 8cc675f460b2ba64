// Package embedded runs a private PostgreSQL below a data directory, so that
// Plaza needs nothing but the installed programs postgres and initdb.
//
// Any number of processes, and of Servers in one process, share the server of a
// directory. The first one in starts it, the last one out stops it:
//
//	           Start, nobody attached              Start, first ever
//	   ┌────────────────────────────────┐   ┌───────────────────────────┐
//	   ▼                                │   ▼                           │
//	starting ──ready──▶ running ──last Stop──▶ stopped ◀──rename── data.new-*
//	   ▲                 │   ▲   │
//	   │                 │   └───┘ Start and Stop of the others
//	   └── watch, Start ─┘ postmaster killed
//	                     │   ▲
//	   all holders killed│   │ Start adopts it
//	                     ▼   │
//	                   orphaned
//
// Two locks (flock, so the kernel drops them when a process is killed) carry this:
//
//	change.lock    exclusive, held while something starts, restarts or stops
//	attached.lock  shared, held by each Server from Start to Stop
//
// Whoever leaves takes change.lock and then tries attached.lock exclusively: it
// gets that only if nobody else is attached, and nobody can attach meanwhile. So
// no Stop ever takes the server from somebody who still uses it.
//
// PostgreSQL runs in a session of its own and does not die with the process that
// started it, because others may be attached to it. When all of them are killed it
// stays behind as an orphan, whole and warm, and the next Start adopts it. An
// orphan whose directory is deleted ends by itself within a minute, since
// PostgreSQL looks for its postmaster.pid that often.
//
// Each Server watches the postmaster: when that ends unexpectedly, the first to
// get change.lock starts it again with the settings it had, and the others find it
// running. Connections are lost then, committed work is not.
//
// What always holds:
//
//   - There is no network listener; the one socket stands in a directory that only
//     the server's user (and root) may enter, and its path never changes.
//   - A cluster that exists is whole and has the database "plaza": it is built
//     under another name and renamed when it is on the disk.
//   - Nothing is ever created in place of a cluster that vanished under a Server.
//   - As root, PostgreSQL runs as the owner of an existing cluster, else as the
//     user postgres, else as nobody; it gets the capability to search closed
//     directories (CAP_DAC_READ_SEARCH, Linux) only where it could not reach its
//     own directory otherwise.
//
// Below the data directory:
//
//	postgres/data            the cluster
//	postgres/socket          the socket; in /tmp where this path is too long for one
//	postgres/server.log      what PostgreSQL says, emptied when it exceeds 16 MiB
//	postgres/settings.json   the settings of the last Start, for restarts
//	postgres/*.lock          the locks
package embedded
