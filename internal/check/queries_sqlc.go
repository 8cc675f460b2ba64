package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// sqlcRefusal is a line of what sqlc says against a file.
var sqlcRefusal = regexp.MustCompile(`(?m)^((?:queries|schema)/\S+\.sql):(\d+):(\d+): (.*)$`)

// compile lets sqlc judge the queries that PostgreSQL has nothing against.
func (l *queriesRun) compile(ctx context.Context, faulty map[namedQuery]bool) error {
	folder, err := l.p.Scratch("sqlc")
	if err != nil {
		return err
	}
	for _, part := range []string{"schema", "queries"} {
		if err := os.CopyFS(filepath.Join(folder, part), os.DirFS(l.p.Path(part))); err != nil {
			return fmt.Errorf("scratch: %w", err)
		}
	}
	settings, err := os.Open(l.p.Path("sqlc.yaml"))
	if err != nil {
		return fmt.Errorf("sqlc's settings: %w", err)
	}
	defer settings.Close() //nolint:errcheck // it was only read
	if err := write(filepath.Join(folder, "sqlc.yaml"), settings); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "tool", "-modfile="+l.p.Path("internal/tools/go.mod"),
		"sqlc", "compile", "--file", filepath.Join(folder, "sqlc.yaml"))
	cmd.Dir = l.p.Root
	out, err := cmd.CombinedOutput()
	refusals := sqlcRefusal.FindAllStringSubmatch(string(out), -1)
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && (!exited || len(refusals) == 0) {
		return fmt.Errorf("sqlc: %w: %s", err, out)
	}
	for _, r := range refusals {
		line, _ := strconv.Atoi(r[2]) // digits
		column, _ := strconv.Atoi(r[3])
		q := queryAt(l.queries, r[1], line)
		if !faulty[q] {
			l.add(Finding{
				Rule: "queries/prepare", File: r[1], Line: max(line, q.line), Column: column,
				Message: fmt.Sprintf("sqlc makes no code of %s: %s", q.name, r[4]),
			})
		}
	}
	return nil
}

// queryAt returns the query in which a line of a file lies.
func queryAt(queries []namedQuery, file string, line int) namedQuery {
	var at namedQuery
	for _, q := range queries {
		if q.file == file && (at == namedQuery{} || q.line <= line) {
			at = q
		}
	}
	return at
}
