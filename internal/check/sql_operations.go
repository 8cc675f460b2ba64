package check

import (
	"fmt"
	"net/http"
	"slices"
)

// sqlOperations finds operations that do not declare what the database may answer to what they write.
func sqlOperations(m *sqlModel, catalogue *sqlCatalogue) []Finding {
	var findings []Finding
	for _, o := range m.operations {
		findings = append(findings, o.conflicts(catalogue)...)
		findings = append(findings, o.references(catalogue)...)
	}
	return findings
}

func (o *sqlOperation) declares(status string) bool { return o.spec.Responses.Value(status) != nil }

// conflicts finds what must be unique and may be taken.
func (o *sqlOperation) conflicts(catalogue *sqlCatalogue) []Finding {
	if o.declares("409") {
		return nil
	}
	var findings []Finding
	for _, table := range o.tables(catalogue) {
		for _, constraint := range table.constraints {
			i := slices.IndexFunc(constraint.columns, func(name string) bool {
				return slices.Contains(o.writes, table.name+"."+name)
			})
			if i < 0 || constraint.kind != "u" && constraint.kind != "p" {
				continue
			}
			findings = append(findings, Finding{
				Rule: "sql/conflict", Pointer: o.pointer + "/responses", Message: fmt.Sprintf(
					"%s writes %s.%s, of which %s takes no value twice: declare 409",
					o.id, table.name, constraint.columns[i], constraint.name),
			})
		}
	}
	return findings
}

// references finds rows that refer to others which may not be there. What is made in the same request is, unless the
// request names it itself, as a row names one of its own table.
func (o *sqlOperation) references(catalogue *sqlCatalogue) []Finding {
	if o.declares("404") || o.declares("409") {
		return nil
	}
	var findings []Finding
	tables := o.tables(catalogue)
	for _, table := range tables {
		for _, constraint := range table.constraints {
			if constraint.kind != "f" {
				continue
			}
			made := o.method == http.MethodPost && !slices.Contains(tables, catalogue.tables[constraint.refers])
			if made || slices.ContainsFunc(constraint.columns, func(name string) bool {
				return slices.Contains(o.writes, table.name+"."+name)
			}) {
				findings = append(findings, Finding{
					Rule: "sql/reference", Pointer: o.pointer + "/responses", Message: fmt.Sprintf(
						"%s writes %s, whose %s refers to %s: declare 404 or 409 for one that does not exist",
						o.id, table.name, constraint.name, constraint.refers),
				})
			}
		}
	}
	return findings
}

// tables are those that the operation writes.
func (o *sqlOperation) tables(catalogue *sqlCatalogue) []*sqlTable {
	var tables []*sqlTable
	for _, name := range o.writes {
		if column := catalogue.column(name); column != nil && !slices.Contains(tables, column.table) {
			tables = append(tables, column.table)
		}
	}
	return tables
}
