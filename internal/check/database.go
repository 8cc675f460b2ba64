package check

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

// startLimit is how long a private PostgreSQL may take to start, and to stop.
const startLimit = time.Minute

// EmptyDatabase makes a scratch database without a table and returns its URL. Close drops it.
func (p *Project) EmptyDatabase(ctx context.Context) (string, error) {
	return p.createDatabase(ctx, "template0")
}

// MigratedDatabase makes a scratch database with all migrations of the tree and returns its URL. Its error is a
// [*Faulty] where a migration does not run.
func (p *Project) MigratedDatabase(ctx context.Context) (string, error) {
	files, err := fs.Sub(p.Files(), "schema")
	if err != nil {
		return "", fmt.Errorf("schema: %w", err)
	}
	return p.MigratedWith(ctx, files)
}

// MigratedWith is MigratedDatabase with the migrations in files, which stand at its top.
func (p *Project) MigratedWith(ctx context.Context, files fs.FS) (string, error) {
	hash, err := hashOf(files)
	if err != nil {
		return "", err
	}
	template := p.migrated[hash]
	if template == "" {
		address, err := p.EmptyDatabase(ctx)
		if err != nil {
			return "", err
		}
		if err := migrateUp(ctx, address, files); err != nil {
			return "", err
		}
		template = databaseOf(address)
		p.migrated[hash] = template
	}
	return p.createDatabase(ctx, template)
}

func migrateUp(ctx context.Context, address string, files fs.FS) error {
	migrations, err := readMigrations(files)
	if err != nil {
		return err
	}
	s, err := openSteps(ctx, address, migrations)
	if err != nil {
		return err
	}
	defer s.close()
	for _, m := range migrations {
		if m.version == 0 { // goose passes over it too
			continue
		}
		if err := s.step(ctx, m, true); err != nil {
			return err
		}
	}
	return nil
}

// hashOf tells the migrations of one schema from those of another.
func hashOf(files fs.FS) (string, error) {
	hash := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".sql" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		_, _ = fmt.Fprintf(hash, "%s %d\n%s", name, len(text), text) // a hash takes all
		return err                                                   //nolint:wrapcheck // below
	})
	if err != nil {
		return "", fmt.Errorf("reading the schema: %w", err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// createDatabase copies a database of the server.
func (p *Project) createDatabase(ctx context.Context, template string) (string, error) {
	if err := p.startServer(ctx); err != nil {
		return "", err
	}
	address, err := url.Parse(p.ServerURL)
	if err != nil {
		return "", fmt.Errorf("the scratch server's address: %w", err)
	}
	conn, err := pgx.Connect(ctx, p.ServerURL)
	if err != nil {
		return "", fmt.Errorf("the scratch server: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing hangs on it
	p.databases++
	name := fmt.Sprintf("check_%d_%s_%d", os.Getpid(), p.token, p.databases)
	statement := "CREATE DATABASE " + name + " TEMPLATE " + template + " STRATEGY FILE_COPY"
	if _, err := conn.Exec(ctx, statement); err != nil {
		return "", fmt.Errorf("a scratch database: %w", err)
	}
	if !p.private { // which goes as a whole
		later := context.WithoutCancel(ctx)
		p.closers = append(p.closers, func() error { return p.drop(later, name) })
	}
	address.Path = "/" + name
	return address.String(), nil
}

func (p *Project) drop(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	conn, err := pgx.Connect(ctx, p.ServerURL)
	if err != nil {
		return fmt.Errorf("the scratch server: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing hangs on it
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("dropping a scratch database: %w", err)
	}
	return nil
}

// startServer starts a private PostgreSQL, unless there is a server.
func (p *Project) startServer(ctx context.Context) error {
	if p.ServerURL != "" {
		return nil
	}
	folder, err := p.Scratch("postgres")
	if err != nil {
		return err
	}
	later := context.WithoutCancel(ctx)
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	server, err := embedded.Start(ctx, embedded.Options{
		DataDir:  folder,
		Settings: map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"},
	})
	if err != nil {
		return fmt.Errorf("a scratch database needs PostgreSQL: %w", err)
	}
	p.ServerURL, p.private = server.URL("postgres"), true
	p.closers = append(p.closers, func() error {
		ctx, cancel := context.WithTimeout(later, startLimit)
		defer cancel()
		return server.Stop(ctx)
	})
	return nil
}

func databaseOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return path.Base(parsed.Path)
}
