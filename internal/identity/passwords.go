package identity

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/mail"
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

// ChangePassword sets the password of who calls; who has one names it. A change ends all their sessions, and their
// address is told. It returns fault.NotFound, fault.Invalid where the current password is missing or wrong,
// fault.Unauthorized where the session has ended, and fault.Unavailable.
func (s *Service) ChangePassword(ctx context.Context, caller token.Caller, current *string, password string) error {
	if _, err := s.Person(ctx, caller.UserID); err != nil {
		return err
	}
	old, err := s.DB.Queries(ctx).GetPassword(ctx, caller.UserID)
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
		u, err := s.hold(ctx, caller)
		if err != nil {
			return err
		}
		now, err := s.DB.Queries(ctx).GetPassword(ctx, u.ID)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if now != old {
			return fault.New(fault.Conflict, "The password has been changed meanwhile")
		}
		s.tellOnCommit(ctx, u, "Your password for Plaza was changed", "the password of your account was changed, and every "+
			"browser signed out.\n\nWas it not you? Sign in by a code to this address, and set another.")
		return s.DB.Queries(ctx).UpdatePassword(ctx, db.UpdatePasswordParams{UserID: u.ID, Hash: hash})
	})
}

// ChangeEmail runs a change of a user that may change the address, while the session of who calls holds, and tells the
// old address of it. It returns change's errors, fault.NotFound, and fault.Unauthorized where the session has ended.
func (s *Service) ChangeEmail(
	ctx context.Context, caller token.Caller, userID int64, change func(context.Context) (User, error),
) (User, error) {
	var changed User
	err := s.DB.InTx(ctx, func(ctx context.Context) error {
		if caller.SessionID != "" {
			if _, err := s.hold(ctx, caller); err != nil {
				return err
			}
		}
		was, err := s.DB.Queries(ctx).GetUserForUpdate(ctx, userID)
		if errors.Is(err, pgx.ErrNoRows) {
			return missing("user")
		}
		if err != nil {
			return err
		}
		if changed, err = change(ctx); err == nil && changed.EmailVerifiedAt == nil {
			s.tellOnCommit(ctx, was, "Your e-mail address at Plaza was changed", "your account has the address "+changed.Email+
				" from now on.\n\nWas it not you? Tell whoever runs "+s.Issuer+" at once.")
		}
		return err
	})
	return changed, err
}

// tellOnCommit mails to the address of a user, if it is verified, once the transaction is committed.
func (s *Service) tellOnCommit(ctx context.Context, u User, subject, text string) {
	if u.EmailVerifiedAt == nil {
		return
	}
	s.DB.AfterCommit(ctx, func(ctx context.Context) {
		s.background(ctx, subject, func(ctx context.Context) error {
			return s.Mail.Send(ctx, mail.Message{To: u.Email, Subject: subject, Text: "Hello,\n\n" + text + "\n"})
		})
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
