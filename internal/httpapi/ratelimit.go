package httpapi

import (
	"fmt"
	"math"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/ratelimit"
)

const (
	headerRateLimit       = "Ratelimit"
	headerRateLimitPolicy = "Ratelimit-Policy"
)

// RateLimits says what becomes of a call beyond its limit.
type RateLimits string

// What becomes of it.
const (
	RateLimitsEnforced RateLimits = "enforce" // refused
	RateLimitsObserved RateLimits = "observe" // counted and let through
	RateLimitsOff      RateLimits = "off"     // not even counted
)

// limitRate counts the calls of an operation per caller, else per address (x-rate-limit), and refuses those beyond
// the limit (draft-ietf-httpapi-ratelimit-headers-10; RFC 6585, section 4).
func (s *Server) limitRate(op *contract.Operation) echo.MiddlewareFunc {
	limit := op.Policy.RateLimit
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if limit == nil || s.config.RateLimits == RateLimitsOff {
			return next
		}
		policy := []string{fmt.Sprintf(`"default";q=%d;w=%d`, limit.Requests, int(limit.Per.Seconds()))}
		refusal := fault.New(fault.TooManyRequests,
			fmt.Sprintf("At most %d calls in %d seconds", limit.Requests, int(limit.Per.Seconds())))
		allowed := ratelimit.Limit{Requests: limit.Requests, Per: limit.Per}
		return func(c echo.Context) error {
			d := s.config.Limiter.Take(c.Request().Context(), op.ID+" "+caller(c), allowed)
			h := c.Response().Header()
			h[headerRateLimitPolicy] = policy
			h.Set(headerRateLimit, `"default";r=`+strconv.Itoa(d.Remaining)+";t="+strconv.Itoa(wholeSeconds(d.Reset)))
			if d.Allowed {
				return next(c)
			}
			if s.config.Metrics != nil {
				s.config.Metrics.OverLimit(op.ID)
			}
			if s.config.RateLimits == RateLimitsObserved {
				return next(c)
			}
			refused := *refusal
			refused.RetryAfter = d.RetryAfter
			return &refused
		}
	}
}

// caller names who calls: whoever is signed in, else the address.
func caller(c echo.Context) string {
	if name := callerKey(c); name != "" {
		return name
	}
	return addressKey(c)
}

// callerKey names who is signed in; empty where nobody is.
func callerKey(c echo.Context) string {
	caller, _ := token.CallerOf(c.Request().Context())
	return caller.Key()
}

// addressKey names the network that the call came from: an IPv4 address, or the /64 of an IPv6 address.
func addressKey(c echo.Context) string {
	address, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return "address unknown"
	}
	return "address " + ratelimit.ClientKey(address)
}

// trustProxies makes the edge take the caller's address from X-Forwarded-For, as far as proxies that are trusted
// have written it; without any the connection's address counts.
func trustProxies(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, proxy := range proxies {
		options = append(options, echo.TrustIPRange(ipNet(proxy)))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// wholeSeconds rounds up: who waits so long has waited long enough.
func wholeSeconds(d time.Duration) int { return int(math.Ceil(max(d, 0).Seconds())) }

func ipNet(p netip.Prefix) *net.IPNet {
	p = p.Masked()
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}
