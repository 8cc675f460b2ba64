package mock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/example"
)

// answer is what is sent.
type answer struct {
	operation *contract.Operation // nil where none was found
	status    int
	header    http.Header
	body      []byte
	note      string // for the log
}

// declared answers with what an operation declares for a status.
func (d *document) declared(q *question, o *contract.Operation, status int, p preference) answer {
	a := answer{operation: o, status: status, header: http.Header{}}
	d.sign(q, &a)
	spec := response(o, status)
	if spec == nil {
		a.note = "no answer is declared"
		return a
	}
	d.setHeaders(&a, spec)
	named := false
	if names := mediaTypes(spec.Content); len(names) > 0 {
		// An error is told in its own type, whatever is accepted.
		name := names[max(choose(q.Header["Accept"], names), 0)]
		named = d.setBody(q, &a, name, spec.Content[name], p.example)
	}
	if words := p.applied(p.code == status, named); len(words) > 0 {
		a.header.Set("Preference-Applied", strings.Join(words, ", "))
	}
	return a
}

// setHeaders sets the headers that a response has to have, and those that say what they look like.
func (d *document) setHeaders(a *answer, spec *openapi3.Response) {
	for _, name := range slices.Sorted(maps.Keys(spec.Headers)) {
		h := spec.Headers[name].Value
		if h == nil || h.Schema == nil || http.CanonicalHeaderKey(name) == "Content-Type" {
			continue
		}
		value := example.Stated(h.Example, h.Examples)
		if value == nil && (h.Required || h.Schema.Value.Example != nil) {
			value, _ = d.maker.Value(h.Schema.Value) // without a value there is no header
		}
		if value != nil {
			a.header.Set(name, example.Text(value))
		}
	}
}

// setBody sets the body, and tells whether it is the example of that name.
func (d *document) setBody(q *question, a *answer, name string, spec *openapi3.MediaType, wanted string) bool {
	if spec == nil {
		spec = &openapi3.MediaType{}
	}
	kind, _, _ := strings.Cut(name, ";")
	switch {
	case strings.HasPrefix(kind, "*/") || kind == "application/*":
		name, kind = mimeJSON, mimeJSON
	case strings.HasSuffix(kind, "/*"):
		name = strings.TrimSuffix(kind, "*") + "plain"
	}
	a.header.Set("Content-Type", name)
	if ref := spec.Examples[wanted]; ref != nil && ref.Value != nil && ref.Value.Value != nil {
		a.body = written(kind, ref.Value.Value)
		return true
	}
	var schema *openapi3.Schema
	if spec.Schema != nil {
		schema = spec.Schema.Value
	}
	value, err := d.value(schema, spec)
	if err != nil {
		a.note = err.Error()
	}
	if schema != nil && kind != "text/html" {
		value = d.fit(q, a, schema, value)
	}
	a.body = written(kind, value)
	return false
}

// value is the example that is stated where the schema allows it, else one that is made.
func (d *document) value(schema *openapi3.Schema, spec *openapi3.MediaType) (any, error) {
	stated := example.Stated(spec.Example, spec.Examples)
	if schema == nil || schema.Format == "binary" {
		if stated == nil {
			stated = "text"
		}
		return stated, nil
	}
	if stated != nil && d.maker.Allows(schema, stated) {
		return stated, nil
	}
	value, err := d.maker.Value(schema)
	if err != nil {
		return stated, fmt.Errorf("the body may be wrong: %w", err)
	}
	return value, nil
}

// written writes a value in a media type: text as it is, all else as JSON.
func written(kind string, value any) []byte {
	text, isText := value.(string)
	if isText && kind != mimeJSON && !strings.HasSuffix(kind, "+json") {
		return []byte(text)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) //nolint:errchkjson // it came from JSON
	return b.Bytes()
}

// send sends the answer, to any origin.
func (a answer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	maps.Copy(h, a.header)
	allowOrigin(h, r)
	if len(a.body) > 0 && a.status != http.StatusNoContent && a.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.body) // who has gone needs none
	}
}

// allowOrigin lets a page of any origin read the answer, and send what it asks for leave to send.
func allowOrigin(h http.Header, r *http.Request) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}
	exposed := strings.Join(slices.Sorted(maps.Keys(h)), ", ")
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Add("Vary", "Origin")
	if method := r.Header.Get("Access-Control-Request-Method"); method != "" && r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", method)
		if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
			h.Set("Access-Control-Allow-Headers", asked)
		}
		h.Set("Access-Control-Max-Age", "600")
		return
	}
	h.Set("Access-Control-Expose-Headers", exposed)
}
