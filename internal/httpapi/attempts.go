package httpapi

import (
	"context"
	"errors"
	"hash/maphash"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/ratelimit"
)

// stripes is how many accounts may be tried at once; attempts at one come one after the other, so that none slips
// past the count of those before it.
const stripes = 256

// seed keeps others from choosing accounts that take turns with another one.
var seed = maphash.MakeSeed() //nolint:gochecknoglobals // of the process

// attempts are what one request tries to sign in with, held against x-failed-sign-ins.
type attempts struct {
	limiter ratelimit.Limiter
	limits  contract.FailedSignIns
	address string
	turns   []chan struct{}
}

type attemptsKey struct{}

// countFailures lets the handler of an operation with x-failed-sign-ins count failures; see [try].
func (s *Server) countFailures(op *contract.Operation) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if op.Policy.FailedSignIns == nil {
			return next
		}
		return func(c echo.Context) error {
			a := attempts{
				limiter: s.config.Failures, limits: *op.Policy.FailedSignIns, address: "failed from " + addressKey(c),
				turns: s.turns,
			}
			c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), attemptsKey{}, a)))
			return next(c)
		}
	}
}

// try runs an attempt to sign in as an account, unless too many have failed, as that account or from that address:
// then it returns fault.TooManyRequests. Which accounts there are makes no difference. Without an account failures
// count for the address alone.
func try(ctx context.Context, account string, attempt func() error) error {
	a, counts := ctx.Value(attemptsKey{}).(attempts)
	if !counts {
		return attempt()
	}
	keys := map[string]ratelimit.Limit{
		a.address: {Requests: a.limits.Address.Requests, Per: a.limits.Address.Per},
	}
	if account != "" {
		account = "failed as " + strings.ToLower(account)
		done, err := a.turn(ctx, account)
		if err != nil {
			return err
		}
		defer done()
		keys[account] = ratelimit.Limit{Requests: a.limits.Account.Requests, Per: a.limits.Account.Per}
	}
	for key, limit := range keys {
		if d := a.limiter.Peek(ctx, key, limit); !d.Allowed {
			slow := fault.New(fault.TooManyRequests, "Too many attempts have failed: wait a little")
			slow.RetryAfter = d.RetryAfter
			return slow
		}
	}
	err := attempt()
	if hasFailed(err) {
		for key, limit := range keys {
			a.limiter.Take(ctx, key, limit)
		}
	}
	return err
}

// turn waits until no other attempt at the account is under way on this server.
func (a attempts) turn(ctx context.Context, account string) (done func(), err error) {
	turn := a.turns[maphash.String(seed, account)%stripes]
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// hasFailed tells whether what was shown was wrong.
func hasFailed(err error) bool {
	if refused, ok := errors.AsType[*identity.Error](err); ok {
		return refused.Code == "invalid_client"
	}
	return errors.Is(err, identity.ErrNotProven)
}
