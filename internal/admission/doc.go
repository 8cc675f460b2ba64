// Package admission refuses requests while the processors cannot keep up with them, so that those that are admitted
// stay fast.
//
// What tells is how long goroutines wait for a processor once they could run. A request that waits for the database,
// for another server or for its turn to hash a password does not count: those have bounds of their own. It is looked at
// every 10 ms. Once more than a quarter of all waits were of 20 ms and longer ten times in a row, each look refuses
// another tenth of the requests, up to nine of ten; each that finds fewer lets in a twentieth again.
package admission
