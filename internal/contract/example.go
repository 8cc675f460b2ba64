package contract

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// formType is the media type of forms.
const formType = "application/x-www-form-urlencoded"

// ExampleRequest makes a request to a server at base from the examples of the contract: of the parameters of the path
// unless values has another one by their name, of the body (the first one by name), and of the query where unknown
// parameters pass, which is of pages and forms. Where an entity tag may be asked for, whatever is there will do. Its
// error tells what has no example.
func (o *Operation) ExampleRequest(ctx context.Context, base string, values map[string]string) (*http.Request, error) {
	path, err := o.examplePath(values)
	if err != nil {
		return nil, err
	}
	mediaType, body, err := o.exampleBody()
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, o.Method, strings.TrimSuffix(base, "/")+path, body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.ID, err)
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	if mediaType == formType {
		r.Header.Set("Sec-Fetch-Site", "same-origin") // as browsers do with a form of the server's own
	}
	if slices.ContainsFunc(o.parameters, func(p *parameter) bool { return p.header == ifMatch }) {
		r.Header.Set(ifMatch, "*")
	}
	return r, nil
}

// examplePath is the path with its parameters, and the query.
func (o *Operation) examplePath(values map[string]string) (string, error) {
	path, query := o.Path, url.Values{}
	for _, p := range o.parameters {
		example, name := p.spec.Example, p.spec.Name
		switch {
		case p.spec.In == openapi3.ParameterInPath:
			value, given := values[name]
			if !given && example == nil {
				return "", fmt.Errorf("%s: parameter %s has no example", o.ID, name)
			}
			if !given {
				value = exampleText(example)
			}
			path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
		case p.spec.In == openapi3.ParameterInQuery && example != nil && (o.Policy.IgnoreUnknown || p.spec.Required):
			query.Set(name, exampleText(example))
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path, nil
}

// exampleBody is the first example of the first media type, encoded; nil where there is no body.
func (o *Operation) exampleBody() (mediaType string, body io.Reader, err error) {
	if o.Spec.RequestBody == nil {
		return "", nil, nil
	}
	content := o.Spec.RequestBody.Value.Content
	mediaType = slices.Sorted(maps.Keys(content))[0]
	value := content[mediaType].Example
	for _, name := range slices.Sorted(maps.Keys(content[mediaType].Examples)) {
		value = cmp.Or(value, content[mediaType].Examples[name].Value.Value)
	}
	if mediaType == formType {
		form := url.Values{}
		fields, _ := value.(map[string]any)
		for name, field := range fields {
			form.Set(name, exampleText(field))
		}
		return mediaType, strings.NewReader(form.Encode()), nil
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return "", nil, fmt.Errorf("%s: the example of the body: %w", o.ID, err)
	}
	return mediaType, bytes.NewReader(encoded), nil
}

// exampleText writes an example where there is but text; numbers as they stand in the contract.
func exampleText(value any) string {
	if number, ok := value.(float64); ok {
		return fmt.Sprintf("%.0f", number)
	}
	return fmt.Sprint(value)
}
