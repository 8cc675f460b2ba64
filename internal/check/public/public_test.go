//go:build npm

// Package public holds the tools against OpenAPI documents that nobody here wrote. npm ci brings the documents.
package public_test

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/example"
	"github.com/plaza-api/plaza/internal/mock"
)

// limit ends what hangs; how long each took is printed.
const limit = time.Minute

// documents are an older and a newer version of each.
var documents = []struct{ name, older, newer string }{
	{"directus: JSON of 3.0", "directus-old/dist/openapi.json", "directus/dist/openapi.json"},
	{"figma: YAML of 3.1, discriminators", "figma-old/openapi/openapi.yaml", "figma/openapi/openapi.yaml"},
	{"gitbook: large, schemas that refer to themselves", "gitbook-old/spec/openapi.json", "gitbook/spec/openapi.json"},
}

func path(t *testing.T, name string) string {
	t.Helper()
	absolute, err := filepath.Abs(filepath.Join("node_modules", filepath.FromSlash(name)))
	require.NoError(t, err)
	return absolute
}

// One after the other, as the seconds that each takes are told.

func TestPublicDocumentsAreChecked(t *testing.T) { //nolint:paralleltest // see above
	for _, layer := range check.Layers() {
		if layer.Name != "lint" && layer.Name != "breaking" {
			continue
		}
		for _, document := range documents {
			t.Run(layer.Name+" "+document.name, func(t *testing.T) {
				project, err := check.Open(t.TempDir())
				require.NoError(t, err)
				defer func() { require.NoError(t, project.Close()) }()
				source, err := os.ReadFile(path(t, document.newer))
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(project.Path("openapi.yaml"), source, 0o600))
				project.BaseRevision = path(t, document.older)
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				report := check.Run(ctx, project, []check.Layer{layer}, nil)
				for _, result := range report.Results {
					require.NoError(t, result.Err)
				}
				for _, finding := range report.Findings() {
					assert.NotEqual(t, "contract/invalid", finding.Rule, finding.Message)
					assert.Positive(t, finding.Line, finding.Message)
				}
				t.Logf("%d findings in %s", len(report.Findings()), report.Took.Round(time.Millisecond))
			})
		}
	}
}

func TestPublicDocumentsAreMocked(t *testing.T) { //nolint:paralleltest // see above
	for _, document := range documents {
		t.Run(document.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeoutCause(t.Context(), limit, errors.New("it hangs"))
			defer cancel()
			begun := time.Now()
			server, err := mock.New(mock.Options{
				File: path(t, document.newer), Rules: contract.Rules{}, Log: io.Discard, Now: time.Now,
			})
			require.NoError(t, err)
			served := server.Contract()
			for _, o := range served.Operations {
				require.NoError(t, context.Cause(ctx))
				r, err := example.Request(ctx, served, o, "http://mock.example", nil)
				require.NoError(t, err)
				example.SignIn(served, o, r)
				w := httptest.NewRecorder()
				server.ServeHTTP(w, r)
				if o.Spec.Responses.Len() > 0 { // else no answer is one that it declares
					require.NoError(t, o.CheckResponse(r, w.Code, w.Header(), w.Body.Bytes()))
				}
			}
			t.Logf("%d operations in %s", len(served.Operations), time.Since(begun).Round(time.Millisecond))
		})
	}
}
