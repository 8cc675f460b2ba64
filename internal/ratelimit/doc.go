// Package ratelimit counts requests in a sliding window: in the process, or in Redis for all processes together.
//
// Always, for each key, while the store keeps it:
//
//   - In no window of the limit's length, wherever it begins, are more requests allowed than the limit says.
//   - A request is refused too early by at most a thirtieth of the window: whoever had room that long ago already is
//     allowed. (Two seconds of a minute. Keys with few requests far apart are counted exactly.)
//   - A refused request does not count.
//
// # The window
//
// A log of all requests would be exact and as long as the limit. Here requests that come within a thirtieth of the
// window after the first of them form a group, which leaves the window as a whole, when its last request does:
//
//	    ◀──────────────────── window ────────────────────▶
//	──┼─[••• •]────[••]─[•••••]──────────[•]─────────[•• •]──▶ now
//	         │                                       ◀──▶
//	         └ RetryAfter: when this leaves          at most a thirtieth
//
// So a window is at most 32 pairs of a time and a count, however high its limit. Times are those of one clock for
// each store: the process's monotonic clock, or the Redis server's, whatever the nodes' own clocks say. Where that is
// set back, time stands still for a key; where by more than a window, the key begins anew.
//
// # Without Redis
//
// Redis decides in one round trip. Where it answers not at all, with an error, or not within 50 ms, the process's
// own memory decides, from nothing, so that each node by itself allows the limit. Redis is left alone until it counts
// again, which is tried once a second in the background (an outage of package redis). The begin and the end are logged,
// the requests between them counted.
package ratelimit
