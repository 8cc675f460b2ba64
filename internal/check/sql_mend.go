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
	case trial.keyword == "enum":
		words := make([]string, len(schema.Enum))
		for i, word := range schema.Enum {
			words[i] = "'" + fmt.Sprint(word) + "'"
		}
		return fmt.Sprintf("%s CHECK (%s IN (%s))", name, column.name, strings.Join(words, ", "))
	case slices.Contains([]string{"pattern", "format", "x-rule"}, trial.keyword):
		return "let " + name + " say it, or state x-lint-ignore"
	}
	expression := column.name
	var least, most string
	switch {
	case schema.Type.Is(openapi3.TypeString):
		expression = "char_length(" + column.name + ")"
		least, most = sqlCount(schema.MinLength), sqlMost(schema.MaxLength)
	case schema.Type.Is(openapi3.TypeArray):
		expression = "cardinality(" + column.name + ")"
		least, most = sqlCount(schema.MinItems), sqlMost(schema.MaxItems)
	default:
		least, most = sqlBound(schema.Min), sqlBound(schema.Max)
	}
	switch {
	case least != "" && most != "":
		return fmt.Sprintf("%s CHECK (%s BETWEEN %s AND %s)", name, expression, least, most)
	case most != "":
		return fmt.Sprintf("%s CHECK (%s <= %s)", name, expression, most)
	case least != "":
		return fmt.Sprintf("%s CHECK (%s >= %s)", name, expression, least)
	}
	return "take the limit out of " + name
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
