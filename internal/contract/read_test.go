package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
)

func TestWhatIsInTheWayOfReading(t *testing.T) {
	t.Parallel()
	const head = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"
	for text, want := range map[string][]string{
		"":                        {"1:1 it is no OpenAPI document: openapi and info are missing"},
		"[]":                      {"1:1 this must not be an array"},
		"seven":                   {"1:1 this must not be a string"},
		"openapi: 3.0.3\ninfo: {": {"2:1 did not find expected node content"},
		"a: b\n c: d\n":           {"2:1 mapping values are not allowed in this context"},
		"a: \t- b\n":              {"1:1 block sequence entries are not allowed in this context"},
		"a: &a [*b]":              {"1:1 unknown anchor 'b' referenced"},
		"{\"openapi\": \"3.0.3\",\n\"info\": {\"title\": \"T\", \"version\": \"1\"},\n\"paths\": {},\n\"paths\": {}\n}": {
			`4:1 mapping key "paths" already defined at line 3`,
		},
		head + "a: 1\na: 2\nb: 1\nb: 2": {`4:1 mapping key "a" already defined at line 3`, `6:1 mapping key "b" already defined at line 5`},

		head + "paths: [1]":       {"3:1 paths must not be an array"},
		head + "paths: {/a: [1]}": {"3:9 /a must not be an array"},
		head + "paths: {/a: {get: {tags: x, summary: Get a, responses: []}}}": {"3:20 tags must not be a string", "3:45 responses must not be an array"},
		head + "paths: {/a: {get: {tags: [[x]]}}}":                            {"3:27 this must not be an array"},
		head + "security: {a: []}\ncomponents:\n  schemas:\n    A: {maxLength: -1}\n    B: {type: object}\n    C: hello": {
			"3:1 security must not be an object", "6:9 maxLength must not be -1", "8:5 C must not be a string",
		},
		head + "components: {schemas: {A: hello, B: {not: {$ref: '#/components/schemas/A'}}}}": {"3:24 A must not be a string"},
		head + "components: {schemas: {A: &a {required: true}, B: *a}}":                        {"3:31 required must not be a boolean"},
		head + "components: {schemas: {A: {additionalProperties: 7}}}": {
			"3:28 additionalProperties is refused: cannot unmarshal: value must be either a schema object or a boolean",
		},

		head + "components:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    C:\n      items: {$ref: '#/components/schemas/a~1b'}\n    D: {$ref: '#/components/schemas/C/items'}": {
			"5:15 $ref leads nowhere: there is no #/components/schemas/B",
			"7:21 $ref leads nowhere: there is no #/components/schemas/a~1b",
		},
		head + "components: {schemas: {A: {not: {$ref: 'other.yaml#/A'}, example: {$ref: '#/nowhere'}}}}": {
			"3:40 $ref leads to other.yaml#/A: a contract is one file",
		},
		head + "components: {parameters: {A: {$ref: '#/components/schemas/B'}}, schemas: {B: {}}}": {
			"3:37 $ref leads to #/components/schemas/B, which is no parameter",
		},
	} {
		document, complaints := contract.Read([]byte(text))
		require.Nil(t, document, text)
		var got []string
		for _, c := range complaints {
			got = append(got, fmt.Sprintf("%d:%d %s", c.Line, c.Column, c.Message))
		}
		assert.Equal(t, want, got, "%q", text)
	}
}

func TestDocumentsInJSON(t *testing.T) {
	t.Parallel()
	const text = `{"openapi": "3.0.3", "info": {"title": "\uD83D\ude00 \n \u00e9 \\ud83d\\ude00", "version": "1"}}`
	document, complaints := contract.Read([]byte(text))
	require.Empty(t, complaints)
	tree, err := contract.Tree([]byte(text))
	require.NoError(t, err)
	_, info := contract.Child(tree.Content[0], "info")
	_, title := contract.Child(info, "title")
	assert.Equal(t, "😀 \n é \\ud83d\\ude00", title.Value)
	assert.Equal(t, document.Info.Title, title.Value)
	_, complaints = contract.Read([]byte(strings.Replace(text, `"1"`, `[]`, 1)))
	require.Len(t, complaints, 1)
	assert.Equal(t, "version must not be an array", complaints[0].Message)
}

func TestReadingGivesUpOnADocumentThatIsWrongEverywhere(t *testing.T) {
	t.Parallel()
	_, complaints := contract.Read([]byte("openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {" +
		strings.Repeat("/: 7, ", 1) + "}"))
	require.Len(t, complaints, 1)
	var text strings.Builder
	text.WriteString("openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n")
	for i := range 100 {
		fmt.Fprintf(&text, "  /%d: 7\n", i)
	}
	_, complaints = contract.Read([]byte(text.String()))
	assert.Len(t, complaints, 20)
	assert.Equal(t, 4, complaints[0].Line)
}

func TestAllThatIsInTheWayIsOneError(t *testing.T) {
	t.Parallel()
	_, err := contract.Load([]byte("openapi: 3.0.3\ninfo: {title: t, version: '1'}\ntags: 1\nservers: 2\n"), rules())
	require.EqualError(t, err, "openapi.yaml:3:1: tags must not be a number\nopenapi.yaml:4:1: servers must not be a number")
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		source(f), "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {tags: x, responses: []}}}",
		"a: &a [*a]", "a: {b: &b {c: 1}, d: *b}", "? [a]\n: 1", "a: .nan", "a: 1\n---\nb: 1", "<<: {a: 1}\nopenapi: &x 3.0.3\ninfo: *x",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		document, complaints := contract.Read(text)
		assert.Equal(t, document == nil, len(complaints) > 0)
		for _, c := range complaints {
			assert.Positive(t, c.Line)
			assert.Positive(t, c.Column)
			assert.NotEmpty(t, c.Message)
		}
	})
}
