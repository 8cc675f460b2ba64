package check

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// catalogue is what a schema consists of, with the definition of each thing.
type catalogue map[schemaObject]string

// schemaObject is a thing of a schema.
type schemaObject struct{ kind, table, name string }

// String names the thing: "column users.age".
func (o schemaObject) String() string {
	if o.table != "" {
		return o.kind + " " + o.table + "." + o.name
	}
	return o.kind + " " + o.name
}

// catalogueQuery lists all that a migration may make. Columns have no order: one that comes back comes last.
const catalogueQuery = `
	WITH schemas AS (
		SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
	), relations AS (
		SELECT oid, relname, relkind, relpersistence, reloptions, relrowsecurity, relacl FROM pg_class
		WHERE relnamespace IN (SELECT oid FROM schemas) AND relname !~ '^goose_db_version'
	)
	SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' ELSE 'table' END,
		'', relname::text, concat_ws(' ', relkind, relpersistence, reloptions::text, relrowsecurity, relacl::text,
			CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END,
			CASE WHEN relkind = 'S' THEN (SELECT (s.seqtypid, s.seqstart, s.seqincrement, s.seqmax, s.seqmin)::text
				FROM pg_sequence AS s WHERE s.seqrelid = relations.oid) END)
	FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
	UNION ALL
	SELECT 'column', c.relname::text, a.attname::text, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull,
		a.attidentity, a.attgenerated, a.attcollation::regcollation, a.attstorage, a.attstattarget,
		pg_get_expr(d.adbin, d.adrelid))
	FROM relations AS c
	INNER JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
	WHERE c.relkind IN ('r', 'p', 'f', 'c')
	UNION ALL
	SELECT 'constraint', c.relname::text, k.conname::text, concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated)
	FROM relations AS c INNER JOIN pg_constraint AS k ON k.conrelid = c.oid
	UNION ALL
	SELECT 'index', c.relname::text, i.indexrelid::regclass::text,
		concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid)
	FROM relations AS c INNER JOIN pg_index AS i ON i.indrelid = c.oid
	UNION ALL
	SELECT 'trigger', c.relname::text, t.tgname::text, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
	FROM relations AS c INNER JOIN pg_trigger AS t ON t.tgrelid = c.oid AND NOT t.tgisinternal
	UNION ALL
	SELECT 'policy', c.relname::text, p.polname::text, concat_ws(' ', p.polcmd, p.polpermissive,
		pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
	FROM relations AS c INNER JOIN pg_policy AS p ON p.polrelid = c.oid
	UNION ALL
	SELECT 'function', '', oid::regprocedure::text,
		CASE WHEN prokind IN ('f', 'p') THEN pg_get_functiondef(oid) ELSE prosrc END
	FROM pg_proc WHERE pronamespace IN (SELECT oid FROM schemas)
	UNION ALL
	SELECT 'type', '', t.typname::text, concat_ws(' ', t.typtype, format_type(t.typbasetype, t.typtypmod), t.typnotnull,
		t.typdefault, ARRAY(SELECT enumlabel FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)::text,
		ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint AS k WHERE k.contypid = t.oid ORDER BY k.conname)::text)
	FROM pg_type AS t WHERE t.typnamespace IN (SELECT oid FROM schemas) AND t.typtype IN ('e', 'd', 'r')
	UNION ALL
	SELECT 'comment', '', pg_describe_object(classoid, objoid, objsubid), description FROM pg_description
	WHERE objoid IN (SELECT oid FROM relations)
	UNION ALL
	SELECT 'extension', '', extname::text, extversion FROM pg_extension
	UNION ALL
	SELECT 'schema', '', nspname::text, '' FROM pg_namespace WHERE oid IN (SELECT oid FROM schemas)`

// catalogue returns what the database has.
func (s *steps) catalogue(ctx context.Context) (found catalogue, err error) {
	found = catalogue{}
	err = s.onConn(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, catalogueQuery)
		if err != nil {
			return err //nolint:wrapcheck // wrapped below
		}
		var o schemaObject
		var definition string
		_, err = pgx.ForEachRow(rows, []any{&o.kind, &o.table, &o.name, &definition}, func() error {
			found[o] = definition
			return nil
		})
		return err //nolint:wrapcheck // wrapped below
	})
	if err != nil {
		return nil, fmt.Errorf("the catalogue: %w", err)
	}
	return found, nil
}

// changes are what one catalogue has that another has not, lacks that it has, and has otherwise; without what belongs
// to a table that is itself added or dropped.
func (c catalogue) changes(old catalogue) (added, dropped, changed []schemaObject) {
	part := func(o schemaObject, of catalogue) bool {
		_, there := of[schemaObject{"table", "", o.table}]
		return o.table != "" && !there
	}
	for _, o := range sortedObjects(c) {
		was, there := old[o]
		switch {
		case !there && !part(o, old):
			added = append(added, o)
		case there && was != c[o]:
			changed = append(changed, o)
		}
	}
	for _, o := range sortedObjects(old) {
		if _, there := c[o]; !there && !part(o, c) {
			dropped = append(dropped, o)
		}
	}
	return added, dropped, changed
}

func sortedObjects(c catalogue) []schemaObject {
	kinds := []string{"schema", "extension", "type", "table", "sequence", "view", "materialized view", "column"}
	return slices.SortedFunc(maps.Keys(c), func(a, b schemaObject) int {
		place := func(o schemaObject) int {
			if i := slices.Index(kinds, o.kind); i >= 0 {
				return i
			}
			return len(kinds)
		}
		if d := place(a) - place(b); d != 0 {
			return d
		}
		return strings.Compare(a.String(), b.String())
	})
}

// mostTold is how many things a sentence names.
const mostTold = 6

// since says in words what is other than it was.
func (c catalogue) since(old catalogue) string {
	added, dropped, changed := c.changes(old)
	var parts []string
	for _, part := range []struct {
		verb    string
		objects []schemaObject
	}{{"adds", added}, {"drops", dropped}, {"changes", changed}} {
		if len(part.objects) > 0 {
			parts = append(parts, part.verb+" "+listed(part.objects))
		}
	}
	if len(parts) == 0 {
		return "changes no definition"
	}
	return strings.Join(parts, "; ")
}

// listed names things, and no more than fit into a sentence.
func listed(objects []schemaObject) string {
	var names []string
	for i, o := range objects {
		if i == mostTold {
			names = append(names, fmt.Sprintf("and %d more", len(objects)-mostTold))
			break
		}
		names = append(names, o.String())
	}
	return strings.Join(names, ", ")
}
