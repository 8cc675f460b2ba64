package check

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// sqlCatalogue is what the database says of itself.
type sqlCatalogue struct {
	tables map[string]*sqlTable
}

// sqlTable is a table, or a view.
type sqlTable struct {
	name        string
	isView      bool
	columns     []*sqlColumn // in their order
	constraints []*sqlConstraint
}

// sqlColumn is a column.
type sqlColumn struct {
	table   *sqlTable
	name    string
	typ     string   // without a length, as a cast takes it: "text", "user_status[]"
	base    string   // below domains: "text"; of an array its items' type with "[]"
	labels  []string // of an enum type, or of the items'
	notNull bool
	// filled columns have a default, or make their value themselves.
	filled bool
	// generated columns cannot be written.
	generated bool
	// words and numbers are those that its CHECK constraints name.
	words   []string
	numbers []int64
}

// sqlConstraint is a constraint, or a unique index.
type sqlConstraint struct {
	name    string
	kind    string // as pg_constraint.contype has it: c, f, p, u
	columns []string
	// refers is the table, and key the columns, that a foreign key leads to.
	refers     string
	key        []string
	definition string
}

// String is the column's name as x-column has it.
func (c *sqlColumn) String() string { return c.table.name + "." + c.name }

// cast is the type that a value becomes before it is stored: character alone would be one of them.
func (c *sqlColumn) cast() string {
	if letters, isCharacter := strings.CutPrefix(c.typ, "character"); isCharacter && !strings.HasPrefix(letters, " ") {
		return "bpchar" + letters
	}
	return c.typ
}

func (c *sqlCatalogue) column(name string) *sqlColumn {
	table, column, _ := strings.Cut(name, ".")
	if t := c.tables[table]; t != nil {
		return t.column(column)
	}
	return nil
}

func (t *sqlTable) column(name string) *sqlColumn {
	i := slices.IndexFunc(t.columns, func(c *sqlColumn) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return t.columns[i]
}

func (t *sqlTable) constraint(name string) *sqlConstraint {
	i := slices.IndexFunc(t.constraints, func(c *sqlConstraint) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return t.constraints[i]
}

// reference returns the foreign key that a column alone makes up, or nil.
func (t *sqlTable) reference(column string) *sqlConstraint {
	for _, c := range t.constraints {
		if c.kind == "f" && slices.Equal(c.columns, []string{column}) {
			return c
		}
	}
	return nil
}

// root follows foreign keys to the column that the values of a column come from.
func (c *sqlCatalogue) root(column *sqlColumn) *sqlColumn {
	for range len(c.tables) {
		reference := column.table.reference(column.name)
		if reference == nil {
			break
		}
		column = c.tables[reference.refers].column(reference.key[0])
	}
	return column
}

// A domain may be one over another: each adds what it says to what those below it do.
const sqlColumnsQuery = `
	WITH RECURSIVE types (oid, base, not_null, filled) AS (
		SELECT b.oid, b.oid AS base, false, false FROM pg_type AS b WHERE b.typtype <> 'd'
		UNION ALL
		SELECT d.oid, t.base, t.not_null OR d.typnotnull, t.filled OR d.typdefault IS NOT NULL
		FROM pg_type AS d INNER JOIN types AS t ON d.typbasetype = t.oid
	)
	SELECT c.relname::text, c.relkind IN ('v', 'm'), a.attname::text, format_type(a.atttypid, NULL),
		format_type(t.base, NULL),
		array(SELECT e.enumlabel::text FROM pg_enum AS e
			WHERE e.enumtypid = coalesce(nullif(b.typelem, 0), b.oid) ORDER BY e.enumsortorder),
		a.attnotnull OR t.not_null, a.atthasdef OR t.filled OR a.attidentity <> '', a.attgenerated <> ''
	FROM pg_attribute AS a
	INNER JOIN pg_class AS c ON a.attrelid = c.oid
	INNER JOIN types AS t ON a.atttypid = t.oid
	INNER JOIN pg_type AS b ON t.base = b.oid
	WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
		AND a.attnum > 0 AND NOT a.attisdropped
	ORDER BY c.relname, a.attnum`

const sqlConstraintsQuery = `
	SELECT c.relname::text, o.conname::text, o.contype::text,
		array(SELECT a.attname::text FROM unnest(o.conkey) WITH ORDINALITY AS k (num, pos)
			INNER JOIN pg_attribute AS a ON a.attrelid = o.conrelid AND a.attnum = k.num ORDER BY k.pos),
		coalesce(f.relname::text, ''),
		array(SELECT a.attname::text FROM unnest(o.confkey) WITH ORDINALITY AS k (num, pos)
			INNER JOIN pg_attribute AS a ON a.attrelid = o.confrelid AND a.attnum = k.num ORDER BY k.pos),
		pg_get_constraintdef(o.oid)
	FROM pg_constraint AS o
	INNER JOIN pg_class AS c ON o.conrelid = c.oid
	LEFT JOIN pg_class AS f ON o.confrelid = f.oid AND f.relnamespace = o.connamespace
	WHERE o.connamespace = 'public'::regnamespace AND o.contype IN ('c', 'f', 'p', 'u')
	UNION ALL
	SELECT c.relname::text, n.relname::text, 'u',
		array(SELECT a.attname::text FROM pg_attribute AS a
			WHERE a.attrelid = i.indrelid AND a.attnum > 0 AND EXISTS (
				SELECT FROM generate_series(1, i.indnkeyatts) AS k
				WHERE pg_get_indexdef(i.indexrelid, k, true) ~ ('\m' || regexp_replace(a.attname, '(\W)', '\\\1', 'g') || '\M'))
			ORDER BY a.attnum),
		'', '{}', pg_get_indexdef(i.indexrelid)
	FROM pg_index AS i
	INNER JOIN pg_class AS n ON i.indexrelid = n.oid
	INNER JOIN pg_class AS c ON i.indrelid = c.oid
	WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
		AND NOT EXISTS (SELECT FROM pg_constraint AS o WHERE o.conindid = i.indexrelid)
	ORDER BY 1, 2`

func sqlReadCatalogue(ctx context.Context, conn *pgx.Conn) (*sqlCatalogue, error) {
	catalogue := &sqlCatalogue{tables: map[string]*sqlTable{}}
	rows, err := conn.Query(ctx, sqlColumnsQuery)
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what it is about
	}
	column, name, isView := sqlColumn{}, "", false
	_, err = pgx.ForEachRow(rows, []any{
		&name, &isView, &column.name, &column.typ, &column.base, &column.labels, &column.notNull, &column.filled,
		&column.generated,
	}, func() error {
		if catalogue.tables[name] == nil {
			catalogue.tables[name] = &sqlTable{name: name, isView: isView}
		}
		one := column
		one.table = catalogue.tables[name]
		one.table.columns = append(one.table.columns, &one)
		return nil
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what it is about
	}
	return catalogue, catalogue.readConstraints(ctx, conn)
}

func (c *sqlCatalogue) readConstraints(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, sqlConstraintsQuery)
	if err != nil {
		return err //nolint:wrapcheck // the caller says what it is about
	}
	constraint, name := sqlConstraint{}, ""
	_, err = pgx.ForEachRow(rows, []any{
		&name, &constraint.name, &constraint.kind, &constraint.columns, &constraint.refers, &constraint.key,
		&constraint.definition,
	}, func() error {
		isKnown := constraint.kind != "f" || c.tables[constraint.refers] != nil // another schema is not looked at
		if table := c.tables[name]; table != nil && isKnown {
			one := constraint
			table.constraints = append(table.constraints, &one)
			table.readLiterals(&one)
		}
		return nil
	})
	return err //nolint:wrapcheck // the caller says what it is about
}

var (
	// sqlWord finds the words that a constraint names.
	sqlWord = regexp.MustCompile(`'((?:[^']|'')*)'`)
	// sqlNumber finds the whole numbers, once the words are gone, and sqlQuoted those that PostgreSQL writes as words:
	// bigint ones, and those below zero.
	sqlNumber = regexp.MustCompile(`\b\d{1,18}\b`)
	sqlQuoted = regexp.MustCompile(`^-?\d{1,18}$`)
)

// readLiterals keeps the words and numbers of a CHECK with the columns that it is about.
func (t *sqlTable) readLiterals(c *sqlConstraint) {
	if c.kind != "c" {
		return
	}
	var words []string
	var numbers []int64
	for _, found := range sqlWord.FindAllStringSubmatch(c.definition, -1) {
		word := strings.ReplaceAll(found[1], "''", "'")
		if sqlQuoted.MatchString(word) {
			numbers = append(numbers, sqlInteger(word))
			continue
		}
		words = append(words, word)
	}
	for _, found := range sqlNumber.FindAllString(sqlWord.ReplaceAllString(c.definition, ""), -1) {
		numbers = append(numbers, sqlInteger(found))
	}
	for _, name := range c.columns {
		if column := t.column(name); column != nil { // a system column is none
			column.words = append(column.words, words...)
			column.numbers = append(column.numbers, numbers...)
		}
	}
}
