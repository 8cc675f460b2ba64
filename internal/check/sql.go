package check

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// sqlLayer holds the limits of the contract against those of the database, through x-column.
//
//	contract ─ x-column ─▶ sqlProperty ─┬─ catalogue: names, types, null, unique, references
//	                                    └─ probes: a value at each limit, judged by the contract and written to SQL
//
// The two must agree on every value. Probes run in one transaction that is rolled back.
func sqlLayer() Layer {
	return Layer{
		Name:  "sql",
		Help:  "Limits that the contract and a migrated database do not share: by its catalogue, and by values at each.",
		Rules: sqlRules(),
		Run:   sqlRun,
	}
}

func sqlRules() []Rule { return append(sqlLimitRules(), sqlFormRules()...) }

// sqlLimitRules are about what a value may be.
func sqlLimitRules() []Rule {
	return []Rule{
		{
			ID: "sql/column", Severity: Error,
			Help: "x-column names a table or a column that no migration makes. Name the one that stores the property, or " +
				"say x-computed: true.",
		},
		{
			ID: "sql/unmapped", Severity: Error,
			Help: "Other properties of the schema say where they are stored, and this one does not. State x-column: " +
				"table.column, or x-computed: true.",
		},
		{
			ID: "sql/type", Severity: Error,
			Help: "The property and its column have types that do not fit, such as int32 and bigint. Change one of them.",
		},
		{
			ID: "sql/wider", Severity: Error,
			Help: "The database refuses a value that the contract allows, and who sends it gets an error that the contract " +
				"does not explain. Narrow the contract, or widen the constraint in a migration.",
		},
		{
			ID: "sql/narrower", Severity: Error,
			Help: "The database takes a value that the contract refuses: the limit does not stand in SQL. Add a constraint " +
				"in a migration, or widen the contract.",
		},
		{
			ID: "sql/pattern", Severity: Error,
			Help: "The database takes a text that a pattern, format or rule of the contract refuses. Add a CHECK; what SQL " +
				"cannot say is declared beside it: x-lint-ignore: {sql/pattern: why}.",
		},
		{
			ID: "sql/null", Severity: Error,
			Help: "Null is allowed on one side only, or a column that must have a value may be left out when its row is " +
				"made. Change nullable, required, NOT NULL or DEFAULT.",
		},
	}
}

// sqlFormRules are about operations, names, and what cannot be looked at.
func sqlFormRules() []Rule {
	return []Rule{
		{
			ID: "sql/conflict", Severity: Error,
			Help: "An operation writes what is unique in SQL, and declares no 409 for a value that is taken.",
		},
		{
			ID: "sql/reference", Severity: Error,
			Help: "An operation writes a row that refers to another, and declares neither 404 nor 409 for one that does " +
				"not exist.",
		},
		{
			ID: "sql/constraint-name", Severity: Warning,
			Help: "A constraint is not named <table>_<column>_<kind> (check, key, live_key, fkey, pkey): its error cannot " +
				"be told of the property. Rename it in a migration.",
		},
		{
			ID: "sql/unprobed", Severity: Warning,
			Help: "No row of a table could be made from the contract's examples, so that its limits were not tried. Give " +
				"the properties examples that fit.",
		},
		{
			ID: "sql/exception", Severity: Error,
			Help: "An x-lint-ignore of this layer has no reason, names a rule that is not there, or silences nothing. Give " +
				"the reason, or take it away.",
		},
	}
}

func sqlRun(ctx context.Context, p *Project) ([]Finding, error) {
	source, err := p.Contract()
	if err != nil {
		return nil, err
	}
	address, err := p.MigratedDatabase(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("the scratch database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing hangs on it
	catalogue, err := sqlReadCatalogue(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	model := sqlReadProperties(source.Document)
	findings := sqlUnmapped(model)
	fitting, misfits := sqlFit(model, catalogue)
	findings = append(findings, misfits...)
	findings = append(findings, sqlNulls(fitting, catalogue)...)
	findings = append(findings, sqlOperations(model, catalogue)...)
	names, err := sqlNames(p, model, catalogue)
	if err != nil {
		return nil, err
	}
	findings = append(findings, names...)
	probed, err := sqlProbe(ctx, conn, source.Document, fitting, catalogue)
	if err != nil {
		return nil, fmt.Errorf("probing: %w", err)
	}
	return sqlExcept(source, append(findings, probed...)), nil
}
