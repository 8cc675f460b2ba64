package identity

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/token"
)

// Sessions returns the sessions of a user, the newest first, at most 100.
func (s *Service) Sessions(ctx context.Context, userID int64) ([]Session, error) {
	return s.DB.Queries(ctx).ListSessions(ctx, userID)
}

// hold locks the row of who calls until the transaction ends, so that neither who they are nor their session changes
// under it. It returns fault.NotFound, and fault.Unauthorized where the session has ended: servers take its tokens for
// a second more.
func (s *Service) hold(ctx context.Context, caller token.Caller) (User, error) {
	u, err := s.DB.Queries(ctx).GetUserForUpdate(ctx, caller.UserID)
	if errors.Is(err, pgx.ErrNoRows) {
		return User{}, missing("user")
	}
	if err != nil || caller.SessionID == "" {
		return u, err
	}
	if _, err = s.DB.Queries(ctx).GetSession(ctx, caller.SessionID); errors.Is(err, pgx.ErrNoRows) {
		return User{}, fault.New(fault.Unauthorized, "The session has ended")
	}
	return u, err
}

// EndSession ends one session of a user, with all that came of it, or returns fault.NotFound.
func (s *Service) EndSession(ctx context.Context, userID int64, id string) error {
	return s.DB.InTx(ctx, func(ctx context.Context) error { // repeated where it meets a refresh
		deleted, err := s.DB.Queries(ctx).DeleteSession(ctx, db.DeleteSessionParams{ID: id, UserID: userID})
		if err == nil && deleted == 0 {
			return missing("session")
		}
		return err
	})
}

// Person returns a live user, or fault.NotFound.
func (s *Service) Person(ctx context.Context, userID int64) (User, error) {
	u, err := s.DB.Queries(ctx).GetUser(ctx, userID)
	if errors.Is(err, pgx.ErrNoRows) {
		return User{}, missing("user")
	}
	return u, err
}
