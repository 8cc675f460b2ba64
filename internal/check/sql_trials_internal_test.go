package check

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNumbersAreTriedAtBothSidesOfEachLimit(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		schema  *openapi3.Schema
		numbers []int64
		want    []string
	}{
		{
			name: "bounds of the contract", schema: openapi3.NewIntegerSchema().WithMin(13).WithMax(120),
			want: []string{"minimum 12 no", "minimum 13 yes", "minimum 14 yes", "maximum 119 yes", "maximum 120 yes", "maximum 121 no"},
		},
		{
			name: "bounds of 32 bits", schema: openapi3.NewInt32Schema(),
			want: []string{
				"minimum -2147483649 no", "minimum -2147483648 yes", "minimum -2147483647 yes",
				"maximum 2147483646 yes", "maximum 2147483647 yes", "maximum 2147483648 no",
			},
		},
		{
			name: "bounds of 64 bits, stated and not", schema: openapi3.NewInt64Schema().WithMax(math.MaxInt64),
			want: []string{
				"minimum -9223372036854775808 yes", "minimum -9223372036854775807 yes",
				"maximum 9223372036854775806 yes", "maximum 9223372036854775807 yes",
			},
		},
		{
			name: "numbers of a CHECK", schema: openapi3.NewIntegerSchema().WithMin(0).WithMax(9), numbers: []int64{5},
			want: []string{
				"minimum -1 no", "minimum 0 yes", "minimum 1 yes", "maximum 4 yes", "maximum 5 yes", "maximum 6 yes",
				"maximum 8 yes", "maximum 9 yes", "maximum 10 no",
			},
		},
		{
			name: "bounds that are excluded", schema: openapi3.NewIntegerSchema().WithMin(0).WithExclusiveMin(true).WithMax(9).WithExclusiveMax(true),
			want: []string{"minimum -1 no", "minimum 0 no", "minimum 1 yes", "maximum 8 yes", "maximum 9 no", "maximum 10 no"},
		},
		{
			name: "bounds within a one", schema: openapi3.NewFloat64Schema().WithMin(0).WithExclusiveMin(true).WithMax(9.75),
			want: []string{
				"minimum -1 no", "minimum -0.5 no", "minimum 0 no", "minimum 0.5 yes", "minimum 1 yes", "maximum 8 yes",
				"maximum 9 yes", "maximum 9.25 yes", "maximum 9.75 yes", "maximum 10 no", "maximum 10.25 no",
			},
		},
		{
			name: "words that are numbers", schema: openapi3.NewIntegerSchema().WithEnum(1, 10, nil), numbers: []int64{20},
			want: []string{"enum 0 no", "enum 1 yes", "enum 2 no", "enum 9 no", "enum 10 yes", "enum 11 no", "enum 20 no"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.ElementsMatch(t, row.want, trialsOf(t, row.schema, &sqlColumn{numbers: row.numbers}))
		})
	}
}

func TestTextsAreTriedAtBothSidesOfEachLength(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		schema *openapi3.Schema
		column sqlColumn
		want   []string
	}{
		{
			name: "lengths of the contract", schema: openapi3.NewStringSchema().WithMinLength(2).WithMaxLength(5),
			want: []string{"minLength 1 characters no", "minLength 2 characters yes", "maxLength 5 characters yes", "maxLength 6 characters no"},
		},
		{
			name: "lengths of a CHECK", schema: openapi3.NewStringSchema().WithMaxLength(50), column: sqlColumn{numbers: []int64{30, 50, 60}},
			want: []string{
				"minLength 0 characters yes", "maxLength 29 characters yes", "maxLength 30 characters yes",
				"maxLength 31 characters yes", "maxLength 50 characters yes", "maxLength 51 characters no",
			},
		},
		{
			name: "no length", schema: openapi3.NewStringSchema(),
			want: []string{"minLength 0 characters yes", "maxLength 300000 characters yes", "maxLength 300001 characters yes"},
		},
		{
			name: "lengths beside a pattern", schema: openapi3.NewStringSchema().WithMinLength(2).WithMaxLength(4).WithPattern("^[0-9]*$"),
			want: []string{"minLength 1 characters no", "minLength 2 characters yes", "maxLength 4 characters yes", "maxLength 5 characters no"},
		},
		{
			name: "words of both sides", schema: openapi3.NewStringSchema().WithEnum("a", "b"),
			column: sqlColumn{labels: []string{"c"}, words: []string{"d"}},
			want:   []string{`enum "a" yes`, `enum "b" yes`, `enum "c" no`, `enum "d" no`, "enum a word that is not in enum no"},
		},
		{
			name: "the shortest that a pattern allows", schema: openapi3.NewStringSchema().WithMaxLength(20).WithPattern("^[0-9]+-x$"),
			want: []string{`minLength "7-x" yes`},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.Subset(t, trialsOf(t, row.schema, &row.column, "17", "77-x"), row.want)
		})
	}
}

func TestALengthBeyondTheLimitBreaksNothingElse(t *testing.T) {
	t.Parallel()
	schema := openapi3.NewStringSchema().WithMinLength(4).WithMaxLength(6).WithPattern("^[A-Z]-[0-9]*$")
	for _, trial := range newTrials(schema, &sqlColumn{}, "A-17").all() {
		if trial.keyword == "minLength" || trial.keyword == "maxLength" {
			assert.Regexp(t, schema.Pattern, trial.value)
		}
	}
}

