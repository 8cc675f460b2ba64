package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/plaza-api/plaza/internal/postgres/embedded"
	"github.com/plaza-api/plaza/internal/postgres/migrate"
	"github.com/plaza-api/plaza/schema"
)

// stopLimit is how long the embedded server may take to stop before it is stopped the hard way.
const stopLimit = 10 * time.Second

// Database is where the data is: a PostgreSQL elsewhere, or the embedded one, which runs from OpenDatabase to
// Close unless another process uses it too.
type Database struct {
	URL string

	server *embedded.Server
}

// OpenDatabase finds the database of a configuration, and starts the embedded server where that is meant. A
// database elsewhere is not asked whether it answers.
func OpenDatabase(ctx context.Context, c Config, log *slog.Logger) (*Database, error) {
	if c.DatabaseURL != "" {
		return &Database{URL: c.DatabaseURL}, nil
	}
	server, err := embedded.Start(ctx, embedded.Options{DataDir: c.DataDir, Log: log})
	if err != nil {
		return nil, fmt.Errorf("embedded database: %w", err)
	}
	return &Database{URL: server.URL(embedded.Database), server: server}, nil
}

// Close lets go of the embedded server; where nobody else uses it, it stops.
func (d *Database) Close(ctx context.Context) error {
	if d.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	if err := d.server.Stop(ctx); err != nil {
		return fmt.Errorf("embedded database: %w", err)
	}
	return nil
}

// Prepare brings the schema up to date. In production a database elsewhere is left as it is, and refused where
// it lacks a migration: several servers share it, and when it changes is the operator's to say.
func (d *Database) Prepare(ctx context.Context, e Environment, log *slog.Logger) error {
	return d.withMigrator(func(m *migrate.Migrator) error {
		if e == Production && d.server == nil {
			return refusePending(ctx, m)
		}
		applied, err := m.Up(ctx)
		if len(applied) > 0 {
			log.InfoContext(ctx, "migrated", "applied", names(applied))
		}
		return err
	})
}

func refusePending(ctx context.Context, m *migrate.Migrator) error {
	pending, err := m.Pending(ctx)
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		return fmt.Errorf("the database lacks %s: run plaza migrate up", names(pending))
	}
	return nil
}

func (d *Database) withMigrator(do func(*migrate.Migrator) error) error {
	m, err := migrate.Open(d.URL, schema.Files)
	if err != nil {
		return err
	}
	return errors.Join(do(m), m.Close())
}

// database says for people where the data is, without a password.
func (c Config) database() string {
	if c.DatabaseURL != "" {
		return "PLAZA_DATABASE_URL"
	}
	if absolute, err := filepath.Abs(c.DataDir); err == nil {
		return absolute + " (embedded PostgreSQL)"
	}
	return c.DataDir + " (embedded PostgreSQL)"
}

func names(migrations []migrate.Migration) string {
	all := make([]string, 0, len(migrations))
	for _, m := range migrations {
		all = append(all, m.Name)
	}
	return strings.Join(all, ", ")
}
