package testkit

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
)

// CoverageVariable names the folder that is to receive the contract coverage: what of the contract tests have seen.
// Empty: none is kept.
const CoverageVariable = "PLAZA_CONTRACT_COVERAGE"

// Record is a folder of what tests have seen of the contract, each thing on a line as a JSON pointer into it:
//
//	/paths/~1users/get/responses/200                 the operation has answered so
//	/paths/~1users/get/parameters/query/cursor       a request with it was taken; by name, since lists shift
//	/components/schemas/User/properties/posts        a value of it was sent and taken, or was answered
//
// Each process writes a file of its own. Any number of goroutines may use a record.
type Record struct {
	Folder string

	seen sync.Map // what is written already
}

// recorded is what this process leaves.
var recorded = Record{Folder: takeVariable(CoverageVariable)} //nolint:gochecknoglobals // one a process

// takeVariable reads a variable that is for this process alone: servers that it starts refuse what they do not know.
func takeVariable(name string) string {
	value := os.Getenv(name)
	if err := os.Unsetenv(name); err != nil {
		panic(err) // a name with = or NUL
	}
	return value
}

// exchange is a request and its answer.
type exchange struct {
	op      *contract.Operation
	request *http.Request
	status  int
	header  http.Header
	content []byte // not compressed
}

// write notes what an exchange has shown.
func (r *Record) write(t testing.TB, c *contract.Contract, e exchange) {
	t.Helper()
	if r.Folder == "" {
		return
	}
	s := sight{document: c.Document, fresh: map[string]bool{}}
	s.exchange(e)
	var lines strings.Builder
	for pointer := range s.fresh {
		if _, known := r.seen.LoadOrStore(pointer, true); !known {
			lines.WriteString(pointer + "\n")
		}
	}
	if lines.Len() == 0 {
		return
	}
	require.NoError(t, os.MkdirAll(r.Folder, 0o755))
	name := filepath.Join(r.Folder, strconv.Itoa(os.Getpid())+".txt")
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	require.NoError(t, err)
	_, err = file.WriteString(lines.String()) // at once: lines of others may come between two writes
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

// sight walks values beside their schemas.
type sight struct {
	document *openapi3.T
	fresh    map[string]bool
}

// exchange sees the answer, and the request unless it was refused: of that, nobody may have looked at all.
func (s *sight) exchange(e exchange) {
	at := join("", "paths", e.op.Path, strings.ToLower(e.op.Method))
	if e.status < http.StatusBadRequest {
		s.parameters(at, e)
		s.requestBody(at, e)
	}
	code := strconv.Itoa(e.status)
	ref := e.op.Spec.Responses.Value(code)
	if ref == nil {
		code = "default"
		if ref = e.op.Spec.Responses.Default(); ref == nil {
			return
		}
	}
	at = join(at, "responses", code)
	s.fresh[at] = true
	mediaType, _, _ := strings.Cut(e.header.Get("Content-Type"), ";")
	s.content(target(ref.Ref, at), ref.Value.Content, mediaType, e.content)
}

func (s *sight) parameters(at string, e exchange) {
	query := e.request.URL.Query()
	for _, ref := range contract.Parameters(s.document.Paths.Value(e.op.Path), e.op.Spec) {
		p := ref.Value
		sent := p.In == openapi3.ParameterInPath || p.In == openapi3.ParameterInQuery && query.Has(p.Name) ||
			p.In == openapi3.ParameterInHeader && len(e.request.Header.Values(p.Name)) > 0
		if !sent {
			continue
		}
		at := join(at, "parameters", p.In, p.Name)
		s.fresh[at] = true
		s.value(p.Schema, join(target(ref.Ref, at), "schema"), nil)
	}
}

// requestBody sees a body that can be read again.
func (s *sight) requestBody(at string, e exchange) {
	spec := e.op.Spec.RequestBody
	if spec == nil || e.request.GetBody == nil {
		return
	}
	body, err := e.request.GetBody()
	if err != nil {
		return
	}
	defer body.Close() //nolint:errcheck // it is in memory
	text, err := io.ReadAll(body)
	if err != nil {
		return
	}
	mediaType, _, _ := strings.Cut(e.request.Header.Get("Content-Type"), ";")
	s.content(target(spec.Ref, join(at, "requestBody")), spec.Value.Content, mediaType, text)
}

// content sees a body of a declared media type, if it is JSON or a form.
func (s *sight) content(at string, declared openapi3.Content, mediaType string, text []byte) {
	media := declared[mediaType]
	if media == nil || media.Schema == nil || len(text) == 0 {
		return
	}
	var value any
	if mediaType == "application/x-www-form-urlencoded" {
		value = formFields(text)
	} else if json.Unmarshal(text, &value) != nil {
		return // text
	}
	s.value(media.Schema, join(at, "content", mediaType, "schema"), value)
}

func formFields(text []byte) any {
	fields := map[string]any{}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return nil
	}
	for name := range form {
		fields[name] = form.Get(name)
	}
	return fields
}

// value sees a value of a schema that stands at a pointer.
func (s *sight) value(ref *openapi3.SchemaRef, at string, value any) {
	if ref == nil {
		return
	}
	at = target(ref.Ref, at)
	s.fresh[at] = true
	schema := ref.Value
	for i, part := range schema.AllOf {
		s.value(part, join(at, "allOf", i), value)
	}
	for keyword, alternatives := range map[string]openapi3.SchemaRefs{"oneOf": schema.OneOf, "anyOf": schema.AnyOf} {
		for i, alternative := range alternatives {
			if alternative.Value.VisitJSON(value) == nil {
				s.value(alternative, join(at, keyword, i), value)
			}
		}
	}
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			if property := schema.Properties[name]; property != nil {
				s.fresh[join(at, "properties", name)] = true
				s.value(property, join(at, "properties", name), member)
			} else {
				s.value(schema.AdditionalProperties.Schema, join(at, "additionalProperties"), member)
			}
		}
	case []any:
		items, at := schema.Items, join(at, "items")
		if name, ok := schema.Extensions["x-validate-items"].(string); ok {
			items, at = s.document.Components.Schemas[name], join("", "components", "schemas", name)
		}
		for _, item := range v {
			s.value(items, at, item)
		}
	}
}

// target is where a reference leads to, or without one the place itself.
func target(ref, at string) string {
	if pointer, ok := strings.CutPrefix(ref, "#"); ok {
		return pointer
	}
	return at
}

// join adds steps to a JSON pointer (RFC 6901).
func join(at string, steps ...any) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	var b strings.Builder
	b.WriteString(at)
	for _, step := range steps {
		b.WriteString("/" + escape.Replace(fmt.Sprint(step)))
	}
	return b.String()
}
