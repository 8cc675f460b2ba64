package token

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/postgres"
)

const (
	// externalMemory is how long a token of another provider is remembered: its user may have got another address.
	externalMemory = time.Minute
	// externalTimeout bounds every call of that provider.
	externalTimeout = 5 * time.Second
)

// ExternalConfig says whose tokens are taken.
type ExternalConfig struct {
	Issuer   string // its URL, as its tokens name it
	Audience string // what they have to name as their audience
	DB       *postgres.DB
	Now      func() time.Time
}

// External tells whose a token of another OpenID provider is: of the live user who has the e-mail address that the
// provider has verified, or of a service where it names no address.
type External struct {
	db       *postgres.DB
	now      func() time.Time
	verifier *oidc.IDTokenVerifier
	memory   *memory
}

// NewExternal asks the provider for its keys (OpenID Connect Discovery 1.0, section 4); they are kept, and asked for
// again when a token names another. It returns why the provider does not answer.
func NewExternal(ctx context.Context, c ExternalConfig) (*External, error) {
	// The provider keeps this context for as long as it lives, and the client with its time-out.
	client := &http.Client{Timeout: externalTimeout}
	provider, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), client), c.Issuer)
	if err != nil {
		return nil, fmt.Errorf("the OpenID provider does not answer: %w", err)
	}
	return &External{
		db: c.DB, now: c.Now, memory: newMemory(c.DB, c.Now),
		verifier: provider.Verifier(&oidc.Config{
			ClientID: c.Audience, Now: c.Now,
			SupportedSigningAlgs: []string{oidc.RS256, oidc.PS256, oidc.ES256, oidc.EdDSA},
		}),
	}, nil
}

// Verify returns whose a token is. It returns fault.Unauthorized for one that is not good or whose user is not here,
// and the errors of a query.
func (e *External) Verify(ctx context.Context, raw string) (Caller, error) {
	return e.memory.caller(ctx, raw, e.check)
}

// externalClaims are those of RFC 9068, section 2.2, with the words of providers that are older.
type externalClaims struct {
	Email         string          `json:"email"`
	EmailVerified bool            `json:"email_verified"`
	ClientID      string          `json:"client_id"`
	Party         string          `json:"azp"`
	Scope         string          `json:"scope"`
	Scopes        json.RawMessage `json:"scp"` // a text or a list
	Nonce         *string         `json:"nonce"`
	TokenHash     *string         `json:"at_hash"`
}

func (e *External) check(ctx context.Context, raw string) (known, error) {
	if !accessType(raw) {
		return known{}, refuse("it is no access token", nil)
	}
	verified, err := e.verifier.Verify(ctx, raw)
	if err != nil {
		return known{}, refuse("the provider's rules", err)
	}
	var c externalClaims
	if err := verified.Claims(&c); err != nil {
		return known{}, refuse("it cannot be read", err)
	}
	scopes := append(strings.Fields(c.Scope), listed(c.Scopes)...)
	if c.Nonce != nil || c.TokenHash != nil || len(scopes) == 0 {
		return known{}, refuse("it is an ID token", nil)
	}
	caller := Caller{Scopes: scopes, ExpiresAt: verified.Expiry, Role: RoleService}
	for _, name := range []string{verified.Subject, c.Party, c.ClientID} {
		if name != "" {
			caller.ClientID = name
		}
	}
	if c.Email != "" {
		if err := e.identify(ctx, c, &caller); err != nil {
			return known{}, err
		}
	}
	until := e.now().Add(externalMemory)
	if verified.Expiry.Before(until) {
		until = verified.Expiry
	}
	return known{caller: caller, rests: []string{caller.Key()}, issued: verified.IssuedAt, until: until}, nil
}

// identify finds the user whom the provider vouches for.
func (e *External) identify(ctx context.Context, c externalClaims, caller *Caller) error {
	if !c.EmailVerified {
		return refuse("its e-mail address is not verified", nil)
	}
	u, err := e.db.Queries(ctx).GetUserByEmail(ctx, c.Email)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && u.Status == db.UserStatusSuspended {
		return refuse("no user here has its e-mail address", nil)
	}
	caller.UserID, caller.Role = u.ID, string(u.Role)
	return err
}

// accessType tells whether a token may be an access token by its type: providers older than RFC 9068 say JWT.
func accessType(raw string) bool {
	parsed, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256, jose.EdDSA})
	if err != nil {
		return false
	}
	kind, _ := parsed.Headers[0].ExtraHeaders[jose.HeaderType].(string)
	switch strings.TrimPrefix(strings.ToLower(kind), "application/") {
	case typeAccess, "jwt", "":
		return true
	default:
		return false
	}
}

// listed reads a text with blanks or a list of texts.
func listed(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return strings.Fields(text)
	}
	return nil
}
