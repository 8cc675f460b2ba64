package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/plaza-api/plaza/schema"
)

// ErrNothingApplied is what Down returns on a database without migrations.
var ErrNothingApplied = errors.New("no migration is applied, so there is none to undo")

// connectTimeout bounds one attempt to connect where the URL does not say.
const connectTimeout = 5 * time.Second

// connections are what one migration needs: the lock's, goose's own, and one to look with.
const connections = 3

// Migration is one change of the schema.
type Migration struct {
	Version int64
	// Name is that of its file, without the extension: "0001_users".
	Name string
	// AppliedAt is when the database got it, in UTC; zero while it is pending.
	AppliedAt time.Time
}

// Pending reports whether the database does not have the migration yet.
func (m Migration) Pending() bool { return m.AppliedAt.IsZero() }

// Migrator applies the migrations of a file system to one database. Its methods may
// be called concurrently.
type Migrator struct {
	db       *sql.DB
	provider *goose.Provider
}

// Open makes a Migrator for the database at url with the migrations in files. It
// connects to nothing yet; its errors are those of the URL and of the files' names.
func Open(url string, files fs.FS) (*Migrator, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("migrate: database URL: %w", err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	// Prepared statements would outlive a transaction, which old PgBouncers cannot have.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	if _, stated := config.RuntimeParams["application_name"]; !stated {
		config.RuntimeParams["application_name"] = "plaza migrate"
	}
	config.RuntimeParams["timezone"] = "UTC" // goose's times have no zone
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(connections)
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("migrate: read the migrations: %w", err), db.Close())
	}
	return &Migrator{db: db, provider: provider}, nil
}

// Up brings the database at url to the schema of this program.
func Up(ctx context.Context, url string) error {
	m, err := Open(url, schema.Files)
	if err != nil {
		return err
	}
	_, err = m.Up(ctx)
	return errors.Join(err, m.Close())
}

// Close gives the connections back.
func (m *Migrator) Close() error {
	if err := m.db.Close(); err != nil {
		return fmt.Errorf("migrate: close: %w", err)
	}
	return nil
}

// Up applies what is pending and returns it, in order. On an error the migrations
// before the faulty one stay applied.
func (m *Migrator) Up(ctx context.Context) ([]Migration, error) {
	var applied []Migration
	err := m.alone(ctx, func() error {
		before, err := m.Pending(ctx)
		if err != nil || len(before) == 0 {
			return err
		}
		if _, err := m.provider.Up(ctx); err != nil {
			return failed(err)
		}
		after, err := m.Status(ctx)
		applied = after[len(after)-len(before):]
		return err
	})
	return applied, err
}

// Down undoes the migration that was applied last, and returns it. Its data is lost.
// It returns ErrNothingApplied where there is none.
func (m *Migrator) Down(ctx context.Context) (Migration, error) {
	var undone Migration
	err := m.alone(ctx, func() error {
		status, err := m.Status(ctx)
		if err != nil {
			return err
		}
		if len(status) == 0 || status[0].Pending() {
			return ErrNothingApplied
		}
		result, err := m.provider.Down(ctx)
		if err != nil {
			return failed(err)
		}
		undone = Migration{Version: result.Source.Version, Name: name(result.Source.Path)}
		return nil
	})
	return undone, err
}

// Status returns every migration in order, with the time at which the database got it.
func (m *Migrator) Status(ctx context.Context) ([]Migration, error) {
	times, err := m.history(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate: read what is applied: %w", err)
	}
	sources := m.provider.ListSources()
	status := make([]Migration, 0, len(sources))
	for _, source := range sources {
		status = append(status, Migration{
			Version: source.Version, Name: name(source.Path), AppliedAt: times[source.Version],
		})
	}
	return status, nil
}

// Pending returns the migrations that the database does not have, in order.
func (m *Migrator) Pending(ctx context.Context) ([]Migration, error) {
	status, err := m.Status(ctx)
	var pending []Migration
	for _, migration := range status {
		if migration.Pending() {
			pending = append(pending, migration)
		}
	}
	return pending, err
}

// history returns when each version was applied. goose would make its table first,
// which a look must not do.
func (m *Migrator) history(ctx context.Context) (map[int64]time.Time, error) {
	var exists bool
	err := m.db.QueryRowContext(ctx, "SELECT to_regclass('goose_db_version') IS NOT NULL").Scan(&exists)
	if err != nil || !exists {
		return nil, err //nolint:wrapcheck // wrapped by Status
	}
	rows, err := m.db.QueryContext(ctx, "SELECT version_id, tstamp FROM goose_db_version")
	if err != nil {
		return nil, err //nolint:wrapcheck // wrapped by Status
	}
	defer func() { _ = rows.Close() }()
	times := map[int64]time.Time{}
	for rows.Next() {
		var version int64
		var at time.Time
		if err := rows.Scan(&version, &at); err != nil {
			return nil, err //nolint:wrapcheck // wrapped by Status
		}
		times[version] = at
	}
	return times, rows.Err()
}

// failed says which file was at fault. goose's own text calls it by type and number.
func failed(err error) error {
	if partial, ok := errors.AsType[*goose.PartialError](err); ok {
		return fmt.Errorf("migrate: %s: %w", path.Base(partial.Failed.Source.Path), partial.Err)
	}
	if errors.Is(err, goose.ErrVersionNotFound) {
		return fmt.Errorf("migrate: the database has a migration that this version of plaza does not know: %w", err)
	}
	return fmt.Errorf("migrate: %w", err)
}

func name(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }
