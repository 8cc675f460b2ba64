package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// sqlRepairs is how many constraints one after the other are satisfied by changing what stands beside a value.
	sqlRepairs = 6
	// sqlCombinations bounds the values that are tried for one of them.
	sqlCombinations = 400
)

// sqlRow is a row to write, by the names of its columns. What is left out gets its default.
type sqlRow map[string]any

// sqlWriter writes rows within one transaction.
type sqlWriter struct {
	tx        pgx.Tx
	catalogue *sqlCatalogue
	pool      sqlPool
	making    []string // the tables of which a row is being made, each for the one before it
}

// sqlUnmade says why no row of a table could be made.
type sqlUnmade struct {
	table   string
	refusal *pgconn.PgError
}

func (u *sqlUnmade) Error() string {
	return "no row of " + u.table + " can be made: " + u.refusal.Message
}

// base makes a row that the database takes, and the rows that it refers to. Its error may be a [*sqlUnmade].
func (w *sqlWriter) base(ctx context.Context, table *sqlTable) (sqlRow, error) {
	w.making = append(w.making, table.name)
	defer func() { w.making = w.making[:len(w.making)-1] }()
	row, parents := sqlRow{}, map[string][]any{}
	for _, column := range table.columns {
		values := w.pool[column.String()]
		if column.notNull && !column.filled && len(values) > 0 {
			row[column.name] = values[0]
		}
	}
	for _, constraint := range table.constraints {
		needed := slices.ContainsFunc(constraint.columns, func(name string) bool { return row[name] != nil })
		if constraint.kind != "f" || !needed || slices.Contains(w.making, constraint.refers) {
			continue
		}
		to := fmt.Sprint(constraint.refers, constraint.key)
		key, err := parents[to], error(nil)
		if key == nil { // else a row of them refers to it already
			key, err = w.parent(ctx, constraint)
		}
		if err != nil {
			return nil, err
		}
		parents[to] = key
		for i, name := range constraint.columns {
			row[name] = key[i]
		}
	}
	if _, err := w.tx.Exec(ctx, "SAVEPOINT probe"); err != nil {
		return nil, fmt.Errorf("savepoint: %w", err)
	}
	row, refusal, err := w.fit(ctx, table, row, "")
	if err == nil && refusal != nil {
		err = &sqlUnmade{table.name, refusal}
	}
	return row, err
}

// parent makes the row that a foreign key leads to, and returns the key's values.
func (w *sqlWriter) parent(ctx context.Context, reference *sqlConstraint) ([]any, error) {
	table := w.catalogue.tables[reference.refers]
	row, err := w.base(ctx, table)
	if err != nil {
		return nil, err
	}
	statement, arguments := sqlInsert(table, row)
	key := make([]any, len(reference.key))
	into := make([]any, len(reference.key))
	names := make([]string, len(reference.key))
	for i, name := range reference.key {
		into[i], names[i] = &key[i], pgx.Identifier{name}.Sanitize()+"::text"
	}
	statement += " RETURNING " + strings.Join(names, ", ")
	if err := w.tx.QueryRow(ctx, statement, arguments...).Scan(into...); err != nil {
		return nil, fmt.Errorf("a row of %s: %w", table.name, err)
	}
	return key, nil
}

// fit writes a row, and where a CHECK refuses it, changes what that says of other columns than the fixed one. It
// returns the row as it was last written, and why it was refused; nothing of it stays. It needs the savepoint probe.
func (w *sqlWriter) fit(
	ctx context.Context, table *sqlTable, row sqlRow, fixed string,
) (sqlRow, *pgconn.PgError, error) {
	refusal, err := w.try(ctx, table, row)
	var repaired []string
	for range sqlRepairs {
		if err != nil || refusal == nil {
			break
		}
		constraint := table.constraint(refusal.ConstraintName)
		if constraint == nil || constraint.kind != "c" {
			break
		}
		repaired = append(repaired, constraint.name)
		other, next, err := w.repair(ctx, table, row, constraint, fixed, repaired)
		if err != nil {
			return nil, nil, err
		}
		if other == nil {
			break
		}
		row, refusal = other, next
	}
	return row, refusal, err
}

