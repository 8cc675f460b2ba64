package identity

import (
	"context"
	"encoding/base64"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
)

// refresh gives new tokens for a refresh token, which is good once (RFC 6749, section 6; RFC 9700, section 4.14.2).
// Its successor is made of it, so that the same one is given again within ten seconds, be it to another tab or after
// an answer that was lost. Whoever shows it later ends the grant: one of two has stolen it.
func (s *Service) refresh(ctx context.Context, c Client, e Exchange) (Tokens, error) {
	if e.RefreshToken == "" {
		return Tokens{}, &Error{invalidRequest, "refresh_token is missing"}
	}
	next := s.successor(e.RefreshToken)
	var grant db.GetGrantRow
	var scopes []string
	var refused error
	err := s.DB.InTx(ctx, func(ctx context.Context) error {
		q := s.DB.Queries(ctx)
		refused = &Error{invalidGrant, "The refresh token is not good"}
		row, err := q.GetRefreshTokenForUpdate(ctx, hashOf(e.RefreshToken))
		if errors.Is(err, pgx.ErrNoRows) || err == nil && row.ClientID != c.ID {
			return nil
		}
		if err != nil {
			return err
		}
		if row.IsReused {
			refused = &Error{invalidGrant, "The refresh token was used before: sign in again"}
			return q.DeleteGrant(ctx, row.GrantID)
		}
		if grant, err = q.GetGrant(ctx, row.GrantID); errors.Is(err, pgx.ErrNoRows) {
			return nil
		} else if err != nil {
			return err
		}
		if scopes, refused = narrow(grant.Grant.Scopes, e.Scope); refused != nil {
			return nil //nolint:nilerr // it is the outcome
		}
		if err := q.UpdateRefreshTokenUsed(ctx, row.Hash); err != nil {
			return err
		}
		return q.InsertRefreshToken(ctx, db.InsertRefreshTokenParams{Hash: hashOf(next), GrantID: row.GrantID})
	})
	if err != nil {
		return Tokens{}, err
	}
	if refused != nil {
		return Tokens{}, refused
	}
	return s.mint(ctx, grant, scopes, next, "")
}

func (s *Service) successor(refreshToken string) string {
	return base64.RawURLEncoding.EncodeToString(mac(s.keys.successor, refreshToken))
}
