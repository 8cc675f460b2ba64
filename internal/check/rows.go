package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/seed"
)

const (
	// filledPeople are enough for an index to be worth its while, and few enough to be made at once.
	filledPeople = 2000
	// filledRows is how many rows each table gets that the people leave empty.
	filledRows = 300
	// enlarged is how many rows the planner is to see for each one.
	enlarged = 1000
	// tries is how many rows a table is offered for each constraint until it is given up.
	tries = 40
)

// fillDatabase puts believable people into a scratch database, and by its catalogue rows into every table that is
// empty then.
func fillDatabase(ctx context.Context, address string) error {
	database, err := postgres.Open(ctx, postgres.Config{URL: address, MaxConns: 1, StatementTimeout: -1})
	if err != nil {
		return fmt.Errorf("a scratch database: %w", err)
	}
	defer database.Close()
	// A schema that is older than the people has them made by the catalogue too.
	if _, err := seed.Run(ctx, database, seed.Options{Users: filledPeople, Seed: 1}); ctx.Err() != nil {
		return fmt.Errorf("people: %w", err)
	}
	conn, err := connectScratch(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing hangs on it
	if err := fillTables(ctx, conn); err != nil {
		return err
	}
	return enlarge(ctx, conn)
}

// fillTables puts rows into every table that is empty. One whose rows it cannot make up stays so.
func fillTables(ctx context.Context, conn *pgx.Conn) error {
	tables, err := tablesOf(ctx, conn)
	if err != nil {
		return err
	}
	// A table with references waits for those that it refers to; a circle of them stays empty.
	for range tables {
		for _, t := range tables {
			if err := t.fill(ctx, conn); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(tables, func(t *filledTable) bool { return t.waiting }) {
			break
		}
	}
	return nil
}

// enlarge has the planner take the tables for ones of millions of rows, where the user may say so: a superuser may.
func enlarge(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, "ANALYZE"); err != nil {
		return fmt.Errorf("statistics: %w", err)
	}
	_, err := conn.Exec(ctx, `UPDATE pg_class SET reltuples = reltuples * $1
		WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') AND reltuples > 0`, enlarged)
	if _, refused := refusal(err); err != nil && !refused {
		return fmt.Errorf("statistics: %w", err)
	}
	return nil
}

// filledTable is a table that is to have rows.
type filledTable struct {
	name    string
	columns []filledColumn
	waiting bool // for a table that it refers to
	full    bool
}

// filledColumn is one whose value PostgreSQL does not make by itself.
type filledColumn struct {
	Name, Type string
	// Number and Element are those of pg_attribute and, for a list, of its members.
	Number  int16
	Element *string
	NotNull bool
	// Labels are those of an enum.
	Labels []string
	// Target is the table and Key the column that it refers to.
	Target, Key *string
	// Checks are the definitions of the constraints on it.
	Checks []string
}

// tablesOf lists the tables and columns of a schema.
func tablesOf(ctx context.Context, conn *pgx.Conn) ([]*filledTable, error) {
	rows, err := conn.Query(ctx, `
		SELECT c.oid::regclass::text, a.attname, format_type(a.atttypid, NULL), a.attnum,
			CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN format_type(t.typelem, NULL) END, a.attnotnull,
			ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = a.atttypid ORDER BY enumsortorder),
			f.confrelid::regclass::text,
			(SELECT attname FROM pg_attribute WHERE attrelid = f.confrelid
				AND attnum = f.confkey[array_position(f.conkey, a.attnum)]),
			ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint AS k
				WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))
		FROM pg_class AS c
		INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		INNER JOIN pg_type AS t ON t.oid = a.atttypid
		LEFT JOIN pg_constraint AS f ON f.conrelid = c.oid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)
		WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'goose_db_version'
			AND a.attidentity = '' AND a.attgenerated = ''
		ORDER BY c.oid, a.attnum`)
	if err != nil {
		return nil, fmt.Errorf("the catalogue: %w", err)
	}
	var tables []*filledTable
	var table string
	var c filledColumn
	_, err = pgx.ForEachRow(rows, []any{
		&table, &c.Name, &c.Type, &c.Number, &c.Element, &c.NotNull, &c.Labels, &c.Target, &c.Key, &c.Checks,
	}, func() error {
		if len(tables) == 0 || tables[len(tables)-1].name != table {
			tables = append(tables, &filledTable{name: table})
		}
		last := tables[len(tables)-1]
		if n := len(last.columns); n == 0 || last.columns[n-1].Number != c.Number { // of two keys that it is in, the first
			last.columns = append(last.columns, c)
		}
		c = filledColumn{}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the catalogue: %w", err)
	}
	return tables, nil
}

// fill puts rows into a table that has none.
func (t *filledTable) fill(ctx context.Context, conn *pgx.Conn) error {
	if t.full {
		return nil
	}
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM "+t.name+")").Scan(&t.full); err != nil || t.full {
		return errors.Join(err)
	}
	keys := map[string][]string{}
	t.waiting = false
	for _, c := range t.columns {
		if c.Target == nil {
			continue
		}
		key := pgx.Identifier{*c.Key}.Sanitize()
		query := fmt.Sprintf("SELECT %[1]s::text FROM %[2]s WHERE %[1]s IS NOT NULL ORDER BY 1 LIMIT %[3]d",
			key, *c.Target, filledRows)
		rows, err := conn.Query(ctx, query)
		if err != nil {
			return fmt.Errorf("keys of %s: %w", *c.Target, err)
		}
		if keys[c.Name], err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return fmt.Errorf("keys of %s: %w", *c.Target, err)
		}
		t.waiting = t.waiting || len(keys[c.Name]) == 0 && c.NotNull
	}
	if t.waiting {
		return nil
	}
	return t.offer(ctx, conn, keys)
}

