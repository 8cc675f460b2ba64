package check

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// sqlPoolSize bounds the values that are tried beside the one that a probe is about.
const sqlPoolSize = 40

// sqlPool has believable values for each column, as in users.name: the contract's examples first.
type sqlPool map[string][]any

func (p sqlPool) add(column string, values ...any) {
	for _, value := range values {
		known := slices.ContainsFunc(p[column], func(other any) bool { return reflect.DeepEqual(other, value) })
		if len(p[column]) < sqlPoolSize && !known {
			p[column] = append(p[column], value)
		}
	}
}

// sqlMakePool fills a pool from the contract's examples, the properties' limits and the catalogue.
func sqlMakePool(document *openapi3.T, properties []*sqlProperty, catalogue *sqlCatalogue) sqlPool {
	pool := sqlPool{}
	for _, p := range properties {
		if p.schema.Example != nil {
			pool.add(p.column, sqlValue(p.schema.Example))
		}
	}
	pool.addExamples(document)
	for _, p := range properties {
		for _, word := range p.schema.Enum {
			pool.add(p.column, sqlValue(word))
		}
		for _, bound := range []*float64{p.schema.Min, p.schema.Max} {
			if bound != nil && p.schema.Type.Is(openapi3.TypeInteger) {
				pool.add(p.column, int64(*bound))
			}
		}
		if p.schema.Pattern != "" {
			for _, sample := range sqlSamples(p.schema.Pattern) {
				pool.add(p.column, sample)
			}
		}
	}
	for _, table := range catalogue.tables {
		for _, column := range table.columns {
			pool.add(column.String(), column.believable()...)
		}
	}
	return pool
}

// addExamples takes the values of properties out of the examples of operations.
func (p sqlPool) addExamples(document *openapi3.T) {
	visit := func(content openapi3.Content) {
		for _, media := range slices.Sorted(maps.Keys(content)) {
			one := content[media]
			p.addExample(one.Schema, one.Example)
			for _, name := range slices.Sorted(maps.Keys(one.Examples)) {
				if example := one.Examples[name].Value; example != nil {
					p.addExample(one.Schema, example.Value)
				}
			}
		}
	}
	for _, path := range document.Paths.InMatchingOrder() {
		operations := document.Paths.Value(path).Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			operation := operations[method]
			if body := operation.RequestBody; body != nil && body.Value != nil {
				visit(body.Value.Content)
			}
			for _, status := range slices.Sorted(maps.Keys(operation.Responses.Map())) {
				visit(operation.Responses.Value(status).Value.Content)
			}
		}
	}
}

func (p sqlPool) addExample(schema *openapi3.SchemaRef, example any) {
	if schema == nil || schema.Value == nil {
		return
	}
	switch example := example.(type) {
	case map[string]any:
		for name, property := range schema.Value.Properties {
			value, ok := example[name]
			if !ok {
				continue
			}
			p.addExample(property, value)
			for _, extensions := range []map[string]any{property.Value.Extensions, property.Extensions} {
				if column, ok := extensions["x-column"].(string); ok {
					p.add(column, sqlValue(value))
				}
			}
		}
	case []any:
		for _, item := range example {
			p.addExample(schema.Value.Items, item)
		}
	}
}

// sqlValue is a value of the contract as probes have it: whole numbers are int64.
func sqlValue(value any) any {
	switch value := value.(type) {
	case int:
		return int64(value)
	case uint64:
		return int64(min(value, math.MaxInt64))
	case float64:
		if value == math.Trunc(value) && math.Abs(value) < 1<<53 {
			return int64(value)
		}
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = sqlValue(item)
		}
		return items
	}
	return value
}

// believable are values that a column may take, by its type and its constraints.
func (c *sqlColumn) believable() []any {
	var values []any
	if !c.notNull {
		values = append(values, nil)
	}
	_, isArray := strings.CutSuffix(c.base, "[]")
	words := slices.Clone(c.labels)
	if len(words) == 0 {
		words = append(words, c.words...)
	}
	switch {
	case isArray:
		values = append(values, []any{})
		for _, word := range words {
			values = append(values, []any{word})
		}
		return values
	case len(c.labels) > 0:
		return append(values, sqlAny(words)...)
	}
	for _, word := range words {
		values = append(values, word)
		for _, sample := range sqlSamples(word) {
			values = append(values, sample)
		}
	}
	return append(values, c.believableByType()...)
}

func (c *sqlColumn) believableByType() []any {
	switch c.base {
	case "smallint", "integer", "bigint", "numeric", "real", "double precision":
		values := []any{int64(1), int64(0)}
		for _, number := range c.numbers {
			values = append(values, number)
		}
		return values
	case "boolean":
		return []any{false, true}
	case "bytea":
		values := []any{`\x`}
		for _, size := range append([]int64{32}, c.numbers...) {
			values = append(values, `\x`+strings.Repeat("ab", int(min(max(size, 0), 1<<10))))
		}
		return values
	case "uuid":
		return []any{"0197c0de-7c1e-4b6a-9f5e-3d2a1b0c9d8e"}
	case "timestamp with time zone", "timestamp without time zone", "date":
		return []any{"2026-01-02T03:04:05Z"}
	case "jsonb", "json":
		return []any{"{}", "[]"}
	case "inet":
		return []any{"192.0.2.7"}
	case "text", "character varying", "character", "citext":
		return []any{"example", "", strings.Repeat("a", 32)}
	}
	return nil
}

// sqlInteger reads digits, at most 18 of them, and the sign before them.
func sqlInteger(digits string) int64 {
	number, _ := strconv.ParseInt(digits, 10, 64)
	return number
}
