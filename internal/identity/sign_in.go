package identity

import (
	"context"
	"crypto/rand"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
)

// ErrNotProven is in the chain of what tells that a password, a code or a client's secret was wrong: it counts as a
// failed sign-in.
var ErrNotProven = errors.New("not proven")

// Browser is what a person signs in with.
type Browser struct {
	UserAgent string
	Address   string // the IP address
	Cookie    string // of the session it had; empty: none
}

// SignedIn is a person in a session.
type SignedIn struct {
	Session Session
	User    User
	Cookie  string // of a new session, for the browser to keep
}

// Unverified tells that the password was right, and that the e-mail address is not verified yet.
type Unverified struct {
	// Proof tells SignInByCode that the password was known.
	Proof string
}

// Error says so.
func (*Unverified) Error() string { return "the e-mail address is not verified" }

// SignInByPassword opens a session. A wrong password and an unknown address return the same fault.Unauthorized after
// the same time; *Unverified asks for a code; fault.Unavailable tells that too many sign in.
func (s *Service) SignInByPassword(ctx context.Context, email, password string, b Browser) (SignedIn, error) {
	wrong := fault.New(fault.Unauthorized, "The e-mail address or the password is wrong").Because(ErrNotProven)
	row, err := s.DB.Queries(ctx).GetUserToSignIn(ctx, email)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return SignedIn{}, err
	}
	right, err := s.Passwords.Verify(ctx, password, row.PasswordHash) // empty where there is no such user
	switch {
	case err != nil:
		return SignedIn{}, err
	case !right:
		return SignedIn{}, wrong
	case row.User.EmailVerifiedAt == nil:
		return SignedIn{}, &Unverified{Proof: s.prove(row.User.ID, row.PasswordHash)}
	}
	var in SignedIn
	err = s.DB.InTx(ctx, func(ctx context.Context) error {
		if err := s.stillIs(ctx, row, wrong); err != nil {
			return err
		}
		in, err = s.open(ctx, row.User, b)
		return err
	})
	return in, err
}

// stillIs locks the row of a user until the transaction ends, and returns wrong where what they proved themselves by
// has been changed since it was read, or they may not sign in any more.
func (s *Service) stillIs(ctx context.Context, was db.GetUserToSignInRow, wrong error) error {
	u, err := s.DB.Queries(ctx).GetUserForUpdate(ctx, was.User.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return wrong
	}
	if err != nil {
		return err
	}
	// The hash is read once the lock is had: whoever changes it has the lock first.
	hash, err := s.DB.Queries(ctx).GetPassword(ctx, u.ID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if u.Email != was.User.Email || u.Status == db.UserStatusSuspended || hash != was.PasswordHash {
		return wrong
	}
	return nil
}

// SignInByCode opens a session by the code that was mailed last, and verifies the address by it. It returns
// fault.Unauthorized where the code is wrong or has ended. proof may be empty.
func (s *Service) SignInByCode(ctx context.Context, email, code, proof string, b Browser) (SignedIn, error) {
	wrong := fault.New(fault.Unauthorized, "The code is wrong, or no longer good").Because(ErrNotProven)
	row, err := s.DB.Queries(ctx).GetUserToSignIn(ctx, email)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return SignedIn{}, err
	}
	hash, right, err := s.tryCode(ctx, row.User, code) // 0 where there is no such user
	if err != nil {
		return SignedIn{}, err
	}
	if !right {
		return SignedIn{}, wrong
	}
	var in SignedIn
	err = s.DB.InTx(ctx, func(ctx context.Context) error {
		if err := s.stillIs(ctx, row, wrong); err != nil {
			return err
		}
		if used, err := s.useCode(ctx, row.User.ID, hash); err != nil {
			return err
		} else if !used {
			return wrong
		}
		if row.User.EmailVerifiedAt == nil {
			if err := s.firstProof(ctx, row.User.ID, s.proves(proof, row.User.ID, row.PasswordHash)); err != nil {
				return err
			}
		}
		var err error
		in, err = s.open(ctx, row.User, b)
		return err
	})
	return in, err
}

// firstProof verifies the address of a user. Unless whoever shows the code knew the password too, all that was set
// and opened before ends: it may be somebody else's.
func (s *Service) firstProof(ctx context.Context, userID int64, knowsPassword bool) error {
	q := s.DB.Queries(ctx)
	if !knowsPassword {
		if err := q.DeletePassword(ctx, userID); err != nil {
			return err
		}
		if err := q.DeleteSessionsByUser(ctx, userID); err != nil {
			return err
		}
	}
	return q.UpdateUserEmailVerified(ctx, userID)
}

// open opens a session with a new cookie, and ends the one that the browser had: who knew its cookie gains nothing.
func (s *Service) open(ctx context.Context, u User, b Browser) (SignedIn, error) {
	in := SignedIn{User: u, Cookie: rand.Text()}
	err := s.DB.InTx(ctx, func(ctx context.Context) error {
		q := s.DB.Queries(ctx)
		if err := q.DeleteExpiredSessions(ctx); err != nil {
			return err
		}
		if b.Cookie != "" {
			if err := q.DeleteSessionByToken(ctx, hashOf(b.Cookie)); err != nil {
				return err
			}
		}
		const maxUserAgent, maxAddress = 300, 100
		var err error
		in.Session, err = q.InsertSession(ctx, db.InsertSessionParams{
			UserID: u.ID, TokenHash: hashOf(in.Cookie), UserAgent: clip(b.UserAgent, maxUserAgent),
			Address: clip(b.Address, maxAddress),
		})
		return err
	})
	return in, err
}

// Current returns who is signed in with a cookie, and whether anybody is.
func (s *Service) Current(ctx context.Context, cookie string) (SignedIn, bool, error) {
	if cookie == "" {
		return SignedIn{}, false, nil
	}
	row, err := s.DB.Queries(ctx).GetSessionByToken(ctx, hashOf(cookie))
	if errors.Is(err, pgx.ErrNoRows) {
		return SignedIn{}, false, nil
	}
	return SignedIn{Session: row.Session, User: row.User}, err == nil, err
}

// SignOut ends the session of a cookie, if there is one.
func (s *Service) SignOut(ctx context.Context, cookie string) error {
	return s.DB.InTx(ctx, func(ctx context.Context) error { // repeated where it meets a refresh
		return s.DB.Queries(ctx).DeleteSessionByToken(ctx, hashOf(cookie))
	})
}

// clip cuts text to so many characters, and leaves out what is not UTF-8 or not to be stored.
func clip(text string, most int) string {
	runes := []rune{}
	for _, r := range text {
		if r != 0 && r != '\uFFFD' && len(runes) < most {
			runes = append(runes, r)
		}
	}
	return string(runes)
}
