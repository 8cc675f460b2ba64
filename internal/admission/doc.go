// Package admission refuses requests while the processors cannot keep up with them, so that those that are admitted
// stay fast.
//
// What tells is how long goroutines wait for a processor once they could run. A request that waits for the database,
// for another server or for its turn to hash a password does not count: those have bounds of their own. While more than
// a quarter of all waits are of 20 ms and longer, every 10 ms another tenth of the requests is refused, up to nine of
// ten; while fewer are, every 10 ms a twentieth is let in again.
package admission
