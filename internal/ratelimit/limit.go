package ratelimit

import (
	"context"
	"net/netip"
	"time"
)

// Limit allows so many requests in any window of that length.
type Limit struct {
	// Requests is at least 1.
	Requests int
	// Per is the window's length, at least a millisecond.
	Per time.Duration
}

// Decision says whether a request is allowed, and what the next ones can expect.
type Decision struct {
	Allowed bool
	// Remaining is how many more would be allowed now.
	Remaining int
	// Reset is when Remaining grows next if nobody asks meanwhile, Per at most; 0 where nothing counts.
	Reset time.Duration
	// RetryAfter is when a request is allowed again if nobody else asks meanwhile, Per at most; 0 where one is
	// allowed now.
	RetryAfter time.Duration
}

// Limiter decides on requests. It always answers, and may be used by many goroutines at once. What is counted belongs
// to a key and a window's length: another length begins anew, another number of requests does not.
type Limiter interface {
	// Take counts a request, unless it is refused.
	Take(ctx context.Context, key string, limit Limit) Decision
	// Peek says what Take would, as if one asked: Allowed whether there is room. It counts nothing.
	Peek(ctx context.Context, key string, limit Limit) Decision
}

// subscriberBits is the part of an IPv6 address that a subscriber cannot choose.
const subscriberBits = 64

// ClientKey names the client behind an address: an IPv4 address, mapped into IPv6 or not, or the /64 of an IPv6
// address, all of which belongs to one subscriber. All invalid addresses are one client.
func ClientKey(address netip.Addr) string {
	address = address.Unmap()
	if !address.Is6() {
		return address.String()
	}
	return netip.PrefixFrom(address.WithZone(""), subscriberBits).Masked().String()
}
