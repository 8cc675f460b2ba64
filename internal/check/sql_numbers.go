package check

import (
	"math"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

func sqlIsNumber(schema *openapi3.Schema) bool {
	return schema.Type.Is(openapi3.TypeInteger) || schema.Type.Is(openapi3.TypeNumber)
}

// numbers are those at both limits, at the limits of the format, and at what SQL names.
func (t *sqlTrials) numbers(schema *openapi3.Schema, at string) []sqlTrial {
	var trials []sqlTrial
	add := func(keyword string, values ...any) {
		for _, value := range values {
			trials = append(trials, sqlTrial{
				value: value, words: sqlText(value), at: at, keyword: keyword, schema: schema,
			})
		}
	}
	if len(schema.Enum) > 0 {
		for _, value := range schema.Enum {
			if value != nil { // which is about nullable
				add("enum", sqlAround(sqlValue(value))...)
			}
		}
		for _, number := range t.group.column.numbers {
			add("enum", number)
		}
		return trials
	}
	smallest, largest := int64(math.MinInt64), int64(math.MaxInt64)
	if schema.Format == "int32" {
		smallest, largest = math.MinInt32, math.MaxInt32
	}
	if schema.Min != nil {
		smallest = sqlWhole(*schema.Min)
	}
	if schema.Max != nil {
		largest = sqlWhole(*schema.Max)
	}
	values := slices.Concat(sqlAround(smallest), sqlAround(largest))
	for _, number := range t.group.column.numbers {
		values = append(values, sqlAround(number)...)
	}
	for _, value := range values {
		keyword := "maximum"
		if number, ok := value.(int64); ok && number <= smallest+1 {
			keyword = "minimum"
		}
		add(keyword, value)
	}
	if schema.Type.Is(openapi3.TypeNumber) {
		add("minimum", sqlBeside(schema.Min)...)
		add("maximum", sqlBeside(schema.Max)...)
	}
	return trials
}

// sqlAround are a whole number and its neighbours. That of the last one of 64 bits is the first one, no worse a trial.
func sqlAround(value any) []any {
	if number, ok := value.(int64); ok {
		return []any{number, number - 1, number + 1}
	}
	return []any{value}
}

// sqlBeside are the bound of numbers that need not be whole, and such beside it: half a one away, so that no column
// rounds them to it.
func sqlBeside(bound *float64) []any {
	if bound == nil || math.Abs(*bound) > 1<<51 {
		return nil
	}
	return []any{sqlValue(*bound), sqlValue(*bound - 0.5), sqlValue(*bound + 0.5)}
}

// sqlWhole is a bound without its fraction, or the number next to it that 64 bits can tell.
func sqlWhole(bound float64) int64 {
	switch {
	case bound >= math.MaxInt64:
		return math.MaxInt64
	case bound <= math.MinInt64:
		return math.MinInt64
	}
	return int64(bound)
}
