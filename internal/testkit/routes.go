package testkit

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
)

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
