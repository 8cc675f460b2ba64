package check_test

import (
	"encoding/json"
	"io"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/example"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/mock"
)

// TestLintAcceptsEveryAnswerOfTheMock puts each answer into the contract, as the example of what it answers.
func TestLintAcceptsEveryAnswerOfTheMock(t *testing.T) {
	t.Parallel()
	s, err := mock.New(mock.Options{File: "../../openapi.yaml", Rules: httpapi.Rules(), Log: io.Discard, Now: time.Now})
	require.NoError(t, err)
	source, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	c, err := contract.LoadAny("openapi.yaml", source, httpapi.Rules())
	require.NoError(t, err)
	put := 0
	for _, o := range c.Operations {
		for code, ref := range o.Spec.Responses.Map() {
			for name, media := range ref.Value.Content {
				if !contract.IsJSON(name) || media.Schema.Value.Format == "binary" {
					continue
				}
				r, err := example.Request(t.Context(), c, o, "http://mock.example", nil)
				require.NoError(t, err)
				example.SignIn(c, o, r)
				r.Header.Set("Prefer", "code="+code)
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				require.Equal(t, code, strconv.Itoa(w.Code))
				media.Examples, media.Example = nil, nil
				require.NoError(t, json.Unmarshal(w.Body.Bytes(), &media.Example))
				put++
			}
		}
	}
	require.Greater(t, put, 300)
	answered, err := c.Document.MarshalJSON()
	require.NoError(t, err)
	project, err := check.Open(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(project.Path("openapi.yaml"), answered, 0o600))
	report := check.Run(t.Context(), project, check.Layers()[:1], nil)
	require.Equal(t, "lint", report.Results[0].Layer)
	require.NoError(t, report.Results[0].Err)
	for _, finding := range report.Findings() {
		assert.False(t, strings.Contains(finding.Rule, "example") || finding.Rule == "contract/invalid",
			"%s %s: %s", finding.Rule, finding.Pointer, finding.Message)
	}
	require.NoError(t, project.Close())
}
