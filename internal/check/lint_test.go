package check_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

// foreign is a contract that knows nothing of Plaza, as others write them; %s is put into its one schema.
const foreign = `openapi: %s
info: {title: Foreign, version: "1"}
paths:
  /things/{thingId}:
    parameters:
      - {name: thingId, in: path, required: true, schema: {type: string}}
    post:
      requestBody: {$ref: '#/components/requestBodies/Thing'}
      responses:
        default: {description: Whatever}
components:
  requestBodies:
    Thing:
      content:
        application/json:
          schema: {$ref: '#/components/schemas/thing'}
  schemas:
    thing:
%s
`

func TestLintTakesAnyOpenAPIDocument(t *testing.T) {
	t.Parallel()
	rows := map[string]struct {
		version, schema string
		want            []string
	}{
		"a schema that refers to itself": {
			"3.0.3", "type: object\nproperties:\n  next: {$ref: '#/components/schemas/thing'}\nrequired: [next]",
			[]string{"lint/open-body /components/schemas/thing", "lint/schema-name /components/schemas/thing"},
		},
		"alternatives": {
			"3.0.3", "oneOf:\n  - {type: object, properties: {a: {type: integer}}}\n  - {type: string, maxLength: 3, example: abcd}",
			[]string{
				"lint/open-body /components/schemas/thing/oneOf/0", "lint/range /components/schemas/thing/oneOf/0/properties/a",
				"lint/example-invalid /components/schemas/thing/oneOf/1/example",
			},
		},
		"parts": {
			"3.0.3", "allOf:\n  - {type: object, properties: {a: {type: array, items: {type: boolean}}}}",
			[]string{"lint/max-items /components/schemas/thing/allOf/0/properties/a"},
		},
		"a map": {
			"3.0.3", "type: object\nadditionalProperties: {type: string, maxLength: 5}",
			[]string{"lint/max-properties /components/schemas/thing"},
		},
		"a pattern that Go does not know": {
			"3.0.3", "type: string\nmaxLength: 9\npattern: '^(?=a)b$'\nexample: abc", []string{"lint/openapi "},
		},
		"types of 3.1": {
			"3.1.0", "type: [string, 'null']\nexamples: [12]",
			[]string{"lint/max-length /components/schemas/thing", "lint/example-invalid /components/schemas/thing/examples/0"},
		},
		"bounds of 3.1": {
			"3.1.0", "type: integer\nexclusiveMinimum: 0\nexclusiveMaximum: 9\nconst: 4", nil,
		},
		"an object that 3.1 closes": {
			"3.1.0", "type: object\nunevaluatedProperties: false\nproperties: {n: {type: 'null'}}", nil,
		},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			schema := "      " + strings.ReplaceAll(row.schema, "\n", "\n      ")
			found := lintText(t, fmt.Sprintf(foreign, row.version, schema))
			assert.NotContains(t, found, "lint/example-invalid /components/schemas/thing/example", "the pattern is the fault")
			for _, want := range row.want {
				assert.Contains(t, found, want)
			}
			shape := strings.NewReplacer("lint/", "", " /components/schemas/thing", "").Replace(strings.Join(found, ","))
			if row.want == nil {
				assert.NotRegexp(t, `range|max-|open-body`, strings.ReplaceAll(shape, "max-length /paths", ""))
			}
			assert.Contains(t, found, "lint/rate-limit /paths/~1things~1{thingId}/post", "policies are missed everywhere")
			assert.Contains(t, found, "lint/security /paths/~1things~1{thingId}/post")
			assert.NotContains(t, strings.Join(found, "\n"), "lint/contract", "no server of Plaza's is started with it")
		})
	}
}

func TestAnIgnoredRuleIsSilentThereAndWithinAndNowhereElse(t *testing.T) {
	t.Parallel()
	document := func(place, ignored string) string {
		text := `openapi: 3.0.3
info: {title: Ignoring, version: "1"}
#document
paths: {}
components:
  #components
  schemas:
    Outer:
      #outer
      type: object
      description: d
      properties:
        inner: {type: string, description: d}
        other:
          $ref: '#/components/schemas/Other'
          #beside
    Other: {type: string, description: d}
`
		return strings.Replace(text, place, ignored, 1)
	}
	inner, other := "lint/max-length /components/schemas/Outer/properties/inner", "lint/max-length /components/schemas/Other"
	ignore := "x-lint-ignore: {max-length: It is a test}"
	rows := map[string]struct {
		text string
		want []string
	}{
		"nothing ignored":      {document("#none", ""), []string{inner, other}},
		"in the whole":         {document("#document", ignore), nil},
		"in all components":    {document("#components", ignore), nil},
		"in a schema":          {document("#outer", ignore), []string{other}},
		"not through a $ref":   {document("#beside", ignore), []string{inner, other}},
		"another rule":         {document("#outer", "x-lint-ignore: {range: It is a test}"), []string{inner, other}},
		"no reason":            {document("#outer", "x-lint-ignore: {max-length: ''}"), []string{other}},
		"no rule at all":       {document("#outer", "x-lint-ignore: yes"), []string{inner, other}},
		"a rule that must not": {document("#outer", "x-lint-ignore: {ignore: It is a test}"), []string{inner, other}},
		"what is only shown":   {document("#outer", "example: {x-lint-ignore: {max-length: It is data}}"), []string{inner, other}},
	}
	complains := []string{"not through a $ref", "another rule", "no reason", "no rule at all", "a rule that must not"}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := lintText(t, row.text)
			var lengths, ignores []string
			for _, one := range found {
				switch {
				case strings.HasPrefix(one, "lint/max-length"):
					lengths = append(lengths, one)
				case strings.HasPrefix(one, "lint/ignore"):
					ignores = append(ignores, one)
				}
			}
			assert.ElementsMatch(t, row.want, lengths)
			assert.Equal(t, slices.Contains(complains, name), len(ignores) == 1, "%v", ignores)
		})
	}
}

func TestLintTellsWhatTheServerRefusesOnce(t *testing.T) {
	t.Parallel()
	p, file := reviewed(t)
	text := strings.Replace(read(t, file), "x-rate-limit: {requests: 100, per: 60s}", "x-rate-limit: often", 1)
	text = strings.Replace(text, "      x-timeout: 1s\n", "", 1)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	var found []string
	for _, f := range run(t, p, "lint") {
		found = append(found, f.Rule+" "+f.Message)
	}
	assert.Equal(t, []string{
		"lint/contract listUsers: x-rate-limit must be stated as {requests: 100, per: 60s} or none",
		"lint/timeout getHealth has no time-out: state x-timeout, as in 5s",
	}, found, "the time-out, which the server would refuse too, is told in words for reviewers")
}

// lintText returns what lint finds in a document, as "rule pointer".
func lintText(t *testing.T, text string) []string {
	t.Helper()
	p, err := check.Open(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(p.Path(p.ContractFile), []byte(text), 0o600))
	var found []string
	for _, f := range run(t, p, "lint") {
		assert.NotZero(t, f.Line, "%s %s", f.Rule, f.Message)
		assert.NotEmpty(t, f.Severity, f.Rule)
		found = append(found, f.Rule+" "+f.Pointer)
	}
	return found
}
