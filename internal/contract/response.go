package contract

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/fault"
)

// answer is one declared response.
type answer struct {
	headers map[string]*header // by canonical name
	byType  mediaTypes
}

type header struct {
	required bool
	schema   *openapi3.Schema
}

// Mismatch is an answer that the contract does not allow. It never repeats a value.
type Mismatch struct {
	Operation string
	Status    int
	Faults    []string
}

// Error names the operation, the status and all faults.
func (m *Mismatch) Error() string {
	return fmt.Sprintf("%s answered %d against the contract: %s", m.Operation, m.Status, strings.Join(m.Faults, "; "))
}

// protocolHeaders belong to HTTP, compression and CORS and need no declaration.
func protocolHeaders() []string {
	return []string{
		"Allow", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Keep-Alive",
		"Preference-Applied", "Trailer", "Transfer-Encoding", "Upgrade", "Vary",
	}
}

// sharedHeaders reads x-response-headers: names of components/headers that any answer may carry.
func (c *compiler) sharedHeaders() {
	value, ok := c.document.Extensions[keyResponseHeaders]
	if !ok {
		return
	}
	names, good := list(value)
	if !good {
		c.report.atf(c.document.Origin, keyResponseHeaders, "%s must be a list of headers", keyResponseHeaders)
	}
	for _, name := range names {
		ref := c.document.Components.Headers[name]
		if ref == nil {
			c.report.atf(c.document.Origin, keyResponseHeaders, "there is no components/headers/%s", name)
			continue
		}
		c.shared[http.CanonicalHeaderKey(name)] = c.header(name, ref)
	}
}

func (c *compiler) header(name string, ref *openapi3.HeaderRef) *header {
	h := &header{required: ref.Value.Required}
	if ref.Value.Schema == nil {
		c.report.atf(ref.Value.Origin, "", "header %s must have a schema", name)
		return h
	}
	h.schema = ref.Value.Schema.Value
	return h
}

func (c *compiler) compileAnswers(o *Operation) {
	o.answers = map[int]*answer{}
	for code, ref := range o.Spec.Responses.Map() {
		a := &answer{headers: maps.Clone(c.shared), byType: mediaTypes{}}
		for name, declared := range ref.Value.Headers {
			a.headers[http.CanonicalHeaderKey(name)] = c.header(name, declared)
		}
		for name, spec := range ref.Value.Content {
			m := &media{}
			if name = bareType(name); spec != nil && spec.Schema != nil {
				m.schema = spec.Schema.Value
				if m.schema.Format != "binary" && IsJSON(name) {
					m.codec = jsonCodec
				}
			}
			a.byType[name] = m
		}
		status, err := strconv.Atoi(strings.TrimSuffix(code, "XX")) // 4 stands for 4XX
		switch {
		case code == "default":
			o.otherwise = a
		case err != nil || len(code) != 3 || strings.HasSuffix(code, "XX"):
			c.report.atf(o.Spec.Origin, "responses", "%s: response %s must be a status", o.ID, code)
		}
		if err == nil {
			o.answers[status] = a
		}
	}
}

// CheckResponse holds an answer to r against the operation: a status, header, media
// type or body that is not declared, a required header that is missing. HEAD is held
// against GET, without the body. Its error is a [*Mismatch].
func (o *Operation) CheckResponse(r *http.Request, status int, sent http.Header, content []byte) error {
	a := cmp.Or(o.answers[status], o.answers[status/100], o.otherwise)
	if a == nil {
		return &Mismatch{Operation: o.ID, Status: status, Faults: []string{"the status is not declared"}}
	}
	faults := o.checkHeaders(a, sent)
	if r.Method == http.MethodHead {
		if len(content) > 0 {
			faults = append(faults, "HEAD must have no body")
		}
		content = nil
	}
	faults = append(faults, o.checkContent(a, r.Method, sent.Get("Content-Type"), content)...)
	if len(faults) == 0 {
		return nil
	}
	return &Mismatch{Operation: o.ID, Status: status, Faults: faults[:min(len(faults), maxFields)]}
}

