package check_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
	"github.com/plaza-api/plaza/internal/testkit"
)

// libraryContract has what Plaza's own contract has not: numbers, domains, generated columns, views, arrays of words.
const libraryContract = `
openapi: 3.0.3
info: {title: Library, version: 1.0.0}
paths:
  /books:
    post:
      operationId: createBook
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/BookCreate'}}}
      responses:
        '201':
          description: Made
          content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}
        '409': {description: The number is taken}
components:
  schemas:
    BookCreate:
      type: object
      required: [title, isbn]
      properties:
        title: {type: string, minLength: 1, maxLength: 80, x-column: books.title}
        isbn: {type: string, pattern: '^[0-9]{13}$', maxLength: 13, x-column: books.isbn}
        price: {type: number, minimum: 0, maximum: 999, x-column: books.price}
        shelves: {type: array, minItems: 1, maxItems: 3, uniqueItems: true, x-column: books.shelves, items: {type: string, enum: [low, high]}}
        sequel_of: {type: integer, format: int64, minimum: 1, nullable: true, x-column: books.sequel_of}
        lent: {type: boolean, x-column: books.lent}
        notes: {type: object, x-column: books.notes}
    Book:
      type: object
      required: [id, title, key, pages, added_on]
      properties:
        id: {type: integer, format: int64, minimum: 1, x-column: books.id}
        title: {type: string, minLength: 1, maxLength: 80, x-column: books.title}
        key: {type: string, maxLength: 10, x-column: books.key}
        pages: {type: integer, minimum: 1, maximum: 5000, x-column: books.pages}
        added_on: {type: string, format: date, x-column: books.added_on}
        shown: {type: string, minLength: 2, x-column: shown_books.shown}
`

const librarySchema = `
-- +goose Up
CREATE TYPE shelf AS ENUM ('low', 'high');
CREATE DOMAIN page_count AS integer CHECK (value BETWEEN 1 AND 5000);
CREATE TABLE books (
    id        bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT books_pkey PRIMARY KEY CONSTRAINT books_id_check CHECK (id > 0),
    title     varchar(80) NOT NULL CONSTRAINT books_title_check CHECK (title <> ''),
    isbn      text NOT NULL CONSTRAINT books_isbn_key UNIQUE CONSTRAINT books_isbn_check CHECK (isbn ~ '^[0-9]{13}$'),
    price     numeric CONSTRAINT books_price_check CHECK (price BETWEEN 0 AND 999),
    shelves   shelf[] NOT NULL DEFAULT '{low}',
    sequel_of bigint CONSTRAINT books_sequel_of_fkey REFERENCES books (id),
    lent      boolean NOT NULL DEFAULT false,
    notes     jsonb,
    key       text GENERATED ALWAYS AS (left(isbn, 10)) STORED NOT NULL,
    pages     page_count NOT NULL DEFAULT 1,
    added_on  date NOT NULL DEFAULT current_date,
    kind      text NOT NULL, -- which the contract does not know
    CONSTRAINT books_kind_check CHECK (kind ~ '^(paper|disc)-[a-z]{2}$'),
    CONSTRAINT books_lent_check CHECK (NOT lent OR price > 10),
    CONSTRAINT books_shelves_check CHECK (cardinality(shelves) BETWEEN 1 AND 3)
);
CREATE VIEW shown_books AS SELECT title || ' ' AS shown FROM books;
-- +goose Down
DROP VIEW shown_books;
DROP TABLE books;
DROP DOMAIN page_count;
DROP TYPE shelf;
`

func TestSQLReadsEveryTypeThatAContractMayHave(t *testing.T) {
	t.Parallel()
	// SQL takes the same item twice, which the contract refuses. All else agrees.
	assert.Equal(t, []string{
		"sql/narrower /components/schemas/BookCreate/properties/shelves/uniqueItems",
	}, library(t, libraryContract, librarySchema))
}

func TestSQLTellsWhatHasDriftedInEveryType(t *testing.T) {
	t.Parallel()
	book, create := "/components/schemas/Book/properties/", "/components/schemas/BookCreate/properties/"
	for _, row := range []struct{ name, old, new, finding string }{
		{"a number's limit", "price BETWEEN 0 AND 999", "price >= 0", "sql/narrower " + create + "price/maximum"},
		{"a domain's limit", "value BETWEEN 1 AND 5000", "value BETWEEN 1 AND 4999", "sql/wider " + book + "pages/maximum"},
		{"a boolean that may not be true", "NOT lent OR price > 10", "NOT lent", "sql/wider " + create + "lent"},
		{"a count of words", "cardinality(shelves) BETWEEN 1 AND 3", "cardinality(shelves) > 0", "sql/narrower " + create + "shelves/maxItems"},
		{"a label", "('low', 'high')", "('low', 'high', 'top')", "sql/narrower " + create + "shelves/items/enum"},
		{"a form", "isbn ~ '^[0-9]{13}$'", "isbn ~ '^[0-9]*$'", "sql/narrower " + create + "isbn/maxLength"},
		{"a table without a name for its key", "CONSTRAINT books_isbn_key", "CONSTRAINT books_number", "sql/constraint-name "},
		{"a reference under another name", "books_sequel_of_fkey", "books_sequel_fkey", "sql/constraint-name "},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, librarySchema, row.old)
			assert.Contains(t, library(t, libraryContract, strings.Replace(librarySchema, row.old, row.new, 1)), row.finding)
		})
	}
}

func TestSQLLeavesNothingInTheDatabaseAndNothingInTheTree(t *testing.T) {
	t.Parallel()
	p := libraryProject(t, libraryContract, librarySchema)
	run(t, p, "sql")
	var names []string
	require.NoError(t, filepath.WalkDir(p.Root, func(path string, _ os.DirEntry, err error) error {
		names = append(names, strings.TrimPrefix(path, p.Root))
		return err
	}))
	assert.Equal(t, []string{"", "/openapi.yaml", "/schema", "/schema/0001_books.sql"}, names)
}

func TestSQLTellsOfMigrationsThatDoNotRun(t *testing.T) {
	t.Parallel()
	findings := run(t, libraryProject(t, libraryContract, "-- +goose Up\nCREATE TABEL books ();\n-- +goose Down\n"), "sql")
	require.Len(t, findings, 1)
	assert.Equal(t, "schema/broken", findings[0].Rule)
}

// library returns what the sql layer finds in a project of a contract and one migration, as rule and pointer.
func library(t *testing.T, contract, schema string) []string {
	t.Helper()
	var found []string
	for _, f := range run(t, libraryProject(t, contract, schema), "sql") {
		found = append(found, f.Rule+" "+f.Pointer)
		assert.LessOrEqual(t, len(f.Message), 200, f.Message)
	}
	return found
}

func libraryProject(t *testing.T, contract, schema string) *check.Project {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "openapi.yaml"), []byte(contract), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(root, "schema"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "schema", "0001_books.sql"), []byte(schema), 0o644))
	p, err := check.Open(root)
	require.NoError(t, err)
	p.ServerURL = testkit.ServerURL(t)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}
