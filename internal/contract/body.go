package contract

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/fault"
)

// formType is the media type of forms.
const formType = "application/x-www-form-urlencoded"

// body is what an operation takes.
type body struct {
	required bool
	byType   mediaTypes // also by the usual spellings with a charset
	accepted string     // for people
}

// codec says how a body becomes a value.
type codec int

const (
	opaque codec = iota // left unread, for handlers that stream
	jsonCodec
	formCodec
)

// mediaTypes are the media types of a body by their names, in lower case and without parameters; */* and text/* stand
// for several.
type mediaTypes map[string]*media

func (t mediaTypes) find(name string) *media {
	kind, _, _ := strings.Cut(name, "/")
	return cmp.Or(t[name], t[kind+"/*"], t["*/*"])
}

// bareType is a media type without its parameters.
func bareType(name string) string {
	name, _, _ = strings.Cut(name, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// media is one media type of a body.
type media struct {
	codec  codec
	schema *openapi3.Schema
	shape  *shape
}

func (c *compiler) compileBody(o *Operation) {
	if o.Spec.RequestBody == nil {
		return
	}
	if !takesBody(o.Method) {
		c.report.atf(o.Spec.Origin, "requestBody", "%s: a %s takes no body", o.ID, o.Method)
	}
	spec := o.Spec.RequestBody.Value
	o.body = &body{required: spec.Required, byType: mediaTypes{}}
	names := make([]string, 0, len(spec.Content))
	for name, declared := range spec.Content {
		if names = append(names, name); declared == nil { // nobody has written on yet
			spec.Content[name] = &openapi3.MediaType{}
		}
	}
	slices.SortFunc(names, func(a, b string) int { return compareOrigin(spec.Content[a].Origin, spec.Content[b].Origin) })
	for i, declared := range names {
		name := bareType(declared)
		m := c.media(name, spec.Content[declared])
		names[i] = name
		o.body.byType[name] = m
		if m.codec == jsonCodec {
			o.body.byType[name+"; charset=utf-8"] = m
			o.body.byType[name+"; charset=UTF-8"] = m
			o.body.byType[name+";charset=utf-8"] = m
			c.checkRows(o, m.schema)
		}
	}
	o.body.accepted = strings.Join(names, " or ")
}

func (c *compiler) media(name string, spec *openapi3.MediaType) *media {
	m := &media{}
	if spec.Schema == nil || spec.Schema.Value == nil {
		return m
	}
	m.schema = spec.Schema.Value
	switch {
	case m.schema.Format == "binary":
	case IsJSON(name):
		m.codec, m.shape = jsonCodec, c.shape(spec.Schema)
	case name == formType:
		m.codec, m.shape = formCodec, c.shape(spec.Schema)
	}
	return m
}

// checkRows makes sure that at most one array of a body has x-validate-items.
func (c *compiler) checkRows(o *Operation, schema *openapi3.Schema) {
	count := 0
	for _, property := range schema.Properties {
		if property.Value.Extensions[keyValidateItems] != nil {
			count++
		}
	}
	if count > 1 {
		c.report.atf(o.Spec.Origin, "requestBody", "%s: only one array of a body can have %s", o.ID, keyValidateItems)
	}
}

// choose finds the media type of the request's body; nil where there is nothing to read.
// Its error is an UnsupportedMediaType, TooLarge or Malformed fault.
func (b *body) choose(r *http.Request) (*media, error) {
	if b == nil {
		return nil, nil //nolint:nilnil // the operation takes no body
	}
	types := r.Header["Content-Type"]
	if r.ContentLength == 0 && len(types) == 0 {
		if b.required {
			return nil, missingBody()
		}
		return nil, nil //nolint:nilnil // the body may be left out
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return nil, fault.New(fault.UnsupportedMediaType, "The body must not be compressed")
	}
	if len(types) == 1 {
		if m := b.byType[types[0]]; m != nil {
			return m, nil
		}
		if m := b.byParsed(types[0]); m != nil {
			return m, nil
		}
	}
	return nil, fault.New(fault.UnsupportedMediaType, "The body must be "+b.accepted)
}

// byParsed reads other spellings (RFC 9110, section 8.3.1). JSON is UTF-8 and nothing else (RFC 8259, section 8.1).
func (b *body) byParsed(contentType string) *media {
	name, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil
	}
	if charset, ok := parameters["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return nil
	}
	return b.byType.find(name)
}

func missingBody() *fault.Fault {
	return fault.New(fault.Malformed, "The body is missing", fault.Field{Detail: "is missing"})
}

// checkBody reads, decodes and checks the body. An error is a fault that stands alone.
func (o *Operation) checkBody(r *http.Request, m *media) (Checked, []fault.Field, error) {
	if m == nil || m.codec == opaque {
		return Checked{}, nil, nil
	}
	raw, err := o.read(r)
	if err != nil {
		return Checked{}, nil, err
	}
	if raw.Len() == 0 {
		if o.body.required {
			return Checked{}, nil, missingBody()
		}
		return Checked{}, nil, nil
	}
	checked := &checkedBody{closer: r.Body}
	if m.codec == formCodec {
		checked.reader = bytes.NewReader(raw.Bytes())
		checked.value, err = decodeForm(raw.String(), m.schema)
	} else {
		checked.value, err = decodeJSON(raw)
	}
	if err != nil {
		return Checked{}, nil, err
	}
	w := settling{}
	checked.value = w.settle(m.shape, checked.value)
	if err := m.schema.VisitJSON(checked.value, o.asRequest...); err != nil {
		w.found.addSchemaErrors(o.words, err)
	}
	r.Body = checked
	result := Checked{Restricted: w.sent}
	if w.rows != nil {
		result.Items = o.checkRows(w.rows)
	}
	if len(w.found.all) == 0 {
		return result, nil, nil
	}
	return result, w.found.fields(m.shape, o.words), nil
}

// checkRows checks each item on its own and puts the settled items in their places.
func (o *Operation) checkRows(r *rows) [][]fault.Field {
	result := make([][]fault.Field, len(r.items))
	for i, item := range r.items {
		w := settling{}
		r.items[i] = w.settle(r.shape, item)
		if err := r.shape.schema.VisitJSON(r.items[i], o.asRequest...); err != nil {
			w.found.addSchemaErrors(o.words, err)
		}
		if len(w.found.all) > 0 {
			fields := w.found.fields(r.shape, o.words)
			result[i] = fields[:min(len(fields), maxRowFields)]
		}
	}
	return result
}

// read reads the body once. Its error is a TooLarge, RequestTimeout or Malformed fault.
func (o *Operation) read(r *http.Request) (*bytes.Buffer, error) {
	limit := o.Policy.BodyLimit
	if r.ContentLength > limit {
		return nil, o.tooLarge()
	}
	raw := &bytes.Buffer{}
	if r.Body == nil {
		return raw, nil
	}
	// Whoever announces much has not sent it yet.
	const believed = 16 << 10
	raw.Grow(int(min(max(r.ContentLength, 0), believed)) + bytes.MinRead)
	_, err := raw.ReadFrom(io.LimitReader(r.Body, limit+1))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, o.tooLarge().Because(tooLarge)
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return nil, fault.New(fault.RequestTimeout, "The body did not arrive in time").Because(err)
	case err != nil:
		return nil, fault.New(fault.Malformed, "The body was cut off").Because(err)
	case int64(raw.Len()) > limit:
		return nil, o.tooLarge()
	}
	return raw, nil
}

func (o *Operation) tooLarge() *fault.Fault {
	return fault.New(fault.TooLarge, fmt.Sprintf("The body is larger than %d bytes", o.Policy.BodyLimit))
}