func (o *Operation) checkHeaders(a *answer, sent http.Header) []string {
	var faults []string
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		declared := a.headers[http.CanonicalHeaderKey(name)]
		switch {
		case declared != nil:
			for _, value := range sent[name] {
				faults = append(faults, o.checkHeader(name, declared, value)...)
			}
		case slices.Contains(protocolHeaders(), name), strings.HasPrefix(name, "Access-Control-"):
		default:
			faults = append(faults, "header "+clip(name, maxShown)+" is not declared")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.headers)) {
		if a.headers[name].required && len(sent.Values(name)) == 0 {
			faults = append(faults, "header "+name+" is missing")
		}
	}
	return faults
}

func (o *Operation) checkHeader(name string, declared *header, text string) []string {
	var value any = text
	switch {
	case declared.schema == nil, declared.schema.Type.Is(openapi3.TypeArray), declared.schema.Type.Is(openapi3.TypeObject):
		return nil // how its parts are written is not known here
	case declared.schema.Type.Is(openapi3.TypeInteger), declared.schema.Type.Is(openapi3.TypeNumber):
		value = number(text)
	case declared.schema.Type.Is(openapi3.TypeBoolean) && (text == "true" || text == "false"):
		value = text == "true"
	}
	return o.describe("header "+name, declared.schema, value)
}

func (o *Operation) checkContent(a *answer, method, contentType string, content []byte) []string {
	if len(a.byType) == 0 {
		if len(content) > 0 {
			return []string{"a body is not declared"}
		}
		return nil
	}
	name, _, _ := strings.Cut(contentType, ";")
	m := a.byType.find(bareType(contentType))
	switch {
	case m == nil:
		return []string{fmt.Sprintf("media type %q is not declared", clip(name, maxShown))}
	case m.schema == nil, m.codec != jsonCodec, method == http.MethodHead:
		return nil
	}
	value, err := decodeJSON(bytes.NewBuffer(content))
	if err != nil {
		malformed := fault.As(err).Fields[0]
		return []string{place("body", m.schema, malformed.Pointer) + ": " + malformed.Detail}
	}
	return o.describe("body", m.schema, value)
}

// describe checks value and says what is wrong, without saying the value.
func (o *Operation) describe(subject string, schema *openapi3.Schema, value any) []string {
	err := schema.VisitJSON(value, o.asResponse...)
	if err == nil {
		return nil
	}
	var found findings
	found.addSchemaErrors(o.words, err)
	var faults []string
	for _, field := range found.fields(nil, o.words) {
		faults = append(faults, place(subject, schema, field.Pointer)+": "+field.Detail)
	}
	return faults
}

// place says where a fault is.
func place(subject string, schema *openapi3.Schema, at string) string {
	return strings.TrimSpace(subject + " " + pointer(shown(schema, split(at))))
}

// shown is the path with only such names as no data has given: those that the contract declares, indexes, and what
// reads like a name in a program where an object has what it must not. Others are "*".
func shown(schema *openapi3.Schema, path []string) []string {
	safe := make([]string, len(path))
	for i, step := range path {
		member, free := memberOf(schema, step)
		if safe[i] = "*"; !free && (member != nil || programName().MatchString(step)) {
			safe[i] = step
		}
		if schema = member; schema == nil {
			schema = &openapi3.Schema{}
		}
	}
	return safe
}

// memberOf returns what a schema declares behind a step, if anything, and whether any name may stand there.
func memberOf(schema *openapi3.Schema, step string) (member *openapi3.Schema, free bool) {
	if property := schema.Properties[step]; property != nil {
		return property.Value, false
	}
	for _, part := range slices.Concat(schema.AllOf, schema.OneOf, schema.AnyOf) {
		if member, free = memberOf(part.Value, step); member != nil {
			return member, free
		}
	}
	switch {
	case schema.Items != nil:
		return schema.Items.Value, false
	case schema.AdditionalProperties.Schema != nil:
		return schema.AdditionalProperties.Schema.Value, true
	default:
		return nil, schema.AdditionalProperties.Has == nil || *schema.AdditionalProperties.Has
	}
}

// programName matches what a program calls a field.
func programName() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,63}$`) }
