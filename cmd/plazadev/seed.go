package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/seed"
)

type fill struct {
	Users int    `help:"How many people to add." placeholder:"N"                             required:""`
	Seed  uint64 `default:"1"                    help:"The same seed makes the same people."`
}

// Help shows how seed is used.
func (fill) Help() string {
	return `Works on PLAZA_DATABASE_URL, or else on the embedded PostgreSQL in
PLAZA_DATA_DIR, also while plaza serve uses it. Adds to what is there, all or
nothing, and refuses PLAZA_ENV=production.

Examples:

    plazadev seed --users 1000
    plazadev seed --users 1000000 --seed 7
`
}

// Run fills the database and prints what it made.
func (f fill) Run(ctx context.Context, p *app.Process) error {
	config, err := app.LoadConfig(p.Environ)
	if err != nil {
		return err
	}
	if config.Environment == app.Production {
		return &app.ConfigError{Faults: []error{errors.New("PLAZA_ENV is production, where nothing is to be made up")}}
	}
	log := app.NewLog(p.Stderr, config.Environment)
	database, err := app.OpenDatabase(ctx, config, log)
	if err != nil {
		return err
	}
	err = database.Prepare(ctx, config.Environment, log)
	if err == nil {
		err = f.fill(ctx, database.URL, p)
	}
	return errors.Join(err, database.Close(ctx))
}

func (f fill) fill(ctx context.Context, url string, p *app.Process) error {
	pool, err := postgres.Open(ctx, postgres.Config{URL: url, StatementTimeout: -1, IdleInTransactionTimeout: -1})
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer pool.Close()
	begun := time.Now()
	progress := seed.NewProgress(p.Stderr, isTerminal(p.Stderr), time.Now)
	made, err := seed.Run(ctx, pool, seed.Options{Users: f.Users, Seed: f.Seed, Progress: progress.Show})
	progress.End()
	if err != nil {
		return err
	}
	return seed.WriteSummary(p.Stdout, made, time.Since(begun))
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
