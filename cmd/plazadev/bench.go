package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/bench"
)

type measure struct {
	Users  int           `default:"1000000"             help:"How many people."           placeholder:"N"`
	Turns  int           `default:"5"                   help:"How often they take turns."`
	Length time.Duration `default:"2s"                  help:"How long a turn takes."`
	Warm   time.Duration `help:"Before the mixed load." placeholder:"TIME"`
	Skew   float64       `default:"${skew}"             help:"Of the mixed load (Zipf)."`
	Soak   time.Duration `help:"Only the mixed load."   placeholder:"TIME"`
	Rate   float64       `help:"Of it; else half peak." placeholder:"N"`

	JSON     bool   `help:"Print JSON."`
	HTML     string `help:"Write a page with charts here." placeholder:"FILE" type:"path"`
	Profiles string `help:"Write a profile of each here."  placeholder:"DIR"  type:"existingdir"`
	Serve    string `default:""                            enum:",plaza,bare" hidden:""`
}

const (
	warm = 30 * time.Second
	// warmSoak is how long users are kept (x-cache): from then on as many come into memory as go.
	warmSoak = 5 * time.Minute
)

// errMissed makes the exit status tell it.
var errMissed = errors.New("a target is missed")

// Help shows how bench is used.
func (measure) Help() string {
	return `Measures Plaza against bare handlers (net/http, pgx, the same SQL, nothing else),
in turns, on an embedded PostgreSQL of its own with --users people: medians, how
far the turns were from them, and processor time a request. Then the mixed load:
90 % reads, 10 % writes, on people of whom some are asked for more often than
others; its peak, half of it (the normal load), and three times as much. Fails
where a target is missed.

The mixed load runs for --warm, half a minute, before it is measured.

With --soak it runs the normal load alone, and tells what the server keeps of it:
the heap of the second minute and of the last, goroutines and connections before
and after. It takes three minutes to tell those minutes apart; with less they are
thirds of the time. --warm is five minutes then, for as long as users are kept.

Examples:

    plazadev bench
    plazadev bench --html bench.html
    plazadev bench --users 100000 --turns 3 --length 1s --warm 5s
    plazadev bench --json > bench.json
    plazadev bench --profiles . && go tool pprof -top read.pprof
    plazadev bench --soak 10m
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
	if m.Warm == 0 {
		if m.Warm = warm; m.Soak > 0 {
			m.Warm = warmSoak
		}
	}
	begun := time.Now()
	report, err := bench.Run(ctx, bench.Options{
		Users: m.Users, Turns: m.Turns, Length: m.Length, Warm: m.Warm, Skew: m.Skew,
		Profiles: m.Profiles, Soak: m.Soak, Rate: m.Rate,
		Progress: func(step string) {
			_, _ = fmt.Fprintf(p.Stderr, "%5s  %s\n", time.Since(begun).Truncate(time.Second), step)
		},
	}, []string{"bench", "--serve"}, log)
	if err != nil {
		return err
	}
	if err := m.write(p.Stdout, report); err != nil {
		return err
	}
	if report.Missed() {
		return errMissed
	}
	return nil
}

// write prints the report, and writes the page where one is wanted.
func (m measure) write(stdout io.Writer, report bench.Report) error {
	if m.HTML != "" {
		file, err := os.Create(m.HTML)
		if err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		if err := errors.Join(report.WriteHTML(file), file.Close()); err != nil {
			return err
		}
	}
	if m.JSON {
		return report.WriteJSON(stdout)
	}
	return report.WriteTable(stdout)
}
