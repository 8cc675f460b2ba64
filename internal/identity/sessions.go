package identity

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
)

// Sessions returns the sessions of a user, the newest first, at most 100.
func (s *Service) Sessions(ctx context.Context, userID int64) ([]Session, error) {
	return s.DB.Queries(ctx).ListSessions(ctx, userID)
}

// EndSession ends one session of a user, with all that came of it, or returns fault.NotFound.
func (s *Service) EndSession(ctx context.Context, userID int64, id string) error {
	deleted, err := s.DB.Queries(ctx).DeleteSession(ctx, db.DeleteSessionParams{ID: id, UserID: userID})
	if err == nil && deleted == 0 {
		return missing("session")
	}
	return err
}

// Person returns a live user, or fault.NotFound.
func (s *Service) Person(ctx context.Context, userID int64) (User, error) {
	u, err := s.DB.Queries(ctx).GetUser(ctx, userID)
	if errors.Is(err, pgx.ErrNoRows) {
		return User{}, missing("user")
	}
	return u, err
}
