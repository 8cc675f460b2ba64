package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/bench"
	"github.com/plaza-api/plaza/internal/seed"
)

type measure struct {
	Users    int           `default:"1000000"                    help:"How many people."           placeholder:"N"`
	Turns    int           `default:"5"                          help:"How often they take turns."`
	Length   time.Duration `default:"2s"                         help:"How long a turn takes."`
	JSON     bool          `help:"Print JSON."`
	Profiles string        `help:"Write a profile of each here." placeholder:"DIR"                 type:"existingdir"`
	Serve    string        `default:""                           enum:",plaza,bare"                hidden:""`
}

// errMissed makes the exit status tell it.
var errMissed = errors.New("a target is missed")

// Help shows how bench is used.
func (measure) Help() string {
	return `Measures Plaza against bare handlers (net/http, pgx, the same SQL, nothing else),
in turns, on an embedded PostgreSQL of its own with --users people. Prints
medians, how far the turns were from them, and processor time a request. Fails
where a target is missed.

Examples:

    plazadev bench
    plazadev bench --users 100000 --turns 3 --length 1s
    plazadev bench --json > bench.json
    plazadev bench --profiles . && go tool pprof -top read.pprof
`
}

// Run measures, or is one of the servers that are measured.
func (m measure) Run(ctx context.Context, p *app.Process) error {
	if m.Serve != "" {
		return bench.Serve(ctx, m.Serve, p.Environ, p.Stdout, p.Stderr)
	}
	log, err := os.CreateTemp("", "plaza-bench-*.log") // as a server in production writes one
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	defer os.Remove(log.Name()) //nolint:errcheck // it is temporary
	defer log.Close()           //nolint:errcheck // ditto
	progress := seed.NewProgress(p.Stderr, isTerminal(p.Stderr), time.Now)
	options := bench.Options{
		Users: m.Users, Turns: m.Turns, Length: m.Length, Profiles: m.Profiles, Progress: progress.Show,
	}
	measures, err := bench.Run(ctx, options, []string{"bench", "--serve"}, log)
	progress.End()
	if err != nil {
		return err
	}
	write := bench.WriteTable
	if m.JSON {
		write = bench.WriteJSON
	}
	if err := write(p.Stdout, measures); err != nil {
		return err
	}
	for _, figure := range measures {
		if !figure.Met {
			return errMissed
		}
	}
	return nil
}
