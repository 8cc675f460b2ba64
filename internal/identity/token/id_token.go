package token

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// typeID is the type of an ID token: not that of an access token.
const typeID = "JWT"

// idTTL is how long a client has to read an ID token.
const idTTL = 10 * time.Minute

// SignIn is what an ID token tells.
type SignIn struct {
	UserID      int64
	ClientID    string
	SessionID   string
	Nonce       string // empty: the client sent none
	At          time.Time
	AccessToken string // that comes along
}

// idClaims are those of OpenID Connect Core 1.0, sections 2 and 3.1.3.6.
type idClaims struct {
	Issuer      string `json:"iss"`
	Subject     string `json:"sub"`
	Audience    string `json:"aud"`
	IssuedAt    int64  `json:"iat"`
	Expiry      int64  `json:"exp"`
	AuthTime    int64  `json:"auth_time"`
	Nonce       string `json:"nonce,omitempty"`
	Session     string `json:"sid"`
	AccessToken string `json:"at_hash"`
}

// IDToken makes an ID token. It returns the errors of a query, and ErrSecretKey.
func (i *Issuer) IDToken(ctx context.Context, s SignIn) (string, error) {
	now := i.now()
	sum := sha256.Sum256([]byte(s.AccessToken))
	return i.sign(ctx, typeID, idClaims{
		Issuer: i.name, Subject: strconv.FormatInt(s.UserID, 10), Audience: s.ClientID,
		IssuedAt: now.Unix(), Expiry: now.Add(idTTL).Unix(), AuthTime: s.At.Unix(), Nonce: s.Nonce, Session: s.SessionID,
		AccessToken: base64.RawURLEncoding.EncodeToString(sum[:sha256.Size/2]),
	})
}

// ClientOf returns the client that an ID token of this server was made for, also when it has expired; empty where it
// is none. It returns the errors of a query.
func (i *Issuer) ClientOf(ctx context.Context, idToken string) (string, error) {
	parsed, err := jwt.ParseSigned(idToken, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return "", nil //nolint:nilerr // it is none
	}
	if kind, _ := parsed.Headers[0].ExtraHeaders[jose.HeaderType].(string); kind != typeID {
		return "", nil
	}
	key, err := i.keys.find(ctx, parsed.Headers[0].KeyID)
	if err != nil || key == nil {
		return "", err
	}
	var c idClaims
	if err := parsed.Claims(key, &c); err != nil || c.Issuer != i.name {
		return "", nil //nolint:nilerr // it is none
	}
	return c.Audience, nil
}
