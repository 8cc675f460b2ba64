// Package testkit is what tests stand on: real databases, whole servers, factories, and a client that holds
// every answer against the contract.
//
// One PostgreSQL serves the whole test run, all packages of it, without durability. Each test gets a database of
// its own, cloned from a migrated template in milliseconds. A test that cannot get one fails; nothing skips.
//
// What speaks to Redis gets a real one, Redis(t), which ends with the test.
//
//	Main ── starts or joins the server ──▶ template (by the hash of schema/) ──clone──▶ Database(t)
//	                                                                                      │
//	                                                        NewServer(t) ── Client ── every answer checked
package testkit
