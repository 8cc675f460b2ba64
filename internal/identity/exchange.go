package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/identity/token"
)

const (
	// codeTTL is how long a code is good (RFC 6749, section 4.1.2).
	codeTTL = time.Minute
	// AccessTTL is how long an access token is good.
	AccessTTL = 10 * time.Minute
)

// The kinds of clients.
const (
	KindPublic       = "public"
	KindConfidential = "confidential"
	KindService      = "service"
)

// Exchange is what a client asks tokens with.
type Exchange struct {
	GrantType, Code, RedirectURI, Verifier, RefreshToken, Scope string
}

// Tokens are what a client gets.
type Tokens struct {
	Access  string
	Refresh string // empty: none
	ID      string // empty: none
	Scopes  []string
}

// Exchange gives tokens to a client that is authenticated. Its errors are *Error, and those of a query.
func (s *Service) Exchange(ctx context.Context, c Client, e Exchange) (Tokens, error) {
	switch e.GrantType {
	case "authorization_code":
		return s.exchangeCode(ctx, c, e)
	case "refresh_token":
		return s.refresh(ctx, c, e)
	case "client_credentials":
		return s.serve(ctx, c, e)
	case "":
		return Tokens{}, &Error{invalidRequest, "grant_type is missing"}
	default:
		return Tokens{}, &Error{
			"unsupported_grant_type", "grant_type must be authorization_code, refresh_token or client_credentials",
		}
	}
}

// exchangeCode exchanges a code (RFC 6749, section 4.1.3; RFC 7636, section 4.6). A code is used up by whoever shows
// it, and a second use ends what the first gave (RFC 9700, section 4.5).
func (s *Service) exchangeCode(ctx context.Context, c Client, e Exchange) (Tokens, error) {
	if e.Code == "" || e.Verifier == "" || e.RedirectURI == "" {
		return Tokens{}, &Error{invalidRequest, "code, code_verifier and redirect_uri are needed"}
	}
	refresh := rand.Text()
	var grant db.GetGrantRow
	var code db.AuthorizationCode
	var refused *Error
	err := s.DB.InTx(ctx, func(ctx context.Context) error {
		q := s.DB.Queries(ctx)
		var err error
		code, err = q.GetAuthorizationCodeForUpdate(ctx, hashOf(e.Code))
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			refused = &Error{invalidGrant, "The code is not good"}
			return nil
		case err != nil:
			return err
		}
		if refused = s.codeFault(code, c, e); refused != nil {
			return s.endCode(ctx, code)
		}
		grant, err = s.grant(ctx, code, refresh)
		if errors.Is(err, pgx.ErrNoRows) {
			refused = &Error{invalidGrant, "The session has ended"}
			return nil
		}
		return err
	})
	if err != nil {
		return Tokens{}, err
	}
	if refused != nil {
		return Tokens{}, refused
	}
	return s.mint(ctx, grant, grant.Grant.Scopes, refresh, code.Nonce)
}

// endCode ends a code, and what it gave.
func (s *Service) endCode(ctx context.Context, code db.AuthorizationCode) error {
	if code.GrantID != nil {
		if err := s.DB.Queries(ctx).DeleteGrant(ctx, *code.GrantID); err != nil {
			return err
		}
	}
	return s.DB.Queries(ctx).UpdateAuthorizationCodeUsed(ctx, db.UpdateAuthorizationCodeUsedParams{Hash: code.Hash})
}

// grant makes what a code gives. It returns pgx.ErrNoRows where the session or the person is gone.
func (s *Service) grant(ctx context.Context, code db.AuthorizationCode, refresh string) (db.GetGrantRow, error) {
	q := s.DB.Queries(ctx)
	made, err := q.InsertGrant(ctx, db.InsertGrantParams{
		SessionID: code.SessionID, ClientID: code.ClientID, Scopes: code.Scopes,
	})
	if err != nil {
		return db.GetGrantRow{}, err
	}
	whole, err := q.GetGrant(ctx, made.ID)
	if err != nil {
		return db.GetGrantRow{}, err
	}
	if err := q.InsertRefreshToken(ctx, db.InsertRefreshTokenParams{Hash: hashOf(refresh), GrantID: made.ID}); err != nil {
		return db.GetGrantRow{}, err
	}
	return whole, q.UpdateAuthorizationCodeUsed(ctx, db.UpdateAuthorizationCodeUsedParams{
		Hash: code.Hash, GrantID: &made.ID,
	})
}

// codeFault returns what is wrong with a code; nil is nothing.
func (s *Service) codeFault(code db.AuthorizationCode, c Client, e Exchange) *Error {
	switch {
	case code.UsedAt != nil:
		return &Error{invalidGrant, "The code was used before"}
	case s.Now().Sub(code.CreatedAt) > codeTTL:
		return &Error{invalidGrant, "The code has expired"}
	case code.ClientID != c.ID:
		return &Error{invalidGrant, "The code is not good"}
	case code.RedirectUri != e.RedirectURI:
		return &Error{invalidGrant, "redirect_uri is not the one that the code was asked for with"}
	case !answersChallenge(e.Verifier, code.CodeChallenge):
		return &Error{invalidGrant, "code_verifier does not answer the challenge"}
	}
	return nil
}

// serve gives a service a token of its own (RFC 6749, section 4.4.2).
func (s *Service) serve(ctx context.Context, c Client, e Exchange) (Tokens, error) {
	if c.Kind != KindService {
		return Tokens{}, &Error{"unauthorized_client", "client_credentials is for services"}
	}
	scopes, err := narrow(c.Scopes, e.Scope)
	if err != nil {
		return Tokens{}, err
	}
	access, err := s.tokens.AccessToken(ctx, token.Claims{
		ClientID: c.ID, Role: token.RoleService, Scopes: scopes, TTL: AccessTTL,
	})
	return Tokens{Access: access, Scopes: scopes}, err
}

// mint makes the tokens of a grant. Nonce is the ID token's.
func (s *Service) mint(ctx context.Context, g db.GetGrantRow, scopes []string, refresh, nonce string) (Tokens, error) {
	access, err := s.tokens.AccessToken(ctx, token.Claims{
		UserID: g.User.ID, ClientID: g.Grant.ClientID, Role: string(g.User.Role), Scopes: scopes, TTL: AccessTTL,
		SessionID: g.Session.ID, GrantID: g.Grant.ID,
	})
	if err != nil {
		return Tokens{}, err
	}
	t := Tokens{Access: access, Refresh: refresh, Scopes: scopes}
	if slices.Contains(scopes, "openid") {
		t.ID, err = s.tokens.IDToken(ctx, token.SignIn{
			UserID: g.User.ID, ClientID: g.Grant.ClientID, SessionID: g.Session.ID, Nonce: nonce,
			At: g.Session.CreatedAt, AccessToken: access,
		})
	}
	return t, err
}

// narrow returns the scopes that are asked for, of those that were granted; all where none are asked for (RFC 6749,
// section 6).
func narrow(granted []string, asked string) ([]string, error) {
	scopes := words(asked)
	if len(scopes) == 0 {
		return granted, nil
	}
	for _, scope := range scopes {
		if !slices.Contains(granted, scope) {
			return nil, &Error{invalidScope, strconv.Quote(scope) + " was not granted"}
		}
	}
	return scopes, nil
}
