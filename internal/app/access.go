package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/postgres"
)

const (
	// secretKeyLength is what PLAZA_SECRET_KEY has, in bytes.
	secretKeyLength = 32
	// secretFile holds it in the data directory where the environment does not.
	secretFile = "secret.key"
)

// verifier makes what tells whose an access token is: of the OpenID provider that the configuration names, else of
// this server.
func verifier(ctx context.Context, c Config, pool *postgres.DB) (httpapi.Tokens, error) { //nolint:ireturn // two kinds
	if c.OIDCIssuer != "" {
		external, err := token.NewExternal(ctx, token.ExternalConfig{
			Issuer: c.OIDCIssuer, Audience: c.OIDCAudience, DB: pool, Now: time.Now,
		})
		if err != nil {
			return nil, fmt.Errorf("PLAZA_OIDC_ISSUER: %w", err)
		}
		return external, nil
	}
	secret, err := c.secret()
	if err != nil {
		return nil, err
	}
	return token.NewVerifier(pool, token.NewKeys(pool, secret, time.Now), c.issuer(), time.Now), nil
}

// issuer is what own tokens name as theirs.
func (c Config) issuer() string { return "http://" + reachable(c.HTTPAddr) }

// secret returns the secret key, and makes one in the data directory where there is none.
func (c Config) secret() ([]byte, error) {
	if c.SecretKey != nil {
		return c.SecretKey, nil
	}
	if c.DataDir == "" {
		return nil, &ConfigError{Faults: []error{errors.New("PLAZA_SECRET_KEY is needed, or PLAZA_DATA_DIR to keep one in")}}
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
