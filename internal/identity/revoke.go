package identity

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/token"
)

// Revoke ends a token of a client: a refresh token with all that came of it, or one access token (RFC 7009, section
// 2.1). What is no token is left alone without an error; another client's is refused.
func (s *Service) Revoke(ctx context.Context, c Client, text string) error {
	caller, err := s.verify.Verify(ctx, text)
	if err == nil {
		if caller.ClientID != c.ID {
			return &Error{"unauthorized_client", "The token is another client's"}
		}
		return s.DB.Queries(ctx).InsertRevocation(ctx, "token:"+caller.TokenID)
	}
	if !fault.Is(err, fault.Unauthorized) {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context) error {
		row, err := s.findRefresh(ctx, c, text)
		if err != nil || row == nil {
			return err
		}
		return s.DB.Queries(ctx).DeleteGrant(ctx, row.GrantID)
	})
}

// Introspection is what is told of a token (RFC 7662, section 2.2).
type Introspection struct {
	Active    bool
	Kind      string // "Bearer" or "refresh_token"
	Caller    token.Caller
	Scopes    []string
	ExpiresAt time.Time // zero: not told
}

// Introspect tells a client about its own tokens, and a service about every access token.
func (s *Service) Introspect(ctx context.Context, c Client, text string) (Introspection, error) {
	caller, err := s.verify.Verify(ctx, text)
	if err == nil {
		if caller.ClientID != c.ID && c.Kind != KindService {
			return Introspection{}, nil
		}
		return Introspection{
			Active: true, Kind: "Bearer", Caller: caller, Scopes: caller.Scopes, ExpiresAt: caller.ExpiresAt,
		}, nil
	}
	if !fault.Is(err, fault.Unauthorized) {
		return Introspection{}, err
	}
	var told Introspection
	err = s.DB.InTx(ctx, func(ctx context.Context) error {
		row, err := s.findRefresh(ctx, c, text)
		if err != nil || row == nil || row.UsedAt != nil {
			return err
		}
		grant, err := s.DB.Queries(ctx).GetGrant(ctx, row.GrantID)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		told = Introspection{
			Active: err == nil, Kind: "refresh_token", Scopes: grant.Grant.Scopes, ExpiresAt: grant.Session.ExpiresAt,
			Caller: token.Caller{UserID: grant.User.ID, ClientID: c.ID},
		}
		return err
	})
	return told, err
}

// findRefresh finds a refresh token of a client; nil where it has no such one.
func (s *Service) findRefresh(ctx context.Context, c Client, text string) (*db.GetRefreshTokenForUpdateRow, error) {
	if text == "" || strings.ContainsRune(text, '.') { // no refresh token has a dot, and every access token has
		return nil, nil //nolint:nilnil // there is none
	}
	row, err := s.DB.Queries(ctx).GetRefreshTokenForUpdate(ctx, hashOf(text))
	if errors.Is(err, pgx.ErrNoRows) || err == nil && row.ClientID != c.ID {
		return nil, nil //nolint:nilnil // ditto
	}
	return &row, err
}
