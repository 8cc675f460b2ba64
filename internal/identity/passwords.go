package identity

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
)

// SignUp makes a user with create and gives them a password, in one transaction; after it a code is mailed, since the
// password works only once the address is verified. It returns create's errors and fault.Unavailable.
func (s *Service) SignUp(
	ctx context.Context, password string, create func(context.Context) (User, error),
) (User, error) {
	hash, err := s.Passwords.Hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	var made User
	err = s.DB.InTx(ctx, func(ctx context.Context) error {
		if made, err = create(ctx); err != nil {
			return err
		}
		email := made.Email
		s.DB.AfterCommit(ctx, func(ctx context.Context) { s.SendCode(ctx, email) })
		return s.DB.Queries(ctx).InsertPassword(ctx, db.InsertPasswordParams{UserID: made.ID, Hash: hash})
	})
	return made, err
}

// ChangePassword sets the password of a user; who has one names it. A change ends all sessions of the user. It returns
// fault.NotFound, fault.Invalid where the current password is missing or wrong, and fault.Unavailable.
func (s *Service) ChangePassword(ctx context.Context, userID int64, current *string, password string) error {
	if _, err := s.Person(ctx, userID); err != nil {
		return err
	}
	old, err := s.DB.Queries(ctx).GetPassword(ctx, userID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if old != "" {
		if err := s.checkCurrent(ctx, current, old); err != nil {
			return err
		}
	}
	hash, err := s.Passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context) error {
		now, err := s.DB.Queries(ctx).GetPassword(ctx, userID)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if now != old {
			return fault.New(fault.Conflict, "The password has been changed meanwhile")
		}
		return s.DB.Queries(ctx).UpdatePassword(ctx, db.UpdatePasswordParams{UserID: userID, Hash: hash})
	})
}

func (s *Service) checkCurrent(ctx context.Context, current *string, hash string) error {
	if current == nil {
		return fault.New(fault.Invalid, "The current password is needed",
			fault.Field{Pointer: "/current_password", Detail: "is required"})
	}
	right, err := s.Passwords.Verify(ctx, *current, hash)
	if err == nil && !right {
		return fault.New(fault.Invalid, "The current password is wrong",
			fault.Field{Pointer: "/current_password", Detail: "is wrong"}).Because(ErrNotProven)
	}
	return err
}
