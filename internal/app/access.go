package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/identity/password"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/mail"
	"github.com/plaza-api/plaza/internal/postgres"
)

const (
	// secretKeyLength is what PLAZA_SECRET_KEY has, in bytes.
	secretKeyLength = 32
	// secretFile holds it in the data directory where the environment does not.
	secretFile = "secret.key"
)

// access is what tells callers apart, and what signs them in.
type access struct {
	tokens   httpapi.Tokens
	identity *identity.Service // nil where another server signs people in
}

// openAccess makes it: of the OpenID provider that the configuration names, else of this server.
func openAccess(
	ctx context.Context, c Config, spec *contract.Contract, pool *postgres.DB, log *slog.Logger,
) (access, error) {
	if c.OIDCIssuer != "" {
		external, err := token.NewExternal(ctx, token.ExternalConfig{
			Issuer: c.OIDCIssuer, Audience: c.OIDCAudience, DB: pool, Now: time.Now,
		})
		if err != nil {
			return access{}, fmt.Errorf("PLAZA_OIDC_ISSUER: %w", err)
		}
		return access{tokens: external}, nil
	}
	secret, err := c.secret()
	if err != nil {
		return access{}, err
	}
	sender, err := c.sender()
	if err != nil {
		return access{}, fmt.Errorf("PLAZA_SMTP_URL: %w", err)
	}
	keys := token.NewKeys(pool, secret, time.Now)
	own := token.NewVerifier(pool, keys, c.issuer(), time.Now)
	service, err := identity.New(identity.Config{
		DB: pool, Keys: keys, Issuer: c.issuer(), Secret: secret, Scopes: spec.Scopes(),
		Passwords: password.New(password.AtOnce()), Mail: sender, Log: log, Now: time.Now,
	}, own)
	return access{tokens: own, identity: service}, err
}

// sender is what sends mails; without a mail server they are kept.
func (c Config) sender() (mail.Sender, error) { //nolint:ireturn // two kinds
	if c.SMTPURL == "" {
		return c.captured(), nil
	}
	return mail.NewSMTP(c.SMTPURL, c.MailFrom)
}

// captured are the mails that development keeps.
func (c Config) captured() *mail.Capture { return mail.NewCapture(filepath.Join(c.DataDir, "mail")) }

// issuer is what own tokens name as theirs, and where browsers reach the server.
func (c Config) issuer() string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	return "http://" + reachable(c.HTTPAddr)
}

// secret returns the secret key, and makes one in the data directory where there is none.
func (c Config) secret() ([]byte, error) {
	if c.SecretKey != nil {
		return c.SecretKey, nil
	}
	if c.Environment == Production || c.DataDir == "" {
		return nil, &ConfigError{Faults: []error{errors.New("PLAZA_SECRET_KEY is needed")}}
	}
	name := filepath.Join(c.DataDir, secretFile)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = makeSecret(name)
	}
	if err != nil {
		return nil, fmt.Errorf("secret key: %w", err)
	}
	read := Config{}
	if err := parseSecretKey(&read, strings.TrimSpace(string(text))); err != nil {
		return nil, fmt.Errorf("secret key: %s %w", name, err)
	}
	return read.SecretKey, nil
}

// makeSecret writes a new key for its owner alone. Of several at once all get the first one's.
func makeSecret(name string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err //nolint:wrapcheck // it names the file; wrapped by the caller
	}
	key := make([]byte, secretKeyLength)
	_, _ = rand.Read(key) // never fails
	draft, err := os.CreateTemp(filepath.Dir(name), secretFile+".*")
	if err != nil {
		return nil, err //nolint:wrapcheck // ditto
	}
	_, err = draft.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err = errors.Join(err, draft.Sync(), draft.Close()); err == nil {
		if err = os.Link(draft.Name(), name); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	if err = errors.Join(err, os.Remove(draft.Name())); err != nil {
		return nil, err
	}
	return os.ReadFile(name) //nolint:wrapcheck // ditto
}
