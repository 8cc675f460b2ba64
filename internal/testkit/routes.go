package testkit

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
)

// CoverageVariable names the folder that is to receive the contract coverage: one line per operation and status
// that a test has seen. Empty: none is kept.
const CoverageVariable = "PLAZA_CONTRACT_COVERAGE"

// operationOf finds the operation of a request, or nil: literal segments of a path win over parameters, whatever
// methods the path has.
func operationOf(c *contract.Contract, r *http.Request) *contract.Operation {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	asked := strings.Split(r.URL.EscapedPath(), "/")
	var found *contract.Operation
	fewest := len(asked) + 1
	for _, op := range c.Operations {
		parameters, ok := matches(strings.Split(op.Path, "/"), asked)
		if !ok || parameters > fewest {
			continue
		}
		if parameters < fewest {
			found, fewest = nil, parameters
		}
		if op.Method == method {
			found = op
		}
	}
	return found
}

// matches tells whether a path fits a template, and how many parameters that takes.
func matches(template, path []string) (int, bool) {
	parameters := 0
	if len(template) != len(path) {
		return 0, false
	}
	for i, segment := range template {
		switch {
		case strings.HasPrefix(segment, "{"):
			parameters++
		case segment != path[i]:
			return 0, false
		}
	}
	return parameters, true
}

// checkUnrouted checks the answer to what no operation serves: a problem, 404 or 405 with Allow, or a preflight.
func (c *Client) checkUnrouted(r *http.Request, response *http.Response, content []byte) {
	c.t.Helper()
	if r.Method == http.MethodOptions {
		assert.Equal(c.t, http.StatusNoContent, response.StatusCode, "a preflight request")
		return
	}
	assert.Equal(c.t, "application/problem+json", response.Header.Get("Content-Type"), "%s %s", r.Method, r.URL.Path)
	if response.StatusCode == http.StatusMethodNotAllowed {
		assert.NotEmpty(c.t, response.Header.Get("Allow"), "405 without Allow")
	}
	if r.Method == http.MethodHead {
		return
	}
	var problem any
	require.NoError(c.t, json.Unmarshal(content, &problem), "%.2000s", content)
	assert.NoError(c.t, c.contract.Document.Components.Schemas["Problem"].Value.VisitJSON(problem))
}

// decompress undoes a compressed answer, and takes what compression has done to headers out of them.
func decompress(t testing.TB, sent http.Header, content []byte) []byte {
	t.Helper()
	if sent.Get("Content-Encoding") != "gzip" || len(content) == 0 {
		return content
	}
	z, err := gzip.NewReader(bytes.NewReader(content))
	require.NoError(t, err)
	decoded, err := io.ReadAll(z)
	require.NoError(t, err)
	return decoded
}

var recorded sync.Map //nolint:gochecknoglobals // what this process has seen

// record notes that a test has seen an operation answer with a status.
func record(t testing.TB, operation string, status int) {
	t.Helper()
	folder := os.Getenv(CoverageVariable)
	line := fmt.Sprintf("%s %d\n", operation, status)
	if _, seen := recorded.LoadOrStore(line, true); seen || folder == "" {
		return
	}
	require.NoError(t, os.MkdirAll(folder, 0o755))
	file, err := os.OpenFile(filepath.Join(folder, fmt.Sprintf("%d.txt", os.Getpid())),
		os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	require.NoError(t, err)
	_, err = file.WriteString(line)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}