// repair finds values for the other columns of a CHECK with which it holds, best with all others. It returns no row
// where there are none.
func (w *sqlWriter) repair(
	ctx context.Context, table *sqlTable, row sqlRow, constraint *sqlConstraint, fixed string, repaired []string,
) (sqlRow, *pgconn.PgError, error) {
	var free []string
	combinations := 1
	for _, name := range constraint.columns {
		column := table.column(name)
		if name != fixed && column != nil && !column.generated && table.reference(name) == nil {
			free = append(free, name)
			combinations *= len(w.pool[table.name+"."+name])
		}
	}
	if len(free) == 0 {
		return nil, nil, nil
	}
	var better sqlRow
	var next *pgconn.PgError
	for n := range min(combinations, sqlCombinations) {
		other := maps.Clone(row)
		for _, name := range free {
			values := w.pool[table.name+"."+name]
			other[name] = values[n%len(values)]
			n /= len(values)
		}
		refusal, err := w.try(ctx, table, other)
		if err != nil {
			return nil, nil, err
		}
		if refusal == nil {
			return other, nil, nil
		}
		if better == nil && refusal.Code == "23514" && !slices.Contains(repaired, refusal.ConstraintName) {
			better, next = other, refusal
		}
	}
	return better, next, nil
}

// try writes a row, takes it back, and returns why it was refused.
func (w *sqlWriter) try(ctx context.Context, table *sqlTable, row sqlRow) (*pgconn.PgError, error) {
	statement, arguments := sqlInsert(table, row)
	_, failed := w.tx.Exec(ctx, statement, arguments...)
	if _, err := w.tx.Exec(ctx, "ROLLBACK TO SAVEPOINT probe"); err != nil {
		return nil, fmt.Errorf("savepoint: %w", err)
	}
	refusal, ok := errors.AsType[*pgconn.PgError](failed)
	if ok && sqlRefuses(refusal) {
		return refusal, nil
	}
	if failed != nil {
		return nil, fmt.Errorf("a row of %s: %w", table.name, failed)
	}
	return nil, nil //nolint:nilnil // nothing refuses it
}

// sqlRefuses tells that an error is about what was written: a value (class 22), a constraint (23), what a trigger says
// (P0, or a code of its own), or the size of an index row (54).
func sqlRefuses(e *pgconn.PgError) bool {
	return slices.Contains([]string{"22", "23", "P0", "54"}, e.Code[:2]) || e.Routine == "exec_stmt_raise"
}

// sqlInsert writes a row as a statement. Values go as text, so that it is the database that judges them.
func sqlInsert(table *sqlTable, row sqlRow) (statement string, arguments []any) {
	var names, values []string
	for _, column := range table.columns {
		value, given := row[column.name]
		if !given {
			continue
		}
		names = append(names, pgx.Identifier{column.name}.Sanitize())
		list, isList := value.([]any)
		through := "::text::"
		switch {
		case value == nil:
			arguments = append(arguments, nil)
		case isList && strings.HasSuffix(column.base, "[]"):
			through = "::text[]::"
			items := make([]string, len(list))
			for i, item := range list {
				items[i] = sqlText(item)
			}
			arguments = append(arguments, items)
		default:
			arguments = append(arguments, sqlText(value))
		}
		values = append(values, fmt.Sprintf("$%d%s%s", len(arguments), through, column.cast()))
	}
	if len(names) == 0 {
		return "INSERT INTO " + pgx.Identifier{table.name}.Sanitize() + " DEFAULT VALUES", nil
	}
	return fmt.Sprintf("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s)", pgx.Identifier{table.name}.Sanitize(),
		strings.Join(names, ", "), strings.Join(values, ", ")), arguments
}

// sqlText is a value as PostgreSQL reads it.
func sqlText(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case int64:
		return strconv.FormatInt(value, 10)
	}
	text, _ := json.Marshal(value) //nolint:errchkjson // values of a JSON document
	return string(text)
}
