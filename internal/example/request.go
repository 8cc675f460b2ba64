package example

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
)

// formType is the media type of forms.
const formType = "application/x-www-form-urlencoded"

// credential is what requests sign in with; whoever asks a real server brings their own.
const credential = "any"

// Request makes a request that an operation takes, with nothing that could be left out but the body: from the examples
// of the contract where they are allowed, else from values that are made. Parameters of the path are taken from values,
// by their names, where they are there. Where an entity tag is asked for, whatever is there will do; where any query
// is taken, all that has an example is sent. It signs nobody in. Its error tells that no value was found for a part.
func Request(
	ctx context.Context, c *contract.Contract, o *contract.Operation, base string, values map[string]string,
) (*http.Request, error) {
	m := &Maker{Request: true, Allows: func(schema *openapi3.Schema, value any) bool {
		return c.Allows(schema, value, openapi3.VisitAsRequest())
	}}
	content, body, err := m.body(o.Spec.RequestBody)
	if err != nil {
		return nil, fmt.Errorf("%s: body: %w", o.ID, err)
	}
	r, err := http.NewRequestWithContext(ctx, o.Method, base, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.ID, err)
	}
	if content != "" {
		r.Header.Set("Content-Type", content)
	}
	if content == formType {
		r.Header.Set("Sec-Fetch-Site", "same-origin") // as browsers do with a form of the server's own
	}
	path, query := o.Path, r.URL.Query()
	for _, ref := range contract.Parameters(c.Document.Paths.Value(o.Path), o.Spec) {
		p := ref.Value
		if !isSent(o, p) {
			continue
		}
		text, given := values[p.Name]
		if !given || p.In != openapi3.ParameterInPath {
			if text, err = m.parameter(p); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", o.ID, p.Name, err)
			}
		}
		switch p.In {
		case openapi3.ParameterInPath:
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text))
		case openapi3.ParameterInQuery:
			query.Set(p.Name, text)
		case openapi3.ParameterInHeader:
			r.Header.Set(p.Name, text)
		case openapi3.ParameterInCookie:
			r.AddCookie(&http.Cookie{Name: p.Name, Value: text}) //nolint:gosec // a request's cookie has no attributes
		}
	}
	r.URL, err = url.Parse(strings.TrimSuffix(base, "/") + path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.ID, err)
	}
	r.URL.RawQuery = query.Encode()
	return r, nil
}

// isSent tells whether a parameter is sent.
func isSent(o *contract.Operation, p *openapi3.Parameter) bool {
	example := Stated(p.Example, p.Examples) != nil
	return p.Required || p.In == openapi3.ParameterInPath ||
		p.In == openapi3.ParameterInQuery && o.Policy.IgnoreUnknown && example
}

// parameter makes the text of a parameter.
func (m *Maker) parameter(p *openapi3.Parameter) (string, error) {
	for _, content := range p.Content {
		value, err := m.media(content)
		if err != nil {
			return "", err
		}
		return string(encoded(value)), nil
	}
	if p.Schema == nil {
		return "text", nil
	}
	if p.In == openapi3.ParameterInHeader && p.Name == "If-Match" && m.Allows(p.Schema.Value, "*") {
		return "*", nil
	}
	value := Stated(p.Example, p.Examples)
	if value == nil || !m.Allows(p.Schema.Value, value) {
		var err error
		if value, err = m.Value(p.Schema.Value); err != nil {
			return "", err
		}
	}
	return Text(value), nil
}

// Text writes a value as a parameter or a header has it: the items of a list separated by commas.
func Text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = Text(item)
		}
		return strings.Join(items, ",")
	}
	return string(encoded(value))
}

// Stated is the example of a parameter, a header or a body, or the first of its examples by name; nil where there is
// none.
func Stated(one any, several openapi3.Examples) any {
	if one != nil {
		return one
	}
	for _, name := range slices.Sorted(maps.Keys(several)) {
		if ref := several[name]; ref.Value != nil && ref.Value.Value != nil {
			return ref.Value.Value
		}
	}
	return nil
}

// body makes a body and its media type; both are empty where there is none. JSON is preferred.
func (m *Maker) body(ref *openapi3.RequestBodyRef) (content string, body []byte, err error) {
	if ref == nil || len(ref.Value.Content) == 0 {
		return "", nil, nil
	}
	names := slices.Sorted(maps.Keys(ref.Value.Content))
	content = names[max(slices.IndexFunc(names, func(name string) bool { return strings.Contains(name, "json") }), 0)]
	value, err := m.media(ref.Value.Content[content])
	if err != nil {
		return "", nil, err
	}
	object, _ := value.(map[string]any)
	switch {
	case content == formType:
		form := url.Values{}
		for name, entry := range object {
			form.Set(name, Text(entry))
		}
		return content, []byte(form.Encode()), nil
	case strings.HasPrefix(content, "multipart/"):
		return content + "; boundary=end", []byte("--end--\r\n"), nil
	case strings.Contains(content, "*"):
		content = "application/json"
	}
	if text, ok := value.(string); ok && !strings.Contains(content, "json") {
		return content, []byte(text), nil
	}
	return content, encoded(value), nil
}

// media makes the value of a body: the example that is stated where it is allowed.
func (m *Maker) media(media *openapi3.MediaType) (any, error) {
	if media == nil || media.Schema == nil {
		return "text", nil
	}
	if value := Stated(media.Example, media.Examples); value != nil && m.Allows(media.Schema.Value, value) {
		return value, nil
	}
	return m.Value(media.Schema.Value)
}

// encoded writes a value that came from JSON.
func encoded(value any) []byte {
	text, _ := json.Marshal(value) //nolint:errchkjson // what came from JSON goes back to it
	return text
}

// SignIn shows what the last way to sign in asks for, with a credential that nobody has.
func SignIn(c *contract.Contract, o *contract.Operation, r *http.Request) {
	requirements := c.Document.Security
	if o.Spec.Security != nil {
		requirements = *o.Spec.Security
	}
	if len(requirements) == 0 {
		return
	}
	for name := range requirements[len(requirements)-1] {
		ref := c.Document.Components.SecuritySchemes[name]
		switch {
		case ref == nil || ref.Value == nil:
		case ref.Value.Type == "apiKey" && ref.Value.In == openapi3.ParameterInQuery:
			query := r.URL.Query()
			query.Set(ref.Value.Name, credential)
			r.URL.RawQuery = query.Encode()
		case ref.Value.Type == "apiKey" && ref.Value.In == openapi3.ParameterInCookie:
			r.AddCookie(&http.Cookie{Name: ref.Value.Name, Value: credential}) //nolint:gosec // ditto
		case ref.Value.Type == "apiKey":
			r.Header.Set(ref.Value.Name, credential)
		case strings.EqualFold(ref.Value.Scheme, "basic"):
			r.SetBasicAuth(credential, credential)
		default:
			r.Header.Set("Authorization", "Bearer "+credential)
		}
	}
}
