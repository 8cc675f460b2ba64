package check

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// sqlProber writes trials and compares what becomes of them with what the contract says.
type sqlProber struct {
	*sqlWriter

	judge      *sqlJudge
	properties []*sqlProperty
	findings   []Finding
}

// sqlProbe tries every limit of the contract in one transaction, of which nothing stays.
func sqlProbe(
	ctx context.Context, conn *pgx.Conn, document *openapi3.T, properties []*sqlProperty, catalogue *sqlCatalogue,
) ([]Finding, error) {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what it is about
	}
	defer tx.Rollback(ctx) //nolint:errcheck // the database is a scratch one
	p := &sqlProber{
		sqlWriter: &sqlWriter{tx: tx, catalogue: catalogue, pool: sqlMakePool(document, properties, catalogue)},
		judge:     newSQLJudge(), properties: properties,
	}
	if _, err := tx.Exec(ctx, "SET CONSTRAINTS ALL IMMEDIATE"); err != nil {
		return nil, err //nolint:wrapcheck // the caller says what it is about
	}
	groups := map[string][]*sqlGroup{}
	for _, g := range sqlGroups(properties, catalogue) {
		if !g.column.table.isView && !g.column.generated && sqlProbed(g.column) {
			groups[g.column.table.name] = append(groups[g.column.table.name], g)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		if err := p.table(ctx, catalogue.tables[name], groups[name]); err != nil {
			return nil, err
		}
	}
	return p.findings, nil
}

// sqlProbed tells whether limits mean anything for a column's type. Times, ids of 128 bits and documents have a form of
// their own, in which the server writes them.
func sqlProbed(c *sqlColumn) bool {
	return !slices.Contains([]string{"timestamp with time zone", "date", "uuid", "bytea", "jsonb"}, c.base)
}

// table tries the limits of one table's columns.
func (p *sqlProber) table(ctx context.Context, table *sqlTable, groups []*sqlGroup) error {
	if _, err := p.tx.Exec(ctx, "SAVEPOINT parents"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	row, err := p.base(ctx, table)
	unmade, isUnmade := errors.AsType[*sqlUnmade](err)
	switch {
	case isUnmade:
		p.findings = append(p.findings, Finding{
			Rule: "sql/unprobed", Pointer: groups[0].properties[0].pointer, Message: fmt.Sprintf(
				"no row of %s could be made of the contract's examples, as %s refuses it: give examples that fit",
				unmade.table, sqlRefusal(unmade.refusal)),
		})
	case err != nil:
		return err
	default:
		for _, g := range groups {
			if err := p.group(ctx, g, row); err != nil {
				return err
			}
		}
	}
	if _, err := p.tx.Exec(ctx, "ROLLBACK TO SAVEPOINT parents"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	return nil
}

// group tries the values of one column that matter to one schema. Each thing is told once.
func (p *sqlProber) group(ctx context.Context, g *sqlGroup, base sqlRow) error {
	allows := func(value any) bool { return p.judge.allowsIn(g, value, p.pool, p.properties) }
	trials := &sqlTrials{judge: p.judge, group: g, allows: allows, seeds: p.pool[g.properties[0].column]}
	told := map[string]bool{}
	for _, trial := range trials.all() {
		allowed := allows(trial.value)
		refusal, err := p.write(ctx, g.column, base, trial.value)
		if err != nil {
			return err
		}
		if allowed == (refusal == nil) || refusal != nil && sqlDependsOnRows(refusal) {
			continue
		}
		finding := sqlTell(g, trial, refusal)
		if allowed && told[finding.Rule] { // as one that is too long is too long in many ways
			continue
		}
		if allowed {
			settled, err := p.settles(ctx, g.column, base, trial.value)
			if err != nil {
				return err
			}
			if settled {
				continue
			}
		}
		if !told[finding.Rule+finding.Pointer] {
			told[finding.Rule], told[finding.Rule+finding.Pointer] = true, true
			p.findings = append(p.findings, finding)
		}
	}
	return nil
}

// sqlDependsOnRows tells that other rows have refused a value, as taken or as leading to none of them, and no limit.
func sqlDependsOnRows(refusal *pgconn.PgError) bool {
	return refusal.Code == "23505" || refusal.Code == "23503"
}

// write tries a value in a column, with whatever stands beside it.
func (p *sqlProber) write(ctx context.Context, column *sqlColumn, base sqlRow, value any) (*pgconn.PgError, error) {
	row := maps.Clone(base)
	row[column.name] = value
	_, refusal, err := p.fit(ctx, column.table, row, column.name)
	return refusal, err
}

// settles tells whether the database takes a text in lower case. The contract speaks of what is sent, which the server
// may bring into another form.
func (p *sqlProber) settles(ctx context.Context, column *sqlColumn, base sqlRow, value any) (bool, error) {
	var lower any
	switch value := value.(type) {
	case string:
		if strings.ToLower(value) == value {
			return false, nil
		}
		lower = strings.ToLower(value)
	case []any:
		items, changed := slices.Clone(value), false
		for i, item := range items {
			if text, ok := item.(string); ok {
				items[i] = strings.ToLower(text)
				changed = changed || items[i] != text
			}
		}
		if !changed {
			return false, nil
		}
		lower = items
	default:
		return false, nil
	}
	refusal, err := p.write(ctx, column, base, lower)
	return err == nil && refusal == nil, err
}

// sqlTell says what contract and database do not agree on; refusal is nil where it is the contract that refuses.
func sqlTell(g *sqlGroup, trial sqlTrial, refusal *pgconn.PgError) Finding {
	finding := Finding{Rule: "sql/wider", Pointer: trial.at}
	if sqlStates(trial.schema, trial.keyword) {
		finding.Pointer += "/" + trial.keyword
	}
	check := sqlCheck(g, trial)
	if refusal != nil {
		finding.Message = fmt.Sprintf("%s refuses %s, which the contract allows, by %s: narrow the contract, or %s",
			g.column, trial.words, sqlRefusal(refusal), check)
		return finding
	}
	finding.Rule = "sql/narrower"
	if slices.Contains([]string{"pattern", "format", "x-rule"}, trial.keyword) {
		finding.Rule = "sql/pattern"
	}
	finding.Message = fmt.Sprintf("%s takes %s, which the contract refuses: %s", g.column, trial.words, check)
	return finding
}

// sqlRefusal names what refused a value.
func sqlRefusal(e *pgconn.PgError) string {
	switch {
	case e.ConstraintName != "":
		return e.ConstraintName
	case e.ColumnName != "":
		return "NOT NULL of " + e.ColumnName
	default:
		return "its type"
	}
}
