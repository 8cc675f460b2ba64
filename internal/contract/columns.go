package contract

import (
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Columns leads from each column that a property states with x-column ("users.email") to the property's name
// ("email").
func (c *Contract) Columns() map[string]string {
	columns := map[string]string{}
	for _, schema := range c.Document.Components.Schemas {
		for name, property := range schema.Value.Properties {
			for _, extensions := range []map[string]any{property.Value.Extensions, property.Extensions} {
				if column, ok := extensions[keyColumn].(string); ok {
					columns[column] = name
				}
			}
		}
	}
	return columns
}

// checkColumn checks the keys that may stand in a schema and beside its $ref.
func (v *visitor) checkColumn(extensions map[string]any, origin *openapi3.Origin) {
	if value, ok := extensions[keyColumn]; ok {
		text, _ := value.(string)
		if !columnName().MatchString(text) {
			v.report.atf(origin, keyColumn, `%s must be "table.column"`, keyColumn)
		}
		if _, both := extensions[keyComputed]; both {
			v.report.atf(origin, keyColumn, "%s and %s exclude each other", keyColumn, keyComputed)
		}
	}
	if value, ok := extensions[keyComputed]; ok && value != true {
		v.report.atf(origin, keyComputed, "%s must be true", keyComputed)
	}
	if value, ok := extensions[keyRoles]; ok {
		if _, good := list(value); !good {
			v.report.atf(origin, keyRoles, "%s must be a list of roles", keyRoles)
		}
	}
	if value, ok := extensions[keyScopes]; ok {
		scopes, good := list(value)
		if !good || slices.ContainsFunc(scopes, func(name string) bool { return !slices.Contains(v.scopes, name) }) {
			v.report.atf(origin, keyScopes, "%s must be a list of scopes that a security scheme declares", keyScopes)
		}
	}
}

// columnName matches the name of a table and one of its columns.
func columnName() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$`)
}
