package check

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

func queriesLayer() Layer {
	return Layer{
		Name: "queries",
		Help: "SQL that does not prepare, reads whole tables or is never called.",
		Rules: []Rule{
			{
				ID: "queries/prepare", Severity: Error,
				Help: "A query does not prepare against the schema, or sqlc makes no code of it. Mend the query, or add the " +
					"migration that it needs.",
			},
			{
				ID: "queries/seq-scan", Severity: Warning,
				Help: "With the settings of the program's sessions and any arguments the plan reads all of a table. Add an " +
					"index, or say in the query's comment why it may: -- check: seq-scan REASON.",
			},
			{
				ID: "queries/needless-exception", Severity: Warning,
				Help: "A query is excused from a rule that it does not break, or that is not known. Remove the comment.",
			},
			{
				ID: "queries/uncalled", Severity: Warning,
				Help: "No code but tests calls the query. Remove it, or call it.",
			},
			{
				ID: "queries/verb", Severity: Warning,
				Help: "The verbs of queries are closed, so that a name tells what the query does: Get, List, Count, Insert, " +
					"Update, Delete, Consume.",
			},
			{
				ID: "queries/noun", Severity: Warning,
				Help: "One SQL file per noun: a query stands in the file whose noun comes first in its name.",
			},
			{
				ID: "queries/duplicate", Severity: Error,
				Help: "Two queries have one name: sqlc makes one method of each name.",
			},
		},
		Run: func(ctx context.Context, p *Project) ([]Finding, error) {
			l := queriesRun{p: p}
			err := l.run(ctx)
			return l.findings, err
		},
	}
}

// queriesRun is one run of the layer.
type queriesRun struct {
	p        *Project
	queries  []namedQuery
	findings []Finding
}

func (l *queriesRun) run(ctx context.Context) (err error) {
	if l.queries, err = readQueries(l.p.Files()); err != nil {
		return err
	}
	l.names()
	if err := l.calls(); err != nil {
		return err
	}
	schema, err := fs.Sub(l.p.Files(), "schema")
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	address, err := l.p.filledWith(ctx, schema)
	if err != nil {
		return err
	}
	conn, err := connectAsServer(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing hangs on it
	faulty := map[namedQuery]bool{}
	for _, q := range l.queries {
		if faulty[q], err = l.prepare(ctx, conn, q); err != nil {
			return err
		}
	}
	return l.compile(ctx, faulty)
}

// prepare lets PostgreSQL judge a query: its text, and where that is right, its plan.
func (l *queriesRun) prepare(ctx context.Context, conn *pgx.Conn, q namedQuery) (faulty bool, err error) {
	statement := numberedQuery(q.text)
	prepared, err := conn.Prepare(ctx, q.name, statement.text)
	if refused, ok := refusal(err); ok {
		line, column := statement.place(q, refused.Position)
		l.add(Finding{
			Rule: "queries/prepare", File: q.file, Line: line, Column: column,
			Message: fmt.Sprintf("%s does not prepare against the schema: %s", q.name, refused.Message),
		})
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("preparing %s: %w", q.name, err)
	}
	plan, err := explain(ctx, conn, q.name, len(prepared.ParamOIDs))
	if err != nil {
		return false, fmt.Errorf("the plan of %s: %w", q.name, err)
	}
	l.judge(q, plan)
	return false, nil
}

func (l *queriesRun) add(f Finding) { l.findings = append(l.findings, f) }

// atf is a finding at the name of a query.
func (l *queriesRun) atf(q namedQuery, rule, format string, arguments ...any) {
	l.add(Finding{Rule: rule, File: q.file, Line: q.line, Message: fmt.Sprintf(format, arguments...)})
}
