package check_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// thingContract has one property, which is sent and answered, and thingSchema the column that it is stored in.
const (
	thingContract = `
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    post:
      operationId: createThing
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        '201':
          description: Made
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '409': {description: It is taken, or refers to nothing}
components:
  schemas:
    Thing:
      type: object
      required: [it]
      properties:
        it: {x-column: things.it, %s}
`
	thingSchema = `
-- +goose Up
CREATE DOMAIN sure AS integer NOT NULL DEFAULT 1;
CREATE DOMAIN surer AS sure CHECK (value < 10);
CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, it %s);
-- +goose Down
DROP TABLE things;
DROP DOMAIN surer;
DROP DOMAIN sure;
`
)

func TestSQLHoldsAPropertyAgainstItsColumn(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, property, column, finding string }{
		{"a whole number that may not be its bound", "type: integer, format: int32, minimum: 0, exclusiveMinimum: true, maximum: 9", "int NOT NULL CHECK (it > 0 AND it <= 9)", ""},
		{"one that may in SQL", "type: integer, format: int32, minimum: 0, exclusiveMinimum: true, maximum: 9", "int NOT NULL CHECK (it >= 0 AND it <= 9)", "sql/narrower it/minimum"},
		{"32 bits", "type: integer, format: int32", "int NOT NULL", ""},
		{"32 bits, and fewer in SQL", "type: integer, format: int32", "smallint NOT NULL", "sql/wider it"},
		{"a hole below zero", "type: integer, minimum: -9, maximum: 9", "int NOT NULL CHECK (it BETWEEN -9 AND 9 AND it <> -3)", "sql/wider it/maximum"},
		{"a fraction as the most", "type: number, minimum: 0, maximum: 9.75", "numeric NOT NULL CHECK (it BETWEEN 0 AND 9.75)", ""},
		{"a fraction that is less in SQL", "type: number, minimum: 0, maximum: 9.75", "numeric NOT NULL CHECK (it BETWEEN 0 AND 9.5)", "sql/wider it/maximum"},
		{"a fraction that is more in SQL", "type: number, minimum: 0.25, maximum: 9", "numeric NOT NULL CHECK (it BETWEEN 0 AND 9)", "sql/narrower it/minimum"},
		{"less than one, and one in SQL", "type: number, minimum: 0, exclusiveMinimum: true, maximum: 9", "numeric NOT NULL CHECK (it BETWEEN 1 AND 9)", "sql/wider it/minimum"},
		{"numbers to choose from", "type: integer, enum: [1, 2, 10]", "int NOT NULL CHECK (it IN (1, 2, 10))", ""},
		{"fewer in SQL", "type: integer, enum: [1, 2, 10]", "int NOT NULL CHECK (it IN (1, 2))", "sql/wider it/enum"},
		{"more in SQL", "type: integer, enum: [1, 2, 10]", "int NOT NULL CHECK (it IN (1, 2, 10, 20))", "sql/narrower it/enum"},
		{"an array of numbers", "type: array, maxItems: 2, items: {type: integer, minimum: 5, maximum: 9}", "int[] NOT NULL CHECK (cardinality(it) < 3 AND 5 <= ALL (it) AND 9 >= ALL (it))", ""},
		{"its items may be more in SQL", "type: array, maxItems: 2, items: {type: integer, minimum: 5, maximum: 9}", "int[] NOT NULL CHECK (cardinality(it) < 3 AND 5 <= ALL (it))", "sql/narrower it/items/maximum"},
		{"texts without an example", "type: array, maxItems: 2, items: {type: string}", "text[] NOT NULL CHECK (cardinality(it) < 3)", ""},
		{"more of them in SQL", "type: array, maxItems: 2, items: {type: string}", "text[] NOT NULL CHECK (cardinality(it) < 4)", "sql/narrower it/maxItems"},
		{"a CHECK that names what every table has", "type: integer, format: int32, maximum: 9", "int NOT NULL CONSTRAINT things_it_check CHECK (tableoid <> 0 AND it < 10)", ""},
		{"characters that are filled up", "type: string, maxLength: 4, example: ab", "char(4) NOT NULL", ""},
		{"fewer of them in SQL", "type: string, maxLength: 5, example: ab", "char(4) NOT NULL", "sql/wider it/maxLength"},
		{"a CHECK of what SQL computes", "type: integer, format: int32, minimum: 0, maximum: 9", "int NOT NULL, twice int GENERATED ALWAYS AS (it * 2) STORED CHECK (twice BETWEEN 0 AND 18)", ""},
		{"an odd name beside it", "type: integer, format: int32", "int NOT NULL, \"of (it\" int);\nCREATE UNIQUE INDEX things_id_live_key ON things (id", ""},
		{
			"two keys to one table", "type: integer, format: int32, maximum: 9", "int NOT NULL CHECK (it < 10), one int NOT NULL, two int NOT NULL);\n" +
				"CREATE TABLE \"Others\" (\"Id\" int PRIMARY KEY);\n" +
				"ALTER TABLE things ADD CONSTRAINT things_one_fkey FOREIGN KEY (one) REFERENCES \"Others\" (\"Id\"),\n" +
				"ADD CONSTRAINT things_two_fkey FOREIGN KEY (two) REFERENCES \"Others\" (\"Id\"", "",
		},
		{
			"what a trigger refuses by a code of its own", "type: integer, format: int32, minimum: 0, maximum: 9", "int NOT NULL CHECK (it BETWEEN 0 AND 9));\n" +
				"-- +goose StatementBegin\nCREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n" +
				"IF new.it = 9 THEN RAISE 'too many' USING ERRCODE = 'PT400'; END IF; RETURN new; END $$;\n-- +goose StatementEnd\n" +
				"CREATE TRIGGER refuse BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION refuse(",
			"sql/wider it/maximum",
		},
		{"null", "type: string, maxLength: 9, nullable: true", "varchar(9)", ""},
		{"null, which the key that it refers to may not be", "type: integer, format: int64, minimum: 1, nullable: true", "bigint CONSTRAINT things_it_fkey REFERENCES things (id) CHECK (id > 0)", ""},
		{"null that SQL refuses, told once", "type: string, maxLength: 9, nullable: true", "varchar(9) NOT NULL", "sql/null it/nullable"},
		{"null that a CHECK refuses", "type: string, maxLength: 9, nullable: true", "varchar(9) CHECK (it IS NOT NULL)", "sql/wider it/nullable"},
		{"capital letters, which the server may make small", "type: string, pattern: '^[A-Za-z]*$', maxLength: 9, example: Go", "varchar(9) NOT NULL CHECK (it ~ '^[a-z]*$')", ""},
		{"capital letters that SQL does not know in small either", "type: string, pattern: '^[A-Z]*$', maxLength: 9, example: GO", "varchar(9) NOT NULL CHECK (it ~ '^[B-Z]*$')", "sql/wider it/pattern"},
		{"a pattern of what may not be there", "type: string, pattern: '^[^a-z]+$', maxLength: 9", "varchar(9) NOT NULL CHECK (it ~ '^[^a-z]+$')", ""},
		{"a domain that is never null", "type: integer, format: int32", "sure", ""},
		{"a domain over another", "type: integer, format: int32, maximum: 9", "surer", ""},
		{"a domain over another that takes less", "type: integer, format: int32, maximum: 10", "surer", "sql/wider it/maximum"},
		{"null that a domain refuses", "type: integer, format: int32, nullable: true", "sure", "sql/null it/nullable"},
		{"a text that is longer than SQL takes", "type: string, maxLength: 200", "varchar(100) NOT NULL", "sql/wider it/maxLength"},
		{"a limit that SQL passes more than once", "type: integer, format: int32, maximum: 9", "int NOT NULL CHECK (it <= 20)", "sql/narrower it/maximum"},
		{"a range of which SQL takes one, told once", "type: integer, minimum: 1, maximum: 9", "int NOT NULL CHECK (it = 5)", "sql/wider it/minimum"},
		{"a value that a migration has taken", "type: integer, format: int32", "int NOT NULL CONSTRAINT things_it_key UNIQUE);\nINSERT INTO things (it) VALUES (2147483647", ""},
		{
			"a part of a key", "type: integer, format: int32", "int NOT NULL, two int NOT NULL DEFAULT 1);\n" +
				"CREATE TABLE pairs (one int NOT NULL, two int NOT NULL, UNIQUE (one, two));\n" +
				"ALTER TABLE things ADD CONSTRAINT things_it_two_fkey FOREIGN KEY (it, two) REFERENCES pairs (one, two", "",
		},
		{
			"tables that need each other", "type: integer, format: int64, minimum: 1", "bigint NOT NULL);\n" +
				"CREATE TABLE others (id bigint PRIMARY KEY, one bigint NOT NULL REFERENCES things (id));\n" +
				"ALTER TABLE things ADD CONSTRAINT things_it_fkey FOREIGN KEY (it) REFERENCES others (id", "sql/unprobed it",
		},
		{"a row that refers to itself", "type: integer, format: int64, minimum: 1", "bigint NOT NULL CONSTRAINT things_it_fkey REFERENCES things (id)", ""},
		{
			"what a trigger refuses at last", "type: integer, format: int32, minimum: 0, maximum: 9", "int NOT NULL CHECK (it BETWEEN 0 AND 9));\n" +
				"-- +goose StatementBegin\nCREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n" +
				"IF new.it = 9 THEN RAISE 'too many'; END IF; RETURN new; END $$;\n-- +goose StatementEnd\n" +
				"CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON things INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse(",
			"sql/wider it/maximum",
		},
		{"a text that no index holds", "type: string", "text NOT NULL CONSTRAINT things_it_key UNIQUE", "sql/wider it"},
		{"bytes", "type: string, format: byte, maxLength: 8, example: YWJj", "bytea NOT NULL", ""},
		{"a day", "type: string, format: date, example: '2026-01-02'", "date NOT NULL", ""},
		{"a time", "type: string, format: date-time, example: '2026-01-02T03:04:05Z'", "timestamptz NOT NULL", ""},
		{"a UUID", "type: string, format: uuid", "uuid NOT NULL", ""},
		{"texts in a document", "type: array, maxItems: 2, items: {type: string}", "jsonb NOT NULL", ""},
		{"an object in a document", "type: object", "json NOT NULL", ""},
		{"a silenced drift", "type: integer, format: int32, maximum: 9, x-lint-ignore: {sql/narrower: It is a counter}", "int NOT NULL", ""},
		{"a silenced rule that is not there", "type: integer, format: int32, maximum: 9, x-lint-ignore: {sql/narrow: It is a counter}", "int NOT NULL CHECK (it < 10)", "sql/exception it/x-lint-ignore/sql~1narrow"},
		{"silence that nothing needs", "type: integer, format: int32, maximum: 9, x-lint-ignore: {sql/narrower: It is a counter}", "int NOT NULL CHECK (it < 10)", "sql/exception it/x-lint-ignore/sql~1narrower"},
		{"silence without a reason", "type: integer, format: int32, maximum: 9, x-lint-ignore: {sql/narrower: ''}", "int NOT NULL", "sql/exception it/x-lint-ignore/sql~1narrower"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			found := library(t, fmt.Sprintf(thingContract, row.property), fmt.Sprintf(thingSchema, row.column))
			var want []string
			if rule, place, drifted := strings.Cut(row.finding, " "); drifted {
				want = []string{rule + " /components/schemas/Thing/properties/" + place}
			}
			assert.Equal(t, want, found)
		})
	}
}
