package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// sqlStates tells whether a keyword stands in a schema, so that a finding can point at it.
func sqlStates(schema *openapi3.Schema, keyword string) bool {
	switch keyword {
	case "minLength":
		return schema.MinLength > 0
	case "maxLength":
		return schema.MaxLength != nil
	case "minimum":
		return schema.Min != nil
	case "maximum":
		return schema.Max != nil
	case "minItems":
		return schema.MinItems > 0
	case "maxItems":
		return schema.MaxItems != nil
	case "enum":
		return len(schema.Enum) > 0
	case "pattern":
		return schema.Pattern != ""
	case "format":
		return schema.Format != ""
	case "uniqueItems":
		return schema.UniqueItems
	case "nullable":
		return schema.Nullable
	case "example":
		return schema.Example != nil
	}
	return false
}

// sqlCheck is the SQL that would say what the contract says of what a trial is about.
func sqlCheck(g *sqlGroup, trial sqlTrial) string {
	column, schema := g.column, trial.schema
	name := column.table.name + "_" + column.name + "_check"
	isItem := trial.at != g.limits
	switch {
	case isItem:
		return "let " + name + " hold for its items"
	case trial.keyword == "uniqueItems":
		return "let " + name + " compare its items"
	case trial.keyword == "enum" && len(column.labels) > 0:
		return "make the labels of " + strings.TrimSuffix(column.typ, "[]") + " those of enum"
	case trial.keyword == "enum" && len(schema.Enum) > 0:
		return fmt.Sprintf("%s CHECK (%s IN (%s))", name, column.name, sqlWords(schema.Enum))
	case trial.keyword == "nullable":
		return "let " + name + " take null"
	case slices.Contains([]string{"pattern", "format", "x-rule"}, trial.keyword):
		return "let " + name + " say it, or state x-lint-ignore"
	}
	return sqlRange(name, column.name, schema)
}

// sqlWords are the values of an enum as SQL has them. Null is none of them, as no CHECK refuses it.
func sqlWords(enum []any) string {
	var words []string
	for _, value := range enum {
		if text, ok := value.(string); ok {
			words = append(words, "'"+strings.ReplaceAll(text, "'", "''")+"'")
		} else if value != nil {
			words = append(words, sqlText(value))
		}
	}
	return strings.Join(words, ", ")
}

// sqlRange is a CHECK of a length, a count or a number.
func sqlRange(name, expression string, schema *openapi3.Schema) string {
	var least, most string
	from, to := " >= ", " <= "
	switch {
	case schema.Type.Is(openapi3.TypeString):
		expression = "char_length(" + expression + ")"
		least, most = sqlCount(schema.MinLength), sqlMost(schema.MaxLength)
	case schema.Type.Is(openapi3.TypeArray):
		expression = "cardinality(" + expression + ")"
		least, most = sqlCount(schema.MinItems), sqlMost(schema.MaxItems)
	default:
		least, most = sqlBound(schema.Min), sqlBound(schema.Max)
		if schema.ExclusiveMin.IsTrue() {
			from = " > "
		}
		if schema.ExclusiveMax.IsTrue() {
			to = " < "
		}
	}
	var checks []string
	if least != "" {
		checks = append(checks, expression+from+least)
	}
	if most != "" {
		checks = append(checks, expression+to+most)
	}
	switch {
	case len(checks) == 0:
		return "take the limit out of " + name
	case len(checks) == 2 && from == " >= " && to == " <= ":
		return fmt.Sprintf("%s CHECK (%s BETWEEN %s AND %s)", name, expression, least, most)
	}
	return fmt.Sprintf("%s CHECK (%s)", name, strings.Join(checks, " AND "))
}

func sqlCount(n uint64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

func sqlMost(n *uint64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatUint(*n, 10)
}

func sqlBound(bound *float64) string {
	if bound == nil {
		return ""
	}
	return strconv.FormatFloat(*bound, 'f', -1, 64)
}
