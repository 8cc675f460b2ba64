package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/mail"
)

// codes is how many codes of eight digits there are.
const codes = 100_000_000

// SendCode mails a one-time code to a live user of that address, at most one a minute, after it has returned: nobody
// can tell whether there is such a user.
func (s *Service) SendCode(ctx context.Context, email string) {
	s.background(ctx, "a code", func(ctx context.Context) error {
		row, err := s.DB.Queries(ctx).GetUserToSignIn(ctx, email)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNothingToDo
		}
		if err != nil {
			return err
		}
		return s.mailCode(ctx, row.User)
	})
}

// SendOwnCode mails a code to a user, or returns fault.NotFound.
func (s *Service) SendOwnCode(ctx context.Context, userID int64) error {
	u, err := s.Person(ctx, userID)
	if err != nil {
		return err
	}
	s.background(ctx, "a code", func(ctx context.Context) error { return s.mailCode(ctx, u) })
	return nil
}

// VerifyEmail verifies the address of who calls by the code of a mail. It returns fault.NotFound, fault.Invalid where
// the code is wrong or has ended, and fault.Unauthorized where the session has.
func (s *Service) VerifyEmail(ctx context.Context, caller token.Caller, code string) error {
	was, err := s.Person(ctx, caller.UserID)
	if err != nil {
		return err
	}
	wrong := fault.New(fault.Invalid, "The code is wrong, or no longer good",
		fault.Field{Pointer: "/code", Detail: "is wrong, or no longer good"}).Because(ErrNotProven)
	hash, right, err := s.tryCode(ctx, was, code)
	if err != nil {
		return err
	}
	if !right {
		return wrong
	}
	return s.DB.InTx(ctx, func(ctx context.Context) error {
		u, err := s.hold(ctx, caller)
		if err != nil {
			return err
		}
		used, err := s.useCode(ctx, u.ID, hash)
		if err != nil {
			return err
		}
		if !used || u.Email != was.Email {
			return wrong
		}
		return s.firstProof(ctx, u.ID, true) // whoever is signed in is who set the password
	})
}

func (s *Service) mailCode(ctx context.Context, u User) error {
	n, err := rand.Int(rand.Reader, big.NewInt(codes))
	if err != nil {
		return fmt.Errorf("identity: %w", err)
	}
	code := fmt.Sprintf("%08d", n)
	stored, err := s.DB.Queries(ctx).UpdateEmailCode(ctx, db.UpdateEmailCodeParams{
		UserID: u.ID, Hash: s.codeMAC(u, code),
	})
	if err != nil {
		return err
	}
	if stored == 0 {
		return errNothingToDo
	}
	return s.Mail.Send(ctx, mail.Message{
		To:      u.Email,
		Subject: "Your code for Plaza: " + code,
		Text: "Hello,\n\nyour code is\n\n    " + code + "\n\nIt is good for ten minutes, once. Type it only " +
			"where you asked for it, at\n" + s.Issuer + "\n\nIf you did not ask, nothing happens.\n",
	})
}

// tryCode counts an attempt and tells whether it was right, spaces aside; hash is what useCode needs.
func (s *Service) tryCode(ctx context.Context, u User, code string) (hash []byte, right bool, err error) {
	hash, err = s.DB.Queries(ctx).UpdateEmailCodeTried(ctx, u.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return hash, hmac.Equal(hash, s.codeMAC(u, strings.ReplaceAll(code, " ", ""))), nil
}

// useCode takes the code away, and tells whether this call was the one that did.
func (s *Service) useCode(ctx context.Context, userID int64, hash []byte) (bool, error) {
	deleted, err := s.DB.Queries(ctx).DeleteEmailCode(ctx, db.DeleteEmailCodeParams{UserID: userID, Hash: hash})
	return deleted == 1, err
}

// codeMAC is what is kept of a code: it shows one address of one user alone.
func (s *Service) codeMAC(u User, code string) []byte {
	return mac(s.keys.code, strconv.FormatInt(u.ID, 10)+" "+code+" "+u.Email)
}

// proofTTL is how long a proof of a password is good.
const proofTTL = 15 * time.Minute

// prove returns what tells for a while that a user's password was known.
func (s *Service) prove(userID int64, passwordHash string) string {
	until := strconv.FormatInt(s.Now().Add(proofTTL).Unix(), 10)
	return until + "." + base64.RawURLEncoding.EncodeToString(mac(s.keys.proof, proofText(until, userID, passwordHash)))
}

// proves tells whether a proof is good, for that password.
func (s *Service) proves(proof string, userID int64, passwordHash string) bool {
	until, sum, _ := strings.Cut(proof, ".")
	raw, err := base64.RawURLEncoding.DecodeString(sum)
	seconds, parseErr := strconv.ParseInt(until, 10, 64)
	return err == nil && parseErr == nil && s.Now().Before(time.Unix(seconds, 0)) && passwordHash != "" &&
		hmac.Equal(raw, mac(s.keys.proof, proofText(until, userID, passwordHash)))
}

func proofText(until string, userID int64, passwordHash string) string {
	return until + " " + strconv.FormatInt(userID, 10) + " " + passwordHash
}
