// Package password hashes passwords with Argon2id (RFC 9106) and checks them, a few at once: whoever comes beyond
// that waits, so that a flood of sign-ins leaves the processor to everybody else.
package password
