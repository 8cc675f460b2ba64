// Package cache keeps what reads answer, encoded, so that a hit writes bytes: in the memory of the process, and where
// there is a Redis, in that for all servers together.
//
// Always:
//
//   - Whoever has written reads, on the server that answered the write, what they wrote or something newer.
//   - While Redis answers, readers of another server see a write a moment after it was answered. Where it stalls
//     without a word they may do so half a second later, and where it is gone they read the database.
//   - Of many who miss the same entry at once one loads it. What is dropped while it is loaded is loaded again.
//   - That there is nothing is kept too, for some seconds.
//   - Without Redis, what a write has made is kept in place of what was, unless another write of it began meanwhile.
//
// # In Redis
//
// What is kept under a key says what a reader may do:
//
//	         a reader, who loads it                the reader, if the lease still stands
//	nothing ────────────────────────▶ lease, 5 s ─────────────────────────────────▶ entry, 300 s
//	   ▲                                  │                                              │
//	   └───── a writer, before the commit and after it ──────────────────────────────────┘
//
// From before the commit until after it, for 30 s at most, another key says that it is being written. Who finds that,
// or the lease of another, reads the database and keeps nothing. So what was read before a write is not kept after it,
// also where the writer is killed between the commit and its end.
//
// Redis tells all servers of every change of those other keys (tracking, in broadcasting mode), and they drop what they
// have in memory. When the connection is lost, all that is in memory is distrusted.
//
// # Without Redis
//
// When Redis does not answer within 50 ms, each server reads the database, and keeps nothing, until it answers again
// (an outage of package redis). What was written meanwhile is dropped from Redis before it is asked again, 2 s later,
// which leaves the other servers time to do so too: a Redis that comes back may know what was true before. In that calm
// writes are told to it as ever.
//
// What is left: a server that has noticed an outage, or alone has lost Redis, cannot tell the others of its writes, who
// read them when it is over, or when they notice too. One that is killed meanwhile hands in nothing: then what it wrote
// may be answered as it was before for as long as entries are kept.
package cache
