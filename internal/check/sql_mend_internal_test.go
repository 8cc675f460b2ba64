package check

import (
	"regexp"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
)

func TestADriftIsToldWithTheSQLThatWouldMendIt(t *testing.T) {
	t.Parallel()
	text, number := openapi3.NewStringSchema, openapi3.NewIntegerSchema
	for _, row := range []struct {
		name    string
		schema  *openapi3.Schema
		keyword string
		want    string
	}{
		{"lengths", text().WithMinLength(2).WithMaxLength(9), "maxLength", "CHECK (char_length(it) BETWEEN 2 AND 9)"},
		{"a greatest length", text().WithMaxLength(9), "maxLength", "CHECK (char_length(it) <= 9)"},
		{"a least length", text().WithMinLength(2), "minLength", "CHECK (char_length(it) >= 2)"},
		{"counts", openapi3.NewArraySchema().WithMinItems(1).WithMaxItems(3), "maxItems", "CHECK (cardinality(it) BETWEEN 1 AND 3)"},
		{"bounds", number().WithMin(-5).WithMax(0), "minimum", "CHECK (it BETWEEN -5 AND 0)"},
		{"a fraction", openapi3.NewFloat64Schema().WithMax(9.75), "maximum", "CHECK (it <= 9.75)"},
		{"excluded bounds", number().WithMin(0).WithExclusiveMin(true).WithMax(9).WithExclusiveMax(true), "minimum", "CHECK (it > 0 AND it < 9)"},
		{"an excluded bound", number().WithMin(0).WithMax(9).WithExclusiveMax(true), "maximum", "CHECK (it >= 0 AND it < 9)"},
		{"words", text().WithEnum("it's", "b", nil), "enum", "CHECK (it IN ('it''s', 'b'))"},
		{"numbers to choose from", number().WithEnum(1, 2.5), "enum", "CHECK (it IN (1, 2.5))"},
		{"no limit", text(), "maxLength", "take the limit out of things_it_check"},
		{"a boolean", openapi3.NewBoolSchema(), "enum", "take the limit out of things_it_check"},
		{"a pattern", text().WithPattern("^a$").WithMaxLength(9), "pattern", "let things_it_check say it, or state x-lint-ignore"},
		{"a rule", text().WithMaxLength(9), "x-rule", "let things_it_check say it, or state x-lint-ignore"},
		{"null", text().WithNullable().WithMaxLength(9), "nullable", "let things_it_check take null"},
		{"items that differ", openapi3.NewArraySchema().WithMaxItems(9), "uniqueItems", "let things_it_check compare its items"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			group := &sqlGroup{column: catalogueOf(sqlColumn{}).column("things.it"), schema: row.schema, limits: "/it"}
			trial := sqlTrial{at: "/it", keyword: row.keyword, schema: row.schema}
			finding := sqlTell(group, trial, nil)
			assert.Regexp(t, "(: |: things_it_check )"+regexp.QuoteMeta(row.want)+"$", finding.Message)
		})
	}
}

func TestADriftOfItemsAndLabelsIsToldOfThem(t *testing.T) {
	t.Parallel()
	item := openapi3.NewStringSchema().WithMaxLength(9)
	column := catalogueOf(sqlColumn{typ: "shelf[]"}).column("things.it")
	group := &sqlGroup{column: column, schema: openapi3.NewArraySchema().WithItems(item), limits: "/it"}
	finding := sqlTell(group, sqlTrial{at: "/it/items", keyword: "maxLength", schema: item}, nil)
	assert.Equal(t, "/it/items/maxLength", finding.Pointer)
	assert.Contains(t, finding.Message, "let things_it_check hold for its items")
	group.schema, column.labels = openapi3.NewStringSchema().WithEnum("a"), []string{"a", "b"}
	finding = sqlTell(group, sqlTrial{at: "/it", keyword: "enum", schema: group.schema}, nil)
	assert.Contains(t, finding.Message, "make the labels of shelf those of enum")
}

func TestADriftHasARuleAPlaceAndWhoRefused(t *testing.T) {
	t.Parallel()
	schema := openapi3.NewStringSchema().WithMaxLength(9)
	group := &sqlGroup{column: catalogueOf(sqlColumn{}).column("things.it"), schema: schema, limits: "/it"}
	check := &pgconn.PgError{ConstraintName: "things_it_check", ColumnName: "it"}
	for _, row := range []struct {
		keyword             string
		refusal             *pgconn.PgError
		rule, pointer, says string
	}{
		{"maxLength", nil, "sql/narrower", "/it/maxLength", "things.it takes WORDS, which the contract refuses"},
		{"minLength", nil, "sql/narrower", "/it", "things.it takes WORDS"}, // of which the schema says nothing
		{"pattern", nil, "sql/pattern", "/it", "things.it takes WORDS"},
		{"format", nil, "sql/pattern", "/it", "things.it takes WORDS"},
		{"x-rule", nil, "sql/pattern", "/it", "things.it takes WORDS"},
		{"maxLength", check, "sql/wider", "/it/maxLength", "refuses WORDS, which the contract allows, by things_it_check:"},
		{"pattern", check, "sql/wider", "/it", "by things_it_check:"},
		{"maxLength", &pgconn.PgError{ColumnName: "it"}, "sql/wider", "/it/maxLength", "by NOT NULL of it:"},
		{"maxLength", &pgconn.PgError{}, "sql/wider", "/it/maxLength", "by its type:"},
	} {
		finding := sqlTell(group, sqlTrial{words: "WORDS", at: "/it", keyword: row.keyword, schema: schema}, row.refusal)
		assert.Equal(t, row.rule, finding.Rule, row.keyword)
		assert.Equal(t, row.pointer, finding.Pointer, row.keyword)
		assert.Contains(t, finding.Message, row.says)
	}
}

func TestAFindingPointsAtAKeywordThatIsStated(t *testing.T) {
	t.Parallel()
	for keyword, schema := range map[string]*openapi3.Schema{
		"minLength": openapi3.NewStringSchema().WithMinLength(1), "maxLength": openapi3.NewStringSchema().WithMaxLength(0),
		"minimum": openapi3.NewIntegerSchema().WithMin(0), "maximum": openapi3.NewIntegerSchema().WithMax(0),
		"minItems": openapi3.NewArraySchema().WithMinItems(1), "maxItems": openapi3.NewArraySchema().WithMaxItems(0),
		"enum": openapi3.NewStringSchema().WithEnum("a"), "pattern": openapi3.NewStringSchema().WithPattern("a"),
		"format": openapi3.NewStringSchema().WithFormat("tag"), "uniqueItems": openapi3.NewArraySchema().WithUniqueItems(true),
		"nullable": openapi3.NewStringSchema().WithNullable(), "example": {Example: "a"},
	} {
		assert.True(t, sqlStates(schema, keyword), keyword)
		assert.False(t, sqlStates(&openapi3.Schema{}, keyword), keyword)
	}
	assert.False(t, sqlStates(&openapi3.Schema{Extensions: map[string]any{"x-rule": "tags"}}, "x-rule"))
}
