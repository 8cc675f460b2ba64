package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/page"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/seed"
)

// The arguments with which Run starts this program again; see Serve.
const (
	ServePlaza = "plaza"
	ServeBare  = "bare"
)

// secretLength is that of PLAZA_SECRET_KEY, in bytes.
const secretLength = 32

// Run measures Plaza on a database of its own, which it fills first and removes afterwards. The servers log to log.
// again are the arguments that make this program call Serve with the one that follows them.
func Run(ctx context.Context, o Options, again []string, log io.Writer) (Report, error) {
	if err := o.check(); err != nil {
		return Report{}, err
	}
	directory, err := os.MkdirTemp("", "plaza-bench-")
	if err != nil {
		return Report{}, fmt.Errorf("bench: %w", err)
	}
	if err := os.Chmod(directory, 0o755); err != nil { //nolint:gosec,mnd // PostgreSQL may run as another user
		return Report{}, errors.Join(fmt.Errorf("bench: %w", err), os.RemoveAll(directory))
	}
	secret := make([]byte, secretLength)
	_, _ = rand.Read(secret) // never fails
	config := app.Config{
		Environment: app.Development, DataDir: directory, PublicURL: "http://plaza.example", SecretKey: secret,
	}
	database, err := app.OpenDatabase(ctx, config, app.NewLog(log, app.Production))
	if err != nil {
		return Report{}, errors.Join(err, os.RemoveAll(directory))
	}
	config.DatabaseURL = database.URL
	report, err := o.on(ctx, config, database, again, log)
	return report, errors.Join(err, database.Close(ctx), os.RemoveAll(directory))
}

// on fills a database and measures the servers on it.
func (o Options) on(
	ctx context.Context, config app.Config, database *app.Database, again []string, log io.Writer,
) (Report, error) {
	if err := database.Prepare(ctx, config.Environment, app.NewLog(log, app.Production)); err != nil {
		return Report{}, err
	}
	pool, err := postgres.Open(ctx, postgres.Config{
		URL: config.DatabaseURL, StatementTimeout: -1, IdleInTransactionTimeout: -1,
	})
	if err != nil {
		return Report{}, fmt.Errorf("bench: %w", err)
	}
	defer pool.Close()
	o.Progress("people")
	if _, err := seed.Run(ctx, pool, seed.Options{Users: o.Users, Seed: 1}); err != nil {
		return Report{}, err
	}
	cursor, err := middle(ctx, pool)
	if err != nil {
		return Report{}, err
	}
	var token bytes.Buffer
	request := app.TokenRequest{Role: "admin", TTL: 24 * time.Hour} // the longest
	if err := app.Token(ctx, config, request, &token, app.NewLog(log, app.Production)); err != nil {
		return Report{}, err
	}
	foreign := func(entry string) bool { // would change what is measured
		return strings.HasPrefix(entry, "PLAZA_") || strings.HasPrefix(entry, "OTEL_")
	}
	environ := append(slices.DeleteFunc(os.Environ(), foreign), "PLAZA_DATABASE_URL="+config.DatabaseURL)
	bare, err := start(ctx, ServeBare, log, environ, append(again, ServeBare)...)
	if err != nil {
		return Report{}, err
	}
	plaza, err := startPlaza(ctx, config, log, environ, append(again, ServePlaza))
	if err != nil {
		return Report{}, errors.Join(err, bare.stop())
	}
	plaza.authorization = "Bearer " + strings.TrimSpace(token.String())
	var report Report
	if o.Soak > 0 {
		report, err = o.soak(ctx, plaza)
	} else {
		report, err = o.all(ctx, cursor, plaza, bare)
	}
	return report, errors.Join(err, plaza.stop(), bare.stop())
}

// startPlaza starts the whole server.
func startPlaza(
	ctx context.Context, config app.Config, log io.Writer, environ, command []string,
) (*server, error) {
	admin, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	plaza, err := start(ctx, ServePlaza, log, append(environ,
		"PLAZA_DATA_DIR="+config.DataDir, "PLAZA_HTTP_ADDR=127.0.0.1:0",
		"PLAZA_ADMIN_ADDR="+admin, "PLAZA_PUBLIC_URL="+config.PublicURL, "PLAZA_RATE_LIMITS=observe",
		"PLAZA_RESPONSE_SAMPLING=0.01", // as in production
		"PLAZA_SECRET_KEY="+base64.StdEncoding.EncodeToString(config.SecretKey),
	), command...)
	if err != nil {
		return nil, err
	}
	plaza.admin = admin
	return plaza, nil
}

// middle is the cursor of the middle of the list of people.
func middle(ctx context.Context, pool *postgres.DB) (string, error) {
	var after page.Position
	err := pool.Conn(ctx).QueryRow(ctx, "SELECT created_at, id FROM users WHERE deleted_at IS NULL "+
		"ORDER BY created_at DESC, id DESC OFFSET (SELECT count(*) / 2 FROM users) LIMIT 1").Scan(&after.Time, &after.ID)
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	return after.Cursor("users -created_at"), nil
}

// Serve is one of the servers that Run measures, until ctx ends. It prints its address first.
func Serve(ctx context.Context, which string, environ []string, stdout, log io.Writer) error {
	config, err := app.LoadConfig(environ)
	if err != nil {
		return err
	}
	if which == ServeBare {
		return serveBare(ctx, config.DatabaseURL, stdout)
	}
	return app.Run(ctx, app.Options{
		Config: config, Stdout: io.Discard, Log: app.NewLog(log, app.Production),
		Ready: func(addr string) { _, _ = fmt.Fprintln(stdout, addr) },
	})
}
