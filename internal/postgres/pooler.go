package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	codeProtocolViolation = "08P01"
	unsupportedParameter  = "unsupported startup parameter"
	execModeParameter     = "default_query_exec_mode"
	backendPID            = "SELECT pg_backend_pid()"
	// lostSettings selects the settings that a session lacks, without changing any.
	lostSettings = `SELECT name FROM (
			SELECT name, current_setting(name) AS has, set_config(name, value, true) AS wanted
			FROM unnest($1::text[], $2::text[]) AS asked (name, value)
		) AS compared WHERE has <> wanted`
)

// ErrPooler is in the chain of what Open returns where a pooler, such as PgBouncer, stands in front of the database and
// what is said of it does not do. The text says what is to be changed.
var ErrPooler = errors.New("there is a pooler such as PgBouncer in front of the database")

// checkPooler returns an error that wraps ErrPooler where conn leads to a pooler through which this pool would not
// work: transactions of one session would meet prepared statements and settings of another.
func (d *DB) checkPooler(ctx context.Context, conn *pgxpool.Conn, url string, asked map[string]string) error {
	var pid uint32
	if err := conn.QueryRow(ctx, backendPID, pgx.QueryExecModeExec).Scan(&pid); err != nil {
		return d.faults.toFault(err)
	}
	if pid == conn.Conn().PgConn().PID() {
		return nil // no pooler: those name sessions as they like
	}
	names := slices.Sorted(maps.Keys(asked))
	values := make([]string, 0, len(names))
	for _, name := range names {
		values = append(values, asked[name])
	}
	rows, _ := conn.Query(ctx, lostSettings, pgx.QueryExecModeExec, names, values) // CollectRows returns its error
	lost, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return d.faults.toFault(err)
	}
	var missing []string
	if len(lost) > 0 {
		missing = append(missing, settingsFor(lost, asked))
	}
	if !strings.Contains(url, execModeParameter) {
		missing = append(missing, "let the database URL say "+execModeParameter+"=cache_describe, or cache_statement "+
			"where the pooler keeps prepared statements")
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrPooler, strings.Join(missing, "; and "))
}

// refusedByPooler explains the error of a connection whose settings a pooler does not take. Others it returns as they
// are.
func refusedByPooler(err error, asked map[string]string) error {
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || refusal.Code != codeProtocolViolation || !strings.HasPrefix(refusal.Message, unsupportedParameter) {
		return err
	}
	// What every pooler keeps for each session.
	kept := func(name string) bool { return name == "application_name" || name == "timezone" }
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(asked)), kept)
	return fmt.Errorf("%w: let it ignore what it cannot keep, ignore_startup_parameters = %s; and %s: %w",
		ErrPooler, strings.Join(names, ", "), settingsFor(names, asked), err)
}

// settingsFor says how sessions get settings that a pooler does not pass on.
func settingsFor(names []string, asked map[string]string) string {
	statements := make([]string, 0, len(names))
	for _, name := range names {
		statements = append(statements, "SET "+name+" = "+literal(asked[name]))
	}
	return "let it run on each connection that it makes (connect_query): " + strings.Join(statements, "; ")
}

// literal quotes what is neither a word nor a number.
func literal(value string) string {
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	notLetter := func(r rune) bool { return r|0x20 < 'a' || r|0x20 > 'z' }
	if value != "" && (!strings.ContainsFunc(value, notDigit) || !strings.ContainsFunc(value, notLetter)) {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", "''") + "'"
}
