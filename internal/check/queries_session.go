package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/plaza-api/plaza/internal/postgres"
)

// connectAsServer connects with the planner's settings that the program's sessions have, and plans that fit any
// arguments.
func connectAsServer(ctx context.Context, address string) (*pgx.Conn, error) {
	database, err := postgres.Open(ctx, postgres.Config{URL: address, MaxConns: 1})
	if err != nil {
		return nil, fmt.Errorf("the scratch database: %w", err)
	}
	defer database.Close()
	rows, err := database.Conn(ctx).Query(ctx, `SELECT name, setting FROM pg_settings
		WHERE source = 'client' AND (category LIKE 'Query Tuning%' OR name = 'jit')`)
	if err != nil {
		return nil, fmt.Errorf("the sessions' settings: %w", err)
	}
	settings := map[string]string{"plan_cache_mode": "force_generic_plan"}
	var name, value string
	if _, err := pgx.ForEachRow(rows, []any{&name, &value}, func() error {
		settings[name] = value
		return nil
	}); err != nil {
		return nil, fmt.Errorf("the sessions' settings: %w", err)
	}
	conn, err := connectScratch(ctx, address)
	if err != nil {
		return nil, err
	}
	for name, value := range settings {
		if _, err := conn.Exec(ctx, "SELECT set_config($1, $2, false)", name, value); err != nil {
			return nil, errors.Join(fmt.Errorf("the sessions' settings: %w", err), conn.Close(ctx))
		}
	}
	return conn, nil
}

// connectScratch connects to a scratch database.
func connectScratch(ctx context.Context, address string) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("a scratch database: %w", err)
	}
	return conn, nil
}

// refusal returns what PostgreSQL says against a statement, in an error of it.
func refusal(err error) (*pgconn.PgError, bool) { return errors.AsType[*pgconn.PgError](err) }

// filledWith is MigratedWith with rows in every table: some thousand, with statistics as of millions where the
// server's user may say so.
func (p *Project) filledWith(ctx context.Context, files fs.FS) (string, error) {
	hash, err := hashOf(files)
	if err != nil {
		return "", err
	}
	hash = "filled " + hash
	if template := p.migrated[hash]; template != "" {
		return p.createDatabase(ctx, template)
	}
	address, err := p.MigratedWith(ctx, files)
	if err != nil {
		return "", err
	}
	if err := fillDatabase(ctx, address); err != nil {
		return "", err
	}
	p.migrated[hash] = databaseOf(address)
	return p.createDatabase(ctx, p.migrated[hash])
}
