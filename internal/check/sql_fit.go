package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// sqlFit tells the properties whose columns there are, and have a type that fits, from the others.
func sqlFit(m *sqlModel, catalogue *sqlCatalogue) (fitting []*sqlProperty, misfits []Finding) {
	for _, p := range m.properties {
		if p.column == "" {
			continue
		}
		column := catalogue.column(p.column)
		if column == nil {
			table, _, _ := strings.Cut(p.column, ".")
			message := fmt.Sprintf("%s is stored in %s, which no migration makes: name one of the columns of %s",
				p, p.column, table)
			if catalogue.tables[table] == nil {
				message = fmt.Sprintf("%s is stored in %s, and no migration makes the table %s: name one that is there",
					p, p.column, table)
			}
			misfits = append(misfits, Finding{Rule: "sql/column", Pointer: p.pointer + "/x-column", Message: message})
			continue
		}
		if want := sqlTypes(p.schema); !slices.Contains(want, column.base) && !sqlHasLabels(p.schema, column) {
			misfits = append(misfits, Finding{Rule: "sql/type", Pointer: p.pointer, Message: fmt.Sprintf(
				"%s is %s, and %s is %s: a column for it is %s", p, sqlTypeName(p.schema), p.column, column.typ,
				strings.Join(want, ", "))})
			continue
		}
		fitting = append(fitting, p)
	}
	return fitting, misfits
}

// sqlTypes are the column types that a schema's values fit into; enum types are not among them.
func sqlTypes(schema *openapi3.Schema) []string {
	switch {
	case schema.Type.Is(openapi3.TypeString):
		return sqlTextTypes(schema)
	case schema.Type.Is(openapi3.TypeInteger):
		switch schema.Format {
		case "int32":
			return []string{"integer", "smallint"}
		case "int64":
			return []string{"bigint"}
		}
		return []string{"integer", "bigint", "smallint"}
	case schema.Type.Is(openapi3.TypeNumber):
		return []string{"double precision", "numeric", "real"}
	case schema.Type.Is(openapi3.TypeBoolean):
		return []string{"boolean"}
	case schema.Type.Is(openapi3.TypeArray) && schema.Items != nil:
		arrays := []string{"jsonb"}
		for _, item := range sqlTypes(schema.Items.Value) {
			arrays = append(arrays, item+"[]")
		}
		return arrays
	}
	return []string{"jsonb", "json"}
}

func sqlTextTypes(schema *openapi3.Schema) []string {
	switch schema.Format {
	case "date-time":
		return []string{"timestamp with time zone"}
	case "date":
		return []string{"date"}
	case "uuid":
		return []string{"uuid"}
	case "byte", "binary":
		return []string{"bytea"}
	}
	types := []string{"text", "character varying", "citext", "character"}
	if sqlAllowsUUID(schema) {
		types = append(types, "uuid")
	}
	return types
}

// sqlAllowsUUID tells a string whose pattern is that of a UUID.
func sqlAllowsUUID(schema *openapi3.Schema) bool {
	const one = "0197c0de-7c1e-4b6a-9f5e-3d2a1b0c9d8e"
	other := strings.ReplaceAll(one, "-", "")
	return schema.Pattern != "" && schema.VisitJSON(one) == nil && schema.VisitJSON(other) != nil
}

// sqlHasLabels tells whether words of the schema are kept in an enum type, or in an array of one.
func sqlHasLabels(schema *openapi3.Schema, column *sqlColumn) bool {
	if strings.HasSuffix(column.base, "[]") {
		if schema.Items == nil {
			return false
		}
		schema = schema.Items.Value
	}
	return schema.Type.Is(openapi3.TypeString) && schema.Format == "" && len(column.labels) > 0
}

func sqlTypeName(schema *openapi3.Schema) string {
	name := "anything"
	if schema.Type != nil && len(schema.Type.Slice()) > 0 {
		name = schema.Type.Slice()[0]
	}
	if schema.Format != "" {
		name += " (" + schema.Format + ")"
	}
	if schema.Type.Is(openapi3.TypeArray) && schema.Items != nil {
		name += " of " + sqlTypeName(schema.Items.Value)
	}
	return name
}

// sqlNulls finds where null is allowed on one side only.
func sqlNulls(properties []*sqlProperty, catalogue *sqlCatalogue) []Finding {
	var findings []Finding
	for _, p := range properties {
		column := catalogue.column(p.column)
		if column.table.isView { // whose columns are never NOT NULL
			continue
		}
		alter := fmt.Sprintf("ALTER TABLE %s ALTER %s", column.table.name, column.name)
		finding := Finding{Rule: "sql/null", Pointer: p.pointer}
		switch {
		case p.schema.Nullable && column.notNull:
			finding.Pointer = p.limits + "/nullable"
			finding.Message = fmt.Sprintf("%s may be null, and %s is NOT NULL: take nullable away, or %s DROP NOT NULL",
				p, p.column, alter)
		case p.read && p.required && !p.schema.Nullable && !column.notNull:
			finding.Message = fmt.Sprintf("%s is never null, and %s may be: %s SET NOT NULL, or say nullable: true",
				p, p.column, alter)
		case p.made && !p.required && p.schema.Default == nil && column.notNull && !column.filled:
			finding.Message = fmt.Sprintf("%s may be left out, and %s is NOT NULL: require it, or %s SET DEFAULT",
				p, p.column, alter)
		default:
			continue
		}
		findings = append(findings, finding)
	}
	return findings
}
