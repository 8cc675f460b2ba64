package identity

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
)

// NeedsConsent tells whether the person has to be asked: where the client asks so, where more is asked for than was
// allowed before, and always where the answer goes to an application on the person's machine, since any other may
// pretend to be that one (RFC 8252, section 8.6).
func (s *Service) NeedsConsent(ctx context.Context, r Request, userID int64) (bool, error) {
	if to, err := url.Parse(r.RedirectURI); err != nil || to.Scheme != "https" || r.Wants("consent") {
		return true, nil //nolint:nilerr // asking is always right
	}
	allowed, err := s.DB.Queries(ctx).GetConsent(ctx, db.GetConsentParams{UserID: userID, ClientID: r.Client.ID})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return false, err
	}
	return slices.ContainsFunc(r.Scopes, func(scope string) bool { return !slices.Contains(allowed, scope) }), nil
}

// Consent remembers what a person has allowed a client, beside what was allowed before.
func (s *Service) Consent(ctx context.Context, r Request, userID int64) error {
	return s.DB.InTx(ctx, func(ctx context.Context) error {
		q := s.DB.Queries(ctx)
		before, err := q.GetConsent(ctx, db.GetConsentParams{UserID: userID, ClientID: r.Client.ID})
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		scopes := slices.Concat(before, r.Scopes)
		slices.Sort(scopes)
		scopes = slices.DeleteFunc(slices.Compact(scopes), func(scope string) bool {
			return !slices.Contains(r.Client.Scopes, scope)
		})
		return q.UpdateConsent(ctx, db.UpdateConsentParams{UserID: userID, ClientID: r.Client.ID, Scopes: scopes})
	})
}
