package token

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// The roles of callers. A service is no user: it calls on its own.
const (
	RoleMember  = "member"
	RoleAdmin   = "admin"
	RoleService = "service"
)

// Caller is who calls, as a token tells.
type Caller struct {
	UserID    int64 // 0 is a service
	ClientID  string
	Role      string
	Scopes    []string
	ExpiresAt time.Time
}

// Has tells whether the caller was granted a scope.
func (c Caller) Has(scope string) bool { return slices.Contains(c.Scopes, scope) }

// Key names the caller, "user:12" or "client:x"; it is empty where nobody is signed in.
func (c Caller) Key() string {
	switch {
	case c.UserID != 0:
		return "user:" + strconv.FormatInt(c.UserID, 10)
	case c.ClientID != "":
		return "client:" + c.ClientID
	default:
		return ""
	}
}

type callerKey struct{}

// With returns a context that carries c to [CallerOf].
func With(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf returns who calls, and whether anybody is signed in.
func CallerOf(ctx context.Context) (Caller, bool) {
	c, signedIn := ctx.Value(callerKey{}).(Caller)
	return c, signedIn
}
