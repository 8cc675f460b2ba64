package check

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
)

func migrationsLayer() Layer {
	return Layer{
		Name: "migrations",
		Help: "Migrations that rewrite or lock a table with rows, cannot be undone, or break the last release's queries.",
		Rules: []Rule{
			{
				ID: "migrations/name", Severity: Error,
				Help: "Migrations are called NNNN_words.sql and numbered from 0001 without gaps, so that all databases get them " +
					"in one order.",
			},
			{
				ID: "migrations/edited", Severity: Error,
				Help: "A migration that was released has run, and does not run again. Leave it as it was, and add another.",
			},
			{
				ID: "migrations/irreversible", Severity: Error,
				Help: "The migration has no -- +goose Down, or it fails on a database with rows: a release cannot be taken back.",
			},
			{
				ID: "migrations/down", Severity: Error,
				Help: "What -- +goose Down leaves is not what was there before the migration. It must undo each statement.",
			},
			{
				ID: "migrations/data", Severity: Error,
				Help: "The migration fails on a database with rows, as every database has that it is for.",
			},
			{
				ID: "migrations/rewrite", Severity: Error,
				Help: "A statement writes a table anew, and nobody reads it until then. Where it is known to be small say so " +
					"above the statement: -- check: rewrite REASON.",
			},
			{
				ID: "migrations/lock", Severity: Error,
				Help: "A statement reads or writes all rows of a table while writers wait. Where they are known to be few say so " +
					"above the statement: -- check: lock REASON.",
			},
			{
				ID: "migrations/previous-queries", Severity: Error,
				Help: "A query of the last release does not prepare after the migration: its servers fail while the new ones " +
					"start. Remove what it needs a release later.",
			},
			{ID: "migrations/new", Severity: Note, Help: "What a new migration changes."},
		},
		Run: func(ctx context.Context, p *Project) ([]Finding, error) {
			l := migrationsRun{p: p}
			err := l.run(ctx)
			return l.findings, err
		},
	}
}

// migrationsRun is one run of the layer.
type migrationsRun struct {
	p    *Project
	all  []migration
	base *Base
	// released are the migrations of the base, and fresh those of the tree that it has not.
	released, fresh []migration
	// schemas are what an empty database has before the first migration, and after each one.
	schemas  []catalogue
	findings []Finding
}

func (l *migrationsRun) run(ctx context.Context) (err error) {
	files, err := fs.Sub(l.p.Files(), "schema")
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	if l.all, err = readMigrations(files); err != nil {
		return err
	}
	if l.base, err = l.p.Base(ctx); err != nil {
		return err
	}
	if err := l.history(); err != nil {
		return err
	}
	l.numbers()
	if _, err := l.p.MigratedWith(ctx, files); err != nil {
		return err
	}
	if l.schemas, err = l.grow(ctx); err != nil {
		return err
	}
	if err := l.reverse(ctx); err != nil {
		return err
	}
	if len(l.released) == 0 || len(l.fresh) == 0 {
		return nil
	}
	l.tell()
	if err := l.watch(ctx); err != nil {
		return err
	}
	return l.previous(ctx)
}

func (l *migrationsRun) addf(m migration, rule string, line int, format string, arguments ...any) {
	l.findings = append(l.findings, Finding{
		Rule: rule, File: m.file(), Line: line, Message: fmt.Sprintf(format, arguments...),
	})
}

// grow runs the migrations one after the other, and returns the schema before the first and after each one.
func (l *migrationsRun) grow(ctx context.Context) ([]catalogue, error) {
	address, err := l.p.EmptyDatabase(ctx)
	if err != nil {
		return nil, err
	}
	s, err := openSteps(ctx, address, l.all)
	if err != nil {
		return nil, err
	}
	defer s.close()
	before, err := s.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	schemas := []catalogue{before}
	for _, m := range l.all {
		if err := s.step(ctx, m, true); err != nil {
			return nil, err
		}
		after, err := s.catalogue(ctx)
		if err != nil {
			return nil, err
		}
		schemas = append(schemas, after)
	}
	return schemas, nil
}

// tell says what is new, in words.
func (l *migrationsRun) tell() {
	for i, m := range l.all {
		if slices.ContainsFunc(l.fresh, func(f migration) bool { return f.name == m.name }) {
			l.addf(m, "migrations/new", 0, "%s %s", m.name, l.schemas[i+1].since(l.schemas[i]))
		}
	}
}
