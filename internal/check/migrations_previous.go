package check

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// previous holds the queries of the base against the schema after each new migration.
func (l *migrationsRun) previous(ctx context.Context) error {
	queries, err := generatedQueries(l.base.Files)
	if err != nil {
		return fmt.Errorf("the queries of %s: %w", l.base.Name, err)
	}
	address, err := l.p.MigratedWith(ctx, filesOf(l.released))
	if err != nil {
		return err
	}
	s, err := openSteps(ctx, address, l.all)
	if err != nil {
		return err
	}
	defer s.close()
	failing, err := s.failing(ctx, queries)
	if err != nil {
		return err
	}
	for i, m := range l.fresh {
		for name := range failing { // told of already, or never good
			delete(queries, name)
		}
		if err := s.step(ctx, m, true); err != nil {
			return err
		}
		if failing, err = s.failing(ctx, queries); err != nil || len(failing) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		if err := l.blame(ctx, slices.Concat(l.released, l.fresh[:i]), m, queries, failing); err != nil {
			return err
		}
	}
	return nil
}

// blame finds the statements of a migration after which queries fail for good.
func (l *migrationsRun) blame(
	ctx context.Context, before []migration, m migration, queries, failing map[string]string,
) error {
	address, err := l.p.MigratedWith(ctx, filesOf(before))
	if err != nil {
		return err
	}
	s, err := openSteps(ctx, address, l.all)
	if err != nil {
		return err
	}
	defer s.close()
	lines := map[string]int{} // of the statements after which they fail
	s.watch = func(ctx context.Context, conn *pgx.Conn, ran statement, done bool) error {
		for name := range failing {
			if !done {
				continue
			}
			refused, err := refuses(ctx, conn, queries[name])
			switch {
			case err != nil:
				return err
			case refused == "":
				delete(lines, name)
			case lines[name] == 0:
				lines[name] = ran.line()
			}
		}
		return nil
	}
	if err := s.step(ctx, m, true); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(failing)) {
		l.addf(m, "migrations/previous-queries", lines[name],
			"%s of %s fails after this: %s. Keep it for a release more", name, l.base.Name, failing[name])
	}
	return nil
}

// failing returns the queries that do not prepare, with what PostgreSQL says.
func (s *steps) failing(ctx context.Context, queries map[string]string) (map[string]string, error) {
	failing := map[string]string{}
	err := s.onConn(ctx, func(conn *pgx.Conn) error {
		for name, text := range queries {
			refused, err := refuses(ctx, conn, text)
			if err != nil {
				return err
			}
			if refused != "" {
				failing[name] = refused
			}
		}
		return nil
	})
	return failing, err
}

// refuses returns what PostgreSQL says against a statement; a transaction goes on as if it had not been asked.
func refuses(ctx context.Context, conn *pgx.Conn, text string) (string, error) {
	within := conn.PgConn().TxStatus() == 'T'
	if within {
		if _, err := conn.Exec(ctx, "SAVEPOINT ask"); err != nil {
			return "", fmt.Errorf("asking PostgreSQL: %w", err)
		}
	}
	_, err := conn.PgConn().Prepare(ctx, "", text, nil)
	message := ""
	if refused, ok := refusal(err); ok {
		message, err = refused.Message, nil
	}
	if err == nil && within {
		_, err = conn.Exec(ctx, "ROLLBACK TO ask")
	}
	if err != nil {
		return "", fmt.Errorf("asking PostgreSQL: %w", err)
	}
	return message, nil
}

// generatedQueries returns the statements that generated code holds, by their names.
func generatedQueries(tree fs.FS) (map[string]string, error) {
	files, err := fs.Glob(tree, "gen/db/*.sql.go")
	if err != nil {
		return nil, err //nolint:wrapcheck // wrapped by the caller
	}
	queries := map[string]string{}
	for _, name := range files {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err //nolint:wrapcheck // wrapped by the caller
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err //nolint:wrapcheck // wrapped by the caller
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				query, _ := strconv.Unquote(literal.Value) // the parser has read it
				if name := queryName.FindStringSubmatch(query); name != nil && strings.HasPrefix(query, name[0]) {
					queries[name[1]] = query
				}
			}
			return true
		})
	}
	return queries, nil
}
