package check

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// steps runs migrations one by one, as goose does, and knows which statement of which file runs.
type steps struct {
	provider *goose.Provider
	db       *sql.DB
	// watch, if not nil, is told of each statement of a migration before (done is false) and after it has run, on its
	// connection and in its transaction.
	watch func(ctx context.Context, conn *pgx.Conn, s statement, done bool) error

	now      migration
	offset   int  // in the text of now: what is before it has run
	asking   bool // the watch has the connection
	failed   *statement
	watchErr error
}

// statement is one of a migration.
type statement struct {
	migration migration
	text      string
	offset    int // of text in the migration's
}

// line is where the statement begins.
func (s statement) line() int {
	line, _ := placeIn(s.migration.text, s.offset, 1)
	return line
}

// openSteps prepares to run migrations on a database. Its error is a [*Faulty] where their names do not do.
func openSteps(ctx context.Context, address string, all []migration) (*steps, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("a scratch database: %w", err)
	}
	s := &steps{}
	config.DefaultQueryExecMode = pgx.QueryExecModeExec // as internal/postgres/migrate runs them
	config.RuntimeParams["timezone"] = "UTC"
	config.Tracer = s
	s.db = stdlib.OpenDB(*config)
	s.provider, err = goose.NewProvider(goose.DialectPostgres, s.db, filesOf(all), goose.WithDisableGlobalRegistry(true))
	if errors.Is(err, goose.ErrNoMigrations) {
		return s, nil
	}
	if err != nil {
		s.close()
		return nil, brokenSchema(Finding{File: "schema", Message: err.Error()})
	}
	if _, err := s.provider.GetDBVersion(ctx); err != nil { // makes goose's own table
		s.close()
		return nil, fmt.Errorf("a scratch database: %w", err)
	}
	return s, nil
}

func (s *steps) close() { _ = s.db.Close() } // a scratch database

// onConn runs do on one of the connections.
func (s *steps) onConn(ctx context.Context, do func(conn *pgx.Conn) error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("a scratch database: %w", err)
	}
	defer conn.Close()                       //nolint:errcheck // it goes back
	return conn.Raw(func(driver any) error { //nolint:wrapcheck // the error is do's
		raw, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection of %T", driver)
		}
		s.asking = true
		defer func() { s.asking = false }()
		return do(raw.Conn())
	})
}

// step runs a migration, or undoes it. Its error is a [*Faulty] where PostgreSQL or goose refuses it.
func (s *steps) step(ctx context.Context, m migration, up bool) error {
	s.now, s.offset, s.failed, s.watchErr = m, 0, nil, nil
	if at := gooseDown.FindStringIndex(m.text); !up && at != nil {
		s.offset = at[1]
	}
	_, err := s.provider.ApplyVersion(ctx, m.version, up)
	if s.watchErr != nil {
		return s.watchErr
	}
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	refused, ok := refusal(err)
	if !ok { // goose cannot read it
		return brokenSchema(Finding{File: m.file(), Line: 1, Message: m.name + " does not run: " + unread(err)})
	}
	f := Finding{File: m.file(), Message: m.name + " does not run: " + refused.Message}
	if s.failed != nil {
		f.Line = s.failed.line()
		if runes := []rune(s.failed.text); refused.Position > 0 && int(refused.Position) <= len(runes) {
			before := len(string(runes[:refused.Position-1]))
			f.Line, f.Column = placeIn(m.text, s.failed.offset+before, 1)
		}
	}
	return brokenSchema(f)
}

// unread shortens what goose says of a file that it cannot read.
func unread(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if _, why, found := strings.Cut(text, "failed to parse migration: "); found {
		return why
	}
	return text
}

// brokenSchema is the error where a migration does not run.
func brokenSchema(f Finding) error {
	f.Rule = "schema/broken"
	return &Faulty{Findings: []Finding{f}}
}

// current returns the statement of the migration whose text is sent, if it is one.
func (s *steps) current(text string) (statement, bool) {
	if s.asking || text == "" || s.offset > len(s.now.text) {
		return statement{}, false
	}
	at := strings.Index(s.now.text[s.offset:], text)
	return statement{s.now, text, s.offset + at}, at >= 0
}

type sentKey struct{}

// TraceQueryStart is called before a statement is sent.
func (s *steps) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	running, ok := s.current(data.SQL)
	if !ok {
		return ctx
	}
	s.ask(ctx, conn, running, false)
	return context.WithValue(ctx, sentKey{}, running)
}

// TraceQueryEnd is called after it was answered.
func (s *steps) TraceQueryEnd(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryEndData) {
	ran, ok := ctx.Value(sentKey{}).(statement)
	if !ok || s.asking {
		return
	}
	if data.Err != nil {
		s.failed = &ran
		return
	}
	s.offset = ran.offset + len(ran.text)
	s.ask(ctx, conn, ran, true)
}

func (s *steps) ask(ctx context.Context, conn *pgx.Conn, running statement, done bool) {
	if s.watch == nil || s.watchErr != nil {
		return
	}
	s.asking = true
	s.watchErr = s.watch(ctx, conn, running, done)
	s.asking = false
}