func TestArraysAreTriedAtBothSidesOfEachCount(t *testing.T) {
	t.Parallel()
	tags := openapi3.NewArraySchema().WithMinItems(2).WithMaxItems(5).WithItems(openapi3.NewStringSchema().WithMaxLength(9))
	small := openapi3.NewIntegerSchema().WithMin(10).WithMax(19)
	for _, row := range []struct {
		name   string
		schema *openapi3.Schema
		column sqlColumn
		want   []string
	}{
		{
			name: "counts of the contract", schema: tags,
			want: []string{"minItems 1 items no", "minItems 2 items yes", "maxItems 5 items yes", "maxItems 6 items no"},
		},
		{
			name: "counts of a CHECK", schema: tags, column: sqlColumn{numbers: []int64{3, 9}},
			want: []string{"maxItems 3 items yes", "maxItems 4 items yes"},
		},
		{
			name: "no count", schema: openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema().WithMaxLength(9)),
			want: []string{"minItems 0 items yes", "maxItems 1000 items yes", "maxItems 1001 items yes"},
		},
		{
			name: "items that are long", schema: openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema().WithMinLength(3).WithMaxLength(9)).WithMaxItems(2),
			want: []string{
				"maxItems 2 items yes", "maxItems 3 items no", "minLength an item of 2 characters no",
				"minLength an item of 3 characters yes", "maxLength an item of 9 characters yes", "maxLength an item of 10 characters no",
			},
		},
		{
			name: "items that are numbers", schema: openapi3.NewArraySchema().WithItems(small).WithMinItems(1).WithMaxItems(3),
			want: []string{
				"minItems 0 items no", "minItems 1 items yes", "maxItems 3 items yes", "maxItems 4 items no", "minimum an item of 9 no",
				"minimum an item of 10 yes", "maximum an item of 19 yes", "maximum an item of 20 no",
			},
		},
		{
			name: "items that must differ", schema: openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema().WithEnum("a", "b")).WithUniqueItems(true),
			want: []string{"uniqueItems the same item twice no", `enum an item of "a" yes`},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.Subset(t, trialsOf(t, row.schema, &row.column), row.want)
		})
	}
}

func TestAnArrayOfMoreItemsThanThereAreIsNotTriedWhereItMayNotBe(t *testing.T) {
	t.Parallel()
	words := openapi3.NewArraySchema().WithMaxItems(3).WithUniqueItems(true).WithItems(openapi3.NewStringSchema().WithEnum("a", "b"))
	assert.NotContains(t, trialsOf(t, words, &sqlColumn{}), "maxItems 3 items no")
}

func TestACountIsTriedWithAsManyItemsOrNot(t *testing.T) {
	t.Parallel()
	flags := openapi3.NewArraySchema().WithMaxItems(3).WithItems(openapi3.NewBoolSchema()) // of which none are made
	assert.Equal(t, []string{"minItems 0 items yes"}, trialsOf(t, flags, &sqlColumn{}))
}

func TestAnItemStandsBesideAsManyAsThereMustBe(t *testing.T) {
	t.Parallel()
	pairs := openapi3.NewArraySchema().WithMinItems(2).WithMaxItems(4).WithItems(openapi3.NewStringSchema().WithMaxLength(3))
	for _, trial := range newTrials(pairs, &sqlColumn{}).items() {
		assert.Len(t, trial.value, 2, trial.words)
		assert.Equal(t, "/at/items", trial.at)
	}
}

func TestItemsThatDifferInCaseAloneAreOne(t *testing.T) {
	t.Parallel()
	tags := openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema())
	assert.Equal(t, []any{"Go", "sql"}, newTrials(tags, &sqlColumn{}, []any{"Go", "go", "sql"}).itemSeeds())
}

// trialsOf are the trials of a schema as "keyword words", and whether the contract allows them.
func trialsOf(t *testing.T, schema *openapi3.Schema, column *sqlColumn, seeds ...any) []string {
	t.Helper()
	trials := newTrials(schema, column, seeds...)
	var found []string
	for _, trial := range trials.all() {
		allowed := map[bool]string{true: "yes", false: "no"}[trials.allows(trial.value)]
		found = append(found, fmt.Sprintf("%s %s %s", trial.keyword, trial.words, allowed))
	}
	require.NotEmpty(t, found)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestAWordThatSQLWantsStandsAmongTheItems(t *testing.T) {
	t.Parallel()
	trials := newTrials(openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema()), &sqlColumn{words: []string{"openid"}}, []any{"a", "b"})
	trials.allows = func(value any) bool { list, _ := value.([]any); return slices.Contains(list, any("openid")) }
	assert.Equal(t, []any{"a", "openid"}, trials.array(2))
}

func newTrials(schema *openapi3.Schema, column *sqlColumn, seeds ...any) *sqlTrials {
	judge := newSQLJudge()
	group := &sqlGroup{column: column, schema: schema, limits: "/at"}
	allows := func(value any) bool { return judge.allows(schema, value) }
	return &sqlTrials{judge: judge, group: group, allows: allows, seeds: seeds}
}
