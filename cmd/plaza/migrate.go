package main

import (
	"context"
	"io"
	"log/slog"

	"github.com/plaza-api/plaza/internal/app"
)

type migrate struct {
	Up     migrateUp     `cmd:"" help:"Apply every pending migration."`
	Down   migrateDown   `cmd:"" help:"Undo the latest migration, and lose its data."`
	Status migrateStatus `cmd:"" help:"List the migrations."`
}

// Help shows how migrate is used.
func (migrate) Help() string {
	return `Works on PLAZA_DATABASE_URL, or else on the embedded PostgreSQL in PLAZA_DATA_DIR.

Examples:

    plaza migrate status
    PLAZA_DATABASE_URL=postgres://plaza@db/plaza plaza migrate up
`
}

type (
	migrateUp     struct{}
	migrateDown   struct{}
	migrateStatus struct{}
)

// Run applies what is pending.
func (migrateUp) Run(ctx context.Context, p *app.Process) error {
	return onDatabase(ctx, p, app.MigrateUp)
}

// Run undoes the latest migration.
func (migrateDown) Run(ctx context.Context, p *app.Process) error {
	return onDatabase(ctx, p, app.MigrateDown)
}

// Run lists the migrations.
func (migrateStatus) Run(ctx context.Context, p *app.Process) error {
	return onDatabase(ctx, p, app.MigrateStatus)
}

func onDatabase(
	ctx context.Context, p *app.Process, do func(context.Context, app.Config, io.Writer, *slog.Logger) error,
) error {
	config, err := app.LoadConfig(p.Environ)
	if err != nil {
		return err
	}
	return do(ctx, config, p.Stdout, app.NewLog(p.Stderr, config.Environment))
}
