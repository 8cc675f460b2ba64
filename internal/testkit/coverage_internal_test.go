package testkit

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
)

const seenContract = `openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    post:
      operationId: a
      security: []
      x-rate-limit: none
      x-timeout: 1s
      x-body-limit: 1KiB
      parameters:
        - {name: q, in: query, schema: {$ref: '#/components/schemas/Q'}}
        - {name: If-Match, in: header, schema: {type: string}}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                rows: {type: array, x-validate-items: Row, items: {}}
                rest: {type: object, additionalProperties: {$ref: '#/components/schemas/Q'}}
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {f: {type: string}, g: {type: string}}}
      responses:
        '200':
          description: d
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Row'}}
        '422': {$ref: '#/components/responses/Bad'}
        default: {description: d}
components:
  responses:
    Bad: {description: d, content: {application/problem+json: {schema: {type: object, properties: {title: {type: string}}}}}}
  schemas:
    Q: {type: string}
    Row:
      type: object
      properties:
        kind: {type: string}
        more:
          oneOf: [{type: object, required: [m], properties: {m: {}}}, {type: object, required: [n], properties: {n: {}}}]
          discriminator: {propertyName: m, mapping: {a: '#/components/schemas/Q'}}
`

func TestARecordHasWhatAnExchangeHasShown(t *testing.T) {
	t.Parallel()
	c, err := contract.Load([]byte(seenContract), contract.Rules{})
	require.NoError(t, err)
	const operation, bad, row = "/paths/~1a~1{id}/post", "/components/responses/Bad", "/components/schemas/Row"
	const body, form = operation + "/requestBody/content/application~1json/schema", operation +
		"/requestBody/content/application~1x-www-form-urlencoded/schema"
	const list = operation + "/responses/200/content/application~1json/schema"
	tests := map[string]struct {
		path, header, sent string
		status             int
		mediaType, answer  string
		want               []string
	}{
		"an answer": {
			path: "/a/1", status: 200, mediaType: "application/json; charset=utf-8", answer: `[{"kind":"b"},{"more":{"n":1},"other":1}]`,
			want: []string{
				operation + "/parameters/path/id", operation + "/parameters/path/id/schema", operation + "/responses/200", list,
				row, row + "/properties/kind", row + "/properties/more", row + "/properties/more/oneOf/1",
				row + "/properties/more/oneOf/1/properties/n",
			},
		},
		"a request that was taken": {
			path: "/a/1?q=b", header: `"1"`, sent: `{"rows":[{"kind":"b"}],"rest":{"any":"c"}}`, status: 200,
			want: []string{
				operation + "/parameters/path/id", operation + "/parameters/path/id/schema",
				operation + "/parameters/query/q", operation + "/parameters/header/If-Match",
				operation + "/parameters/header/If-Match/schema",
				body, body + "/properties/rows", body + "/properties/rest", "/components/schemas/Q",
				row, row + "/properties/kind", operation + "/responses/200",
			},
		},
		"a form": {
			path: "/a/1", sent: "f=1", status: 200,
			want: []string{
				operation + "/parameters/path/id", operation + "/parameters/path/id/schema", form, form + "/properties/f",
				operation + "/responses/200",
			},
		},
		"a request that was refused": {
			path: "/a/1?q=b", sent: `{"rows":[]}`, status: 422, mediaType: "application/problem+json", answer: `{"title":"no"}`,
			want: []string{
				operation + "/responses/422", bad + "/content/application~1problem+json/schema",
				bad + "/content/application~1problem+json/schema/properties/title",
			},
		},
		"a status that has no entry": {path: "/a/1", status: 500, want: []string{operation + "/responses/default"}},
	}
	for name, row := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://plaza"+row.path, strings.NewReader(row.sent))
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/json")
			if strings.HasPrefix(row.sent, "f=") {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			if row.header != "" {
				r.Header.Set("If-Match", row.header)
			}
			record := Record{Folder: filepath.Join(t.TempDir(), "record")}
			for range 2 {
				record.write(t, c, exchange{
					op: c.Operation("a"), request: r, status: row.status, header: http.Header{"Content-Type": {row.mediaType}},
					content: []byte(row.answer),
				})
			}
			assert.ElementsMatch(t, row.want, lines(t, record.Folder), "each thing once")
		})
	}
}

func lines(t *testing.T, folder string) []string {
	t.Helper()
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, files, 1)
	text, err := os.ReadFile(filepath.Join(folder, files[0].Name()))
	require.NoError(t, err)
	return slices.Collect(strings.SplitSeq(strings.TrimSpace(string(text)), "\n"))
}
