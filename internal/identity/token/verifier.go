package token

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
)

const (
	// maxLength is how long a token may be, in bytes.
	maxLength = 8 << 10
	// leeway is how far the clocks of servers may be apart.
	leeway = 5 * time.Second
)

// errToken is why a token is not good, for the log.
var errToken = errors.New("token")

// Verifier tells whose a token of this server is.
type Verifier struct {
	keys   *Keys
	issuer string
	now    func() time.Time
	memory *memory
}

// NewVerifier makes a verifier of the tokens that an issuer of that name makes.
func NewVerifier(database *postgres.DB, keys *Keys, issuer string, now func() time.Time) *Verifier {
	return &Verifier{keys: keys, issuer: issuer, now: now, memory: newMemory(database, now)}
}

// Verify returns whose a token is. It returns fault.Unauthorized for one that is not good, and the errors of a query.
func (v *Verifier) Verify(ctx context.Context, raw string) (Caller, error) {
	return v.memory.caller(ctx, raw, v.check)
}

// check holds a token against RFC 9068, section 4, and RFC 8725.
func (v *Verifier) check(ctx context.Context, raw string) (known, error) {
	parsed, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return known{}, refuse("it cannot be read", err)
	}
	header := parsed.Headers[0]
	kind, _ := header.ExtraHeaders[jose.HeaderType].(string)
	if !strings.EqualFold(strings.TrimPrefix(strings.ToLower(kind), "application/"), typeAccess) {
		return known{}, refuse("it is no access token", nil)
	}
	key, err := v.keys.find(ctx, header.KeyID)
	if err != nil {
		return known{}, err
	}
	if key == nil {
		return known{}, refuse("its key is not known", nil)
	}
	var c claims
	if err := parsed.Claims(key, &c); err != nil {
		return known{}, refuse("its signature is not good", err)
	}
	if why := v.fault(c); why != "" {
		return known{}, refuse(why, nil)
	}
	caller := Caller{
		ClientID: c.ClientID, Role: c.Role, Scopes: strings.Fields(c.Scope),
		SessionID: c.Session, GrantID: c.Grant, TokenID: c.ID, ExpiresAt: instant(c.Expiry),
	}
	if c.Role != RoleService {
		if caller.UserID, err = strconv.ParseInt(c.Subject, 10, 64); err != nil || caller.UserID < 1 {
			return known{}, refuse("it does not say who calls", nil)
		}
	}
	return known{caller: caller, rests: caller.rests(), issued: instant(c.IssuedAt), until: caller.ExpiresAt}, nil
}

// fault tells what is wrong with the claims of a token whose signature is good; empty is nothing.
func (v *Verifier) fault(c claims) string {
	now := v.now()
	switch {
	case c.Issuer != v.issuer:
		return "another has issued it"
	case !slices.Contains(c.Audience, v.issuer):
		return "it is for another audience"
	case !now.Before(instant(c.Expiry)):
		return "it has expired"
	case c.IssuedAt == 0 || instant(c.IssuedAt).After(now.Add(leeway)):
		return "it comes from the future"
	case c.ClientID == "" || !slices.Contains([]string{RoleMember, RoleAdmin, RoleService}, c.Role):
		return "it does not say who calls"
	}
	return ""
}

// refuse makes the one fault that all bad tokens get; why is for the log.
func refuse(why string, cause error) error {
	return fault.New(fault.Unauthorized, "The access token is not valid").
		Because(errors.Join(errToken, errors.New(why), cause)) //nolint:err113 // nobody asks for this one
}
