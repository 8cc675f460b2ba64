package check

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// watch runs the new migrations on a database as the base left it, with rows in every table, and looks at what each
// statement does to them.
func (l *migrationsRun) watch(ctx context.Context) error {
	address, err := l.p.filledWith(ctx, filesOf(l.released))
	if err != nil {
		return err
	}
	s, err := openSteps(ctx, address, l.all)
	if err != nil {
		return err
	}
	defer s.close()
	for _, m := range l.fresh {
		w := watcher{migrationsRun: l}
		if err := s.onConn(ctx, func(conn *pgx.Conn) error { return w.begin(ctx, conn) }); err != nil {
			return fmt.Errorf("watching %s: %w", m.name, err)
		}
		s.watch = w.statement
		if err := s.step(ctx, m, true); err != nil {
			return l.refused(err, m, "migrations/data", failsOnRows)
		}
	}
	return nil
}

// mostSmall is how many rows a table has of which it tells nothing that a statement reads or writes them all.
const mostSmall = 100

// watcher looks at the statements of one migration.
type watcher struct {
	*migrationsRun

	rows   map[string]int64 // of the tables that there were before the migration, by name
	before tableUse
}

// tableUse is what a transaction has done to tables until now, by their names.
type tableUse struct {
	files         map[string]int64
	read, written map[string]int64 // rows
	locked        []string         // against writers
}

func (w *watcher) begin(ctx context.Context, conn *pgx.Conn) error {
	use, err := usedTables(ctx, conn)
	if err != nil {
		return err
	}
	w.rows = map[string]int64{}
	for table := range use.files {
		var rows int64
		if err := conn.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&rows); err != nil {
			return err //nolint:wrapcheck // wrapped by the caller
		}
		if rows > mostSmall {
			w.rows[table] = rows
		}
	}
	return nil
}

// statement is told of each statement. One without a transaction is tried in one first: what it locks, nobody could
// see afterwards. One that cannot run in a transaction locks nobody out for long.
func (w *watcher) statement(ctx context.Context, conn *pgx.Conn, s statement, done bool) (err error) {
	if conn.PgConn().TxStatus() == 'T' {
		if done {
			return w.after(ctx, conn, s)
		}
		w.before, err = usedTables(ctx, conn)
		return err
	}
	if done {
		return nil
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return fmt.Errorf("watching: %w", err)
	}
	defer tx.Rollback(ctx) //nolint:errcheck // it was a trial
	if w.before, err = usedTables(ctx, conn); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, s.text, pgx.QueryExecModeExec); err != nil {
		return nil
	}
	return w.after(ctx, conn, s)
}

// after compares with what was before a statement.
func (w *watcher) after(ctx context.Context, conn *pgx.Conn, s statement) error {
	now, err := usedTables(ctx, conn)
	if err != nil {
		return err
	}
	var rewritten, written, read, locked []string
	for table, rows := range w.rows {
		file, there := now.files[table]
		switch {
		case there && file != w.before.files[table]:
			rewritten = append(rewritten, table)
		case now.written[table]-w.before.written[table] >= rows:
			written = append(written, table)
		case now.read[table]-w.before.read[table] >= rows:
			read = append(read, table)
		}
		if slices.Contains(now.locked, table) {
			locked = append(locked, table)
		}
	}
	for _, all := range [][]string{rewritten, written, read, locked} {
		slices.Sort(all)
	}
	switch {
	case len(rewritten) > 0:
		w.tell(s, "rewrite", "writes "+strings.Join(rewritten, ", ")+" anew while nobody can read")
	case len(written) > 0:
		w.tell(s, "lock", "locks all rows of "+strings.Join(written, ", ")+" until it is done")
	case len(read) > 0 && len(locked) > 0:
		words := fmt.Sprintf("reads all of %s while writers of %s wait", strings.Join(read, ", "), strings.Join(locked, ", "))
		w.tell(s, "lock", words)
	}
	return nil
}

func (w *watcher) tell(s statement, what, words string) {
	if excusedAbove(s, what) {
		return
	}
	w.addf(s.migration, "migrations/"+what, s.line(), "%s %s: %s", short(s.text), words, betterWay(s.text))
}

// betterWay is what to do instead of a statement. It is read for words to say alone: PostgreSQL has judged it.
func betterWay(statement string) string {
	for _, way := range []struct{ of, instead string }{
		{`^(CREATE|DROP)\s+(UNIQUE\s+)?INDEX|^REINDEX`, "use CONCURRENTLY, with -- +goose NO TRANSACTION"},
		{`^UPDATE|^DELETE|^TRUNCATE`, "do it in batches, each in a transaction of its own"},
		{`\bADD\s+(COLUMN\s+)?\w+.*\bDEFAULT\b`, "add the column without it, then set the default and fill it in batches"},
		{`\bSET\s+NOT\s+NULL`, "add CHECK (… IS NOT NULL) NOT VALID and validate it, a migration each, before"},
		{`\b(UNIQUE|PRIMARY\s+KEY)\b`, "create the index CONCURRENTLY, then ADD CONSTRAINT … USING INDEX"},
		{`\bVALIDATE\b`, "validate in a migration of its own"},
		{`\b(CHECK|REFERENCES)\b`, "add it NOT VALID, and VALIDATE CONSTRAINT in a later migration"},
		{`\bTYPE\b`, "add a column of the new type, and fill it in batches"},
	} {
		if regexp.MustCompile(`(?is)` + way.of).MatchString(statement) {
			return way.instead
		}
	}
	return "do it in batches, or in a migration of its own without that lock"
}

// shortest is how many characters of a statement a sentence has room for.
const shortest = 40

func short(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > shortest {
		return string(runes[:shortest-1]) + "…"
	}
	return strings.TrimSuffix(string(runes), ";")
}

// excusedAbove tells whether the comment above a statement says why it may do what it does.
func excusedAbove(s statement, what string) bool {
	lines := strings.Split(strings.TrimSuffix(s.migration.text[:s.offset], "\n"), "\n")
	for _, line := range slices.Backward(lines) {
		if !strings.HasPrefix(line, "--") {
			return false
		}
		if found := queryExcuse.FindStringSubmatch(line); found != nil && found[1] == what && found[2] != "" {
			return true
		}
	}
	return false
}

// usedTables tells what the transaction has done so far.
func usedTables(ctx context.Context, conn *pgx.Conn) (tableUse, error) {
	use := tableUse{files: map[string]int64{}, read: map[string]int64{}, written: map[string]int64{}}
	rows, err := conn.Query(ctx, `
		SELECT c.oid::regclass::text, c.relfilenode::bigint,
			coalesce(s.seq_tup_read, 0), coalesce(s.n_tup_upd + s.n_tup_del, 0),
			EXISTS (SELECT FROM pg_locks AS l WHERE l.pid = pg_backend_pid() AND l.relation = c.oid AND l.granted AND l.mode
				IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))
		FROM pg_class AS c LEFT JOIN pg_stat_xact_user_tables AS s ON s.relid = c.oid
		WHERE c.relkind IN ('r', 'm') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'goose_db_version'`,
		pgx.QueryExecModeExec)
	if err != nil {
		return use, fmt.Errorf("watching: %w", err)
	}
	var table string
	var file, read, written int64
	var locked bool
	_, err = pgx.ForEachRow(rows, []any{&table, &file, &read, &written, &locked}, func() error {
		use.files[table], use.read[table], use.written[table] = file, read, written
		if locked {
			use.locked = append(use.locked, table)
		}
		return nil
	})
	if err != nil {
		return use, fmt.Errorf("watching: %w", err)
	}
	return use, nil
}