// offer offers rows, with other values for the columns of each constraint that refuses one.
func (t *filledTable) offer(ctx context.Context, conn *pgx.Conn, keys map[string][]string) error {
	turn := make([]int, len(t.columns)) // of each column, which of its values
	choices := make([][]string, len(t.columns))
	names, places := make([]string, len(t.columns)), make([]string, len(t.columns))
	for i, c := range t.columns {
		choices[i] = keys[c.Name]
		if len(choices[i]) == 0 {
			choices[i] = c.values()
		}
		names[i], places[i] = pgx.Identifier{c.Name}.Sanitize(), fmt.Sprintf("$%d::text::%s", i+1, c.Type)
	}
	insert := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING",
		t.name, strings.Join(names, ", "), strings.Join(places, ", "))
	refused := 0
	for row := 0; row < filledRows && refused < tries*len(t.columns); {
		arguments := make([]any, len(t.columns))
		for i, c := range t.columns {
			arguments[i] = pick(choices[i], turn[i], row, c)
		}
		_, err := conn.Exec(ctx, insert, arguments...)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		no, ok := refusal(err)
		switch {
		case err == nil:
			row++
			t.full = true
		case ok:
			refused++
			t.turn(ctx, conn, no.ConstraintName, no.ColumnName, turn, refused)
		default:
			return fmt.Errorf("filling %s: %w", t.name, err)
		}
	}
	return nil
}

// turn takes other values for what a constraint is about: of several columns one after the other, as a clock does.
func (t *filledTable) turn(ctx context.Context, conn *pgx.Conn, constraint, column string, turn []int, refused int) {
	var about pgtype.FlatArray[int16]
	const columns = "SELECT conkey FROM pg_constraint WHERE conname = $1 AND conrelid = $2::text::regclass"
	if conn.QueryRow(ctx, columns, constraint, t.name).Scan(&about) != nil {
		about = nil // the row was refused by a type or a trigger
	}
	period := 1
	for i, c := range t.columns {
		if c.Name == column || slices.Contains(about, c.Number) || column == "" && len(about) == 0 {
			if refused%period == 0 {
				turn[i]++
			}
			period *= 3
		}
	}
}
