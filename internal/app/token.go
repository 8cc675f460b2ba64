package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/user"
)

// commandLine is the client that `plaza token` makes tokens for.
const commandLine = "plaza-command-line"

// TokenRequest says what `plaza token` is to make.
type TokenRequest struct {
	Role   string        // "member" or "admin"
	UserID int64         // 0: the first user of that role, made where there is none
	TTL    time.Duration // how long it lives
}

// ErrNoToken tells why no token is printed.
var ErrNoToken = errors.New("tokens are printed in development alone: in production people and services sign in")

// ErrElsewhere tells that there are no own keys.
var ErrElsewhere = errors.New("PLAZA_OIDC_ISSUER signs people in here")

// Token prints an access token with every scope of the contract.
func Token(ctx context.Context, c Config, r TokenRequest, out io.Writer, log *slog.Logger) error {
	if c.Environment == Production {
		return ErrNoToken
	}
	return onKeys(ctx, c, log, func(pool *postgres.DB, keys *token.Keys, spec *contract.Contract) error {
		subject, err := subjectOf(ctx, pool, r)
		if err != nil {
			return err
		}
		text, err := token.NewIssuer(keys, c.issuer(), time.Now).AccessToken(ctx, token.Claims{
			UserID: subject, ClientID: commandLine, Role: r.Role, Scopes: contract.ScopeNames(spec.Scopes()), TTL: r.TTL,
		})
		if err != nil {
			return fmt.Errorf("token: %w", err)
		}
		_, err = fmt.Fprintln(out, text)
		return err
	})
}

// RotateKeys makes a new key for own tokens and prints its id.
func RotateKeys(ctx context.Context, c Config, out io.Writer, log *slog.Logger) error {
	return onKeys(ctx, c, log, func(_ *postgres.DB, keys *token.Keys, _ *contract.Contract) error {
		id, err := keys.Rotate(ctx)
		if err != nil {
			return fmt.Errorf("keys: %w", err)
		}
		_, err = fmt.Fprintln(out, "signs from now on: ", id)
		return err
	})
}

// subjectOf finds the user that a token is to be for.
func subjectOf(ctx context.Context, pool *postgres.DB, r TokenRequest) (int64, error) {
	users := user.New(pool)
	if r.UserID != 0 {
		u, err := users.Get(ctx, r.UserID)
		return u.ID, err
	}
	u, err := users.StandIn(ctx, user.Role(r.Role))
	return u.ID, err
}

// onKeys runs do with the keys of own tokens, on the database of a configuration, brought up to date.
func onKeys(
	ctx context.Context, c Config, log *slog.Logger, do func(*postgres.DB, *token.Keys, *contract.Contract) error,
) error {
	if c.OIDCIssuer != "" {
		return ErrElsewhere
	}
	secret, err := c.secret()
	if err != nil {
		return err
	}
	return onDatabase(ctx, c, log, func(pool *postgres.DB, spec *contract.Contract) error {
		return do(pool, token.NewKeys(pool, secret, time.Now), spec)
	})
}

// onDatabase runs do on the database of a configuration, brought up to date.
func onDatabase(
	ctx context.Context, c Config, log *slog.Logger, do func(*postgres.DB, *contract.Contract) error,
) error {
	spec, err := loadContract() //nolint:contextcheck // nothing in it waits
	if err != nil {
		return err
	}
	database, err := OpenDatabase(ctx, c, log)
	if err != nil {
		return err
	}
	err = database.Prepare(ctx, c.Environment, log)
	if err == nil {
		err = onPool(ctx, database.URL, spec, func(pool *postgres.DB) error { return do(pool, spec) })
	}
	return errors.Join(err, database.Close(ctx))
}

func onPool(ctx context.Context, url string, spec *contract.Contract, do func(*postgres.DB) error) error {
	pool, err := postgres.Open(ctx, postgres.Config{URL: url, Properties: spec.Columns()})
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer pool.Close()
	return do(pool)
}
