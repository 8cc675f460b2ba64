package check

import (
	"math"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
)

func TestACheckNamesWordsAndNumbers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		kind, definition string
		words            []string
		numbers          []int64
	}{
		{"c", "CHECK (((age >= 13) AND (age <= 120)))", nil, []int64{13, 120}},
		{"c", "CHECK ((age >= '-5'::integer))", nil, []int64{-5}},
		{"c", "CHECK ((id <= '9007199254740991'::bigint))", nil, []int64{9007199254740991}},
		{"c", "CHECK ((kind = ANY (ARRAY['a'::text, 'it''s'::text, ''::text])))", []string{"a", "it's", ""}, nil},
		{"c", "CHECK ((zip ~ '^[0-9]{5}$'::text))", []string{"^[0-9]{5}$"}, nil},
		{"c", "CHECK ((name <> 'a1'::text))", []string{"a1"}, nil},
		{"c", "CHECK ((id <= '99999999999999999999'::numeric))", []string{"99999999999999999999"}, nil},
		{"u", "UNIQUE (age) WHERE (age > 7)", nil, nil},
	} {
		column := catalogueOf(sqlColumn{}).column("things.it")
		column.table.readLiterals(&sqlConstraint{kind: row.kind, definition: row.definition, columns: []string{"it"}})
		assert.Equal(t, row.words, column.words, row.definition)
		assert.Equal(t, row.numbers, column.numbers, row.definition)
	}
}

func TestAValueOfTheContractIsOneOfSQL(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ value, want any }{
		{7, int64(7)},
		{uint64(7), int64(7)},
		{uint64(math.MaxUint64), int64(math.MaxInt64)},
		{-7.0, int64(-7)},
		{7.5, 7.5},
		{1e300, 1e300},
		{"7", "7"},
		{true, true},
		{nil, nil},
		{[]any{1.0, "a", []any{2}}, []any{int64(1), "a", []any{int64(2)}}},
	} {
		assert.Equal(t, row.want, sqlValue(row.value))
	}
}

func TestAValueIsWrittenAsPostgreSQLReadsIt(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		value any
		want  string
	}{
		{"it's", "it's"},
		{int64(math.MaxInt64), "9223372036854775807"},
		{9.75, "9.75"},
		{true, "true"},
		{[]any{"a"}, `["a"]`},
	} {
		assert.Equal(t, row.want, sqlText(row.value))
	}
}

func TestAPoolHasWhatAPropertyStates(t *testing.T) {
	t.Parallel()
	word := openapi3.NewStringSchema().WithEnum("low", "high")
	number := openapi3.NewIntegerSchema().WithMin(3).WithMax(8)
	number.Example = 5.0
	pattern := openapi3.NewStringSchema().WithPattern("^[A-Z]{2}-x$")
	for _, row := range []struct {
		schema *openapi3.Schema
		want   []any
	}{
		{word, []any{"low", "high"}},
		{number, []any{int64(5), int64(3), int64(8)}},
		{pattern, []any{"AA-x"}},
		{openapi3.NewFloat64Schema().WithMin(0.5), nil},
	} {
		properties := []*sqlProperty{{column: "things.it", schema: row.schema}}
		document := &openapi3.T{Paths: openapi3.NewPaths()}
		assert.Equal(t, row.want, sqlMakePool(document, properties, &sqlCatalogue{})["things.it"])
	}
}

func TestAColumnHasBelievableValues(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		column sqlColumn
		want   []any
	}{
		{"null", sqlColumn{base: "boolean"}, []any{nil, false, true}},
		{"no null", sqlColumn{base: "boolean", notNull: true}, []any{false, true}},
		{"labels", sqlColumn{base: "shelf", labels: []string{"low"}, words: []string{"high"}, notNull: true}, []any{"low"}},
		{"an array of labels", sqlColumn{base: "shelf[]", labels: []string{"low"}, notNull: true}, []any{[]any{}, []any{"low"}}},
		{"an array of words", sqlColumn{base: "text[]", words: []string{"low"}, notNull: true}, []any{[]any{}, []any{"low"}}},
		{"numbers of a CHECK", sqlColumn{base: "bigint", numbers: []int64{13}, notNull: true}, []any{int64(1), int64(0), int64(13)}},
		{"a word and what it matches", sqlColumn{base: "uuid", words: []string{"^[0-9]$"}, notNull: true}, []any{"^[0-9]$", "0", "0", "0197c0de-7c1e-4b6a-9f5e-3d2a1b0c9d8e"}},
	} {
		assert.Equal(t, row.want, row.column.believable(), row.name)
	}
}
