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
	SessionID string // empty: the token came of none
	GrantID   string // ditto; what the client got in the session
	TokenID   string
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

// rests are the subjects of the table revocations that end a token of the caller.
func (c Caller) rests() []string {
	subjects := []string{c.Key()}
	for kind, id := range map[string]string{
		"client": c.ClientID, "session": c.SessionID, "grant": c.GrantID, "token": c.TokenID,
	} {
		if subject := kind + ":" + id; id != "" && subject != c.Key() {
			subjects = append(subjects, subject)
		}
	}
	return subjects
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
