package token

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	// typeAccess is the type of an access token (RFC 9068, section 2.1).
	typeAccess = "at+jwt"
	// MaxTTL is how long a token may live.
	MaxTTL = 24 * time.Hour
)

// Claims are what a token is to tell.
type Claims struct {
	UserID   int64 // 0 is a service
	ClientID string
	Role     string
	Scopes   []string
	// SessionID and GrantID are what the token rests on; empty: on nothing but the user or the client.
	SessionID, GrantID string
	TTL                time.Duration // up to MaxTTL
}

// claims are the claims of RFC 9068, section 2.2, and the role. Times have fractions of a second (RFC 7519, section
// 2), so that a token tells whether it is older than what ended those before it.
type claims struct {
	Issuer   string       `json:"iss"`
	Audience jwt.Audience `json:"aud"`
	Subject  string       `json:"sub"`
	ClientID string       `json:"client_id"`
	IssuedAt float64      `json:"iat"`
	Expiry   float64      `json:"exp"`
	ID       string       `json:"jti"`
	Scope    string       `json:"scope"`
	Session  string       `json:"sid,omitempty"`
	Grant    string       `json:"gid,omitempty"`
	Role     string       `json:"role"`
}

// Issuer makes access tokens.
type Issuer struct {
	keys *Keys
	name string
	now  func() time.Time
}

// NewIssuer makes an issuer. name is its URL, and the audience of its tokens.
func NewIssuer(keys *Keys, name string, now func() time.Time) *Issuer {
	return &Issuer{keys: keys, name: name, now: now}
}

// AccessToken makes a token (RFC 9068). It returns the errors of a query, and ErrSecretKey.
func (i *Issuer) AccessToken(ctx context.Context, c Claims) (string, error) {
	if c.TTL <= 0 || c.TTL > MaxTTL {
		return "", fmt.Errorf("a token lives %s at most, and more than nothing", MaxTTL) //nolint:err113 // nobody asks
	}
	subject := c.ClientID
	if c.UserID != 0 {
		subject = strconv.FormatInt(c.UserID, 10)
	}
	now := i.now()
	return i.sign(ctx, typeAccess, claims{
		Issuer: i.name, Audience: jwt.Audience{i.name}, Subject: subject, ClientID: c.ClientID,
		IssuedAt: seconds(now), Expiry: seconds(now.Add(c.TTL)), ID: rand.Text(),
		Scope: strings.Join(c.Scopes, " "), Role: c.Role, Session: c.SessionID, Grant: c.GrantID,
	})
}

// sign makes a token of a type out of claims.
func (i *Issuer) sign(ctx context.Context, kind jose.ContentType, claims any) (string, error) {
	id, key, err := i.keys.signer(ctx)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: id}},
		(&jose.SignerOptions{}).WithType(kind))
	if err != nil {
		return "", fmt.Errorf("token: sign: %w", err)
	}
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		return "", fmt.Errorf("token: sign: %w", err)
	}
	return text, nil
}

// seconds is a time in seconds since 1970, to the microsecond.
func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

// instant is the time of so many seconds since 1970.
func instant(seconds float64) time.Time { return time.UnixMicro(int64(seconds * 1e6)) }
