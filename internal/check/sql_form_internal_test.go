package check

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
)

// typesOfSQL are types as the catalogue has them.
func typesOfSQL() []string {
	return []string{
		"smallint", "integer", "bigint", "numeric", "real", "double precision", "boolean", "text", "character varying",
		"character", "citext", "uuid", "bytea", "date", "timestamp with time zone", "timestamp without time zone", "json",
		"jsonb", "integer[]", "bigint[]", "text[]", "uuid[]",
	}
}

func TestASchemaFitsTheTypesThatHoldItsValues(t *testing.T) {
	t.Parallel()
	text := openapi3.NewStringSchema
	list := func(item *openapi3.Schema) *openapi3.Schema { return openapi3.NewArraySchema().WithItems(item) }
	texts := []string{"text", "character varying", "character", "citext"}
	for _, row := range []struct {
		name   string
		schema *openapi3.Schema
		want   []string
	}{
		{"32 bits", openapi3.NewInt32Schema(), []string{"smallint", "integer"}},
		{"64 bits", openapi3.NewInt64Schema(), []string{"bigint"}},
		{"a whole number", openapi3.NewIntegerSchema(), []string{"smallint", "integer", "bigint"}},
		{"a number", openapi3.NewFloat64Schema(), []string{"numeric", "real", "double precision"}},
		{"a boolean", openapi3.NewBoolSchema(), []string{"boolean"}},
		{"a text", text().WithPattern("^[0-9a-z]*$"), texts},
		{"a text with a format of its own", text().WithFormat("tag"), texts},
		{"a pattern of dashes too", text().WithPattern("^[0-9a-z-]*$"), texts},
		{"a pattern of a UUID", text().WithPattern("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"), append([]string{"uuid"}, texts...)},
		{"a UUID", text().WithFormat("uuid"), []string{"uuid"}},
		{"bytes in letters", text().WithFormat("byte"), []string{"bytea"}},
		{"bytes", text().WithFormat("binary"), []string{"bytea"}},
		{"a day", text().WithFormat("date"), []string{"date"}},
		{"a time", text().WithFormat("date-time"), []string{"timestamp with time zone"}},
		{"an object", openapi3.NewObjectSchema(), []string{"json", "jsonb"}},
		{"texts", list(text()), []string{"jsonb", "text[]"}},
		{"whole numbers of 32 bits", list(openapi3.NewInt32Schema()), []string{"jsonb", "integer[]"}},
		{"whole numbers of 64 bits", list(openapi3.NewInt64Schema()), []string{"jsonb", "bigint[]"}},
		{"objects", list(openapi3.NewObjectSchema()), []string{"jsonb"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var fits []string
			for _, base := range typesOfSQL() {
				if fitting, _ := fitOf(&sqlProperty{schema: row.schema}, sqlColumn{base: base}); len(fitting) > 0 {
					fits = append(fits, base)
				}
			}
			assert.ElementsMatch(t, row.want, fits)
		})
	}
}

func TestWordsFitAnEnumType(t *testing.T) {
	t.Parallel()
	labels := []string{"low", "high"}
	word := openapi3.NewStringSchema().WithEnum("low", "high")
	words := openapi3.NewArraySchema().WithItems(word)
	for _, row := range []struct {
		name   string
		schema *openapi3.Schema
		column sqlColumn
		want   bool
	}{
		{"a word", word, sqlColumn{base: "shelf", labels: labels}, true},
		{"words", words, sqlColumn{base: "shelf[]", labels: labels}, true},
		{"a word in an array", word, sqlColumn{base: "shelf[]", labels: labels}, false},
		{"words in one", words, sqlColumn{base: "shelf", labels: labels}, false},
		{"a day", openapi3.NewStringSchema().WithFormat("date"), sqlColumn{base: "shelf", labels: labels}, false},
		{"a number", openapi3.NewIntegerSchema(), sqlColumn{base: "shelf", labels: labels}, false},
		{"a word in a type that is none", word, sqlColumn{base: "inet"}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			fitting, misfits := fitOf(&sqlProperty{schema: row.schema}, row.column)
			assert.Equal(t, row.want, len(fitting) == 1)
			assert.Equal(t, row.want, len(misfits) == 0)
		})
	}
}

func TestNullIsHeldAgainstTheColumn(t *testing.T) {
	t.Parallel()
	text, null, filled := openapi3.NewStringSchema(), openapi3.NewStringSchema().WithNullable(), openapi3.NewStringSchema().WithDefault("")
	for _, row := range []struct {
		name     string
		property sqlProperty
		column   sqlColumn
		want     string // the finding's pointer
	}{
		{"null on both sides", sqlProperty{schema: null, read: true, written: true, made: true, required: true}, sqlColumn{}, ""},
		{"null on no side", sqlProperty{schema: text, read: true, written: true, made: true, required: true}, sqlColumn{notNull: true}, ""},
		{"null in requests alone", sqlProperty{schema: null, written: true}, sqlColumn{notNull: true}, "/limits/nullable"},
		{"null in answers alone", sqlProperty{schema: null, read: true, required: true}, sqlColumn{notNull: true}, "/limits/nullable"},
		{"null in SQL alone", sqlProperty{schema: text, read: true, required: true}, sqlColumn{}, "/it"},
		{"null in SQL of what answers may leave out", sqlProperty{schema: text, read: true}, sqlColumn{}, ""},
		{"null in SQL of what is never answered", sqlProperty{schema: text, written: true, required: true}, sqlColumn{}, ""},
		{"left out where it is made", sqlProperty{schema: text, written: true, made: true}, sqlColumn{notNull: true}, "/it"},
		{"left out where SQL fills it", sqlProperty{schema: text, written: true, made: true}, sqlColumn{notNull: true, filled: true}, ""},
		{"left out where the contract fills it", sqlProperty{schema: filled, written: true, made: true}, sqlColumn{notNull: true}, ""},
		{"left out where it is changed", sqlProperty{schema: text, written: true}, sqlColumn{notNull: true}, ""},
		{"never null in what a view shows", sqlProperty{schema: text, read: true, required: true}, sqlColumn{table: &sqlTable{isView: true}}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := row.property
			p.pointer, p.limits, p.column = "/it", "/limits", "things.it"
			var pointers []string
			for _, f := range sqlNulls([]*sqlProperty{&p}, catalogueOf(row.column)) {
				pointers = append(pointers, f.Pointer)
				assert.Equal(t, "sql/null", f.Rule)
			}
			assert.Equal(t, row.want, strings.Join(pointers, " "))
		})
	}
}

// fitOf tells whether a property fits the column.
func fitOf(p *sqlProperty, column sqlColumn) (fitting []*sqlProperty, misfits []Finding) {
	p.column = "things.it"
	return sqlFit(&sqlModel{properties: []*sqlProperty{p}}, catalogueOf(column))
}

// catalogueOf is one of the table or the view things, with the column it.
func catalogueOf(column sqlColumn) *sqlCatalogue {
	table := &sqlTable{name: "things", columns: []*sqlColumn{&column}}
	if column.table != nil {
		table.isView = column.table.isView
	}
	column.table, column.name = table, "it"
	return &sqlCatalogue{tables: map[string]*sqlTable{"things": table}}
}
