package contract

import "time"

// Policy is what an operation states about its run time.
type Policy struct {
	Security Security
	// Owner names the path parameter that holds the owner's id; empty where nobody owns.
	Owner string
	// Roles may call the operation; empty where any may.
	Roles []string
	// RateLimit is nil where the contract says none.
	RateLimit *RateLimit
	// FailedSignIns is nil where nothing is stated.
	FailedSignIns *FailedSignIns
	// IgnoreUnknown lets query parameters pass that the contract does not know.
	IgnoreUnknown bool
	// Cache is nil where nothing is stated.
	Cache *Cache
	// Replica tells that the answer may come from a replica of the database.
	Replica    bool
	Idempotent bool
	// BodyLimit in bytes; 0 where the operation takes no body.
	BodyLimit int64
	// Timeout is never zero.
	Timeout time.Duration
}

// Security says who may call: whoever meets one of the alternatives.
type Security struct {
	// Anonymous tells that a caller need not sign in.
	Anonymous bool
	// Alternatives in the order of the contract; empty where nobody signs in.
	Alternatives []Alternative
}

// Alternative is one way to sign in: a scheme and the scopes that it must grant, all of them.
type Alternative struct {
	Scheme string
	Scopes []string
}

// RateLimit allows so many requests in any window of that length.
type RateLimit struct {
	Requests int
	Per      time.Duration
}

// FailedSignIns allows so many failed attempts to sign in, beyond which further ones are not looked at.
type FailedSignIns struct {
	Account RateLimit // as one person or client
	Address RateLimit // from one IP address
}

// Cache says how long the server's memory may keep an answer, and what browsers
// and CDNs are told (RFC 9111, section 5.2); one of the two may be zero.
type Cache struct {
	Keep    time.Duration
	Control string
}
