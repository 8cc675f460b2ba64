package identity

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/password"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/mail"
	"github.com/plaza-api/plaza/internal/postgres"
)

// User is a person.
type User = db.User

// Client is an application or a service.
type Client = db.Client

// Session is a browser in which a person is signed in.
type Session = db.Session

// Config is what a service is made of.
type Config struct {
	DB        *postgres.DB
	Keys      *token.Keys
	Issuer    string // the URL under which people reach this server
	Secret    []byte // PLAZA_SECRET_KEY
	Scopes    []contract.Scope
	Passwords *password.Hasher
	Mail      mail.Sender
	Log       *slog.Logger
	Now       func() time.Time
}

// Service signs people and clients in.
type Service struct {
	Config

	tokens *token.Issuer
	verify *token.Verifier
	keys   derivedKeys
	posts  sync.WaitGroup // mails on their way
	outbox chan struct{}  // holds one token for each
}

// derivedKeys are made of the secret key, one for each use.
type derivedKeys struct{ code, proof, successor []byte }

// maxMails is how many mails may be on their way at once.
const maxMails = 64

// New makes a service. verify is what tells whose an access token is.
func New(c Config, verify *token.Verifier) (*Service, error) {
	s := &Service{
		Config: c, tokens: token.NewIssuer(c.Keys, c.Issuer, c.Now), verify: verify, outbox: make(chan struct{}, maxMails),
	}
	for use, key := range map[string]*[]byte{
		"plaza email codes": &s.keys.code, "plaza password proofs": &s.keys.proof, "plaza refresh tokens": &s.keys.successor,
	} {
		derived, err := hkdf.Key(sha256.New, c.Secret, nil, use, sha256.Size)
		if err != nil {
			return nil, fmt.Errorf("identity: derive a key: %w", err)
		}
		*key = derived
	}
	return s, nil
}

// Wait returns when no mail is on its way any more.
func (s *Service) Wait() { s.posts.Wait() }

// Error is what OAuth calls an error (RFC 6749, sections 4.1.2.1 and 5.2).
type Error struct {
	Code        string // "invalid_grant"
	Description string // for developers
}

// Told is the description in the characters that may be sent (RFC 6749, section 5.2).
func (e *Error) Told() string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"' || r == '\\':
			return '\''
		case r < ' ' || r > '~':
			return '?'
		}
		return r
	}, e.Description)
}

// Error returns both.
func (e *Error) Error() string { return e.Code + ": " + e.Description }

// The errors that several places make.
const (
	invalidRequest = "invalid_request"
	invalidGrant   = "invalid_grant"
	invalidScope   = "invalid_scope"
)

// hashOf is what is kept of a random secret.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// mac is the HMAC of text.
func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// missing is the fault of what is not there.
func missing(what string) error { return fault.New(fault.NotFound, "No such "+what) }

// background runs do after the answer, so that neither its time nor its errors are the caller's to see.
func (s *Service) background(ctx context.Context, what string, do func(context.Context) error) {
	select {
	case s.outbox <- struct{}{}:
	default:
		s.Log.WarnContext(ctx, "too many mails on their way", "dropped", what)
		return
	}
	s.posts.Go(func() {
		defer func() { <-s.outbox }()
		const patience = 15 * time.Second
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		if err := do(ctx); err != nil && !errors.Is(err, errNothingToDo) {
			s.Log.WarnContext(ctx, "mail", "what", what, "error", err)
		}
	})
}

// errNothingToDo ends a background task that found nothing to do.
var errNothingToDo = errors.New("nothing to do")
