package check_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

func TestSARIFValidatesAgainstItsSchema(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	strange := check.Report{Results: []check.Result{
		{Layer: "server", Findings: []check.Finding{
			{Rule: "server/behind", Severity: check.Error, File: "https://api.example/v1?a=b c", Message: "{0} [x](y) \xff\x00 \u202e"},
			{Rule: "lint/x", Severity: check.Note, File: "a:b/ü %.yaml", Line: 1, Pointer: "/", Message: "日本語"},
		}},
		{Layer: "sql", Err: errors.New("\x1b \"no\"")},
	}}
	for name, report := range map[string]check.Report{
		"empty": {}, "rich": richReport(), "strange": strange, "many": repeating(50),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := written(t, "sarif", report, check.Style{})
			log, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			require.NoError(t, err)
			require.NoError(t, schema.Validate(log))
		})
	}
}

func TestSARIFKnowsAFindingWhoseLineHasMoved(t *testing.T) {
	t.Parallel()
	prints := func(line int, message string) map[string]string {
		report := repeating(1)
		report.Results[0].Findings[0].Line = line
		report.Results[0].Findings[0].Message = message
		var log struct {
			Runs []struct {
				Results []struct {
					Fingerprints map[string]string `json:"partialFingerprints"` //nolint:tagliatelle // SARIF's name
				} `json:"results"`
			} `json:"runs"`
		}
		require.NoError(t, json.Unmarshal([]byte(written(t, "sarif", report, check.Style{})), &log))
		return log.Runs[0].Results[0].Fingerprints
	}
	assert.Equal(t, prints(1, "a"), prints(7, "a"))
	assert.NotEqual(t, prints(1, "a"), prints(1, "b"))
}

// sarifSchema is the official one; formats are asserted.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	require.NoError(t, err)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("sarif.json", document))
	schema, err := compiler.Compile("sarif.json")
	require.NoError(t, err)
	return schema
}
