package contract

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/plaza-api/plaza/internal/fault"
)

// ifMatch is the header whose absence has a status of its own (RFC 6585, section 3).
const ifMatch = "If-Match"

// parameter is one parameter of an operation, compiled.
type parameter struct {
	spec    *openapi3.Parameter
	header  string // the canonical name of a header
	many    bool   // an array: may be repeated
	scalar  string // see scalarOf
	encoded string // name=value of the default of a query parameter
}

// Parameters are those of a path that the operation does not state itself, then the operation's own (OpenAPI 3.0.3,
// Path Item Object).
func Parameters(item *openapi3.PathItem, spec *openapi3.Operation) openapi3.Parameters {
	var all openapi3.Parameters
	for _, ref := range item.Parameters {
		if spec.Parameters.GetByInAndName(ref.Value.In, ref.Value.Name) == nil {
			all = append(all, ref)
		}
	}
	return append(all, spec.Parameters...)
}

func (c *compiler) compileParameters(o *Operation, item *openapi3.PathItem) {
	o.query = map[string]*parameter{}
	for _, ref := range Parameters(item, o.Spec) {
		c.compileParameter(o, ref.Value)
	}
}

func (c *compiler) compileParameter(o *Operation, spec *openapi3.Parameter) {
	if spec.Schema == nil || spec.Schema.Value.Type.Is(openapi3.TypeObject) {
		c.report.atf(spec.Origin, "", "%s: parameter %s must have a schema that is no object", o.ID, spec.Name)
		return
	}
	p := &parameter{spec: spec}
	o.parameters = append(o.parameters, p)
	schema := spec.Schema.Value
	// Without a type it may be one of several, of which one is an array.
	p.many = schema.Type.IsEmpty() || schema.Type.Includes(openapi3.TypeArray)
	p.scalar = scalarOf(schema)
	switch spec.In {
	case openapi3.ParameterInQuery:
		o.query[spec.Name] = p
		if schema.Default != nil {
			p.encoded = url.Values{spec.Name: {fmt.Sprint(schema.Default)}}.Encode()
		}
	case openapi3.ParameterInHeader:
		p.header = http.CanonicalHeaderKey(spec.Name)
	}
}

// checkParameters checks all parameters. An error is a Malformed fault; fields are
// what is wrong otherwise, and the kind of fault that they make.
func (o *Operation) checkParameters(r *http.Request, path map[string]string) (fault.Kind, []fault.Field, error) {
	query, err := parseQuery(r)
	if err != nil {
		return "", nil, err
	}
	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: path, QueryParams: query, Options: o.asParameter,
	}
	kind := fault.Invalid
	var fields []fault.Field
	for _, p := range o.parameters {
		sent, text, err := p.sent(r, path, query)
		switch {
		case err != nil:
			return "", nil, err
		case sent:
			fields = append(fields, o.checkParameter(p, input, text)...)
		case p.spec.Required:
			fields = append(fields, p.field(o.words.detail(p.spec.Schema.Value, "required")))
			if p.header == ifMatch {
				kind = fault.PreconditionRequired
			}
		case p.encoded != "":
			r.URL.RawQuery = strings.Trim(r.URL.RawQuery+"&"+p.encoded, "&")
		}
	}
	if len(query) > 0 && !o.Policy.IgnoreUnknown {
		fields = append(fields, o.unknownParameters(query)...)
	}
	return kind, fields, nil
}

// sent tells whether the parameter was sent, and its text where there is just one.
func (p *parameter) sent(r *http.Request, path map[string]string, query url.Values) (bool, string, error) {
	switch p.spec.In {
	case openapi3.ParameterInPath:
		text, ok := path[p.spec.Name]
		if ok && !cleanPath(text) {
			return false, "", brokenParameter(p.spec.In, p.spec.Name)
		}
		return ok && text != "", text, nil
	case openapi3.ParameterInQuery:
		values, ok := query[p.spec.Name]
		return ok, strings.Join(values, ""), nil
	case openapi3.ParameterInHeader:
		values := r.Header[p.header]
		if len(values) > 1 {
			// Several lines mean the same as one with commas (RFC 9110, section 5.3).
			values = []string{strings.Join(values, ", ")}
			r.Header[p.header] = values
		}
		if len(values) == 0 {
			return false, "", nil
		}
		if !clean(values[0]) {
			return false, "", brokenParameter(p.spec.In, p.spec.Name)
		}
		return true, values[0], nil
	}
	cookie, err := r.Cookie(p.spec.Name)
	if err != nil {
		return false, "", nil //nolint:nilerr // the only error is that there is none
	}
	return true, cookie.Value, nil
}

// checkParameter checks a parameter that was sent.
func (o *Operation) checkParameter(
	p *parameter, input *openapi3filter.RequestValidationInput, text string,
) []fault.Field {
	if p.spec.In == openapi3.ParameterInQuery && !p.many && len(input.QueryParams[p.spec.Name]) > 1 {
		return []fault.Field{p.field("must be given once")}
	}
	if text != "" && !isWrittenAs(p.scalar, text) {
		return []fault.Field{p.field(o.words.detail(p.spec.Schema.Value, "type"))}
	}
	err := openapi3filter.ValidateParameter(input.Request.Context(), input, p.spec)
	if err == nil {
		return nil
	}
	var found findings
	if requestError, ok := errors.AsType[*openapi3filter.RequestError](err); ok {
		found.addParameterError(o.words, p.spec.Schema.Value, requestError.Err)
	}
	var fields []fault.Field
	for _, field := range found.fields(nil, o.words) {
		if one := p.field(field.Detail); !slices.Contains(fields, one) {
			fields = append(fields, one)
		}
	}
	return fields
}

// addParameterError adds what kin-openapi says of a parameter's text or value.
func (f *findings) addParameterError(words *phrases, schema *openapi3.Schema, err error) {
	parsing, isParsing := errors.AsType[*openapi3filter.ParseError](err)
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidEmptyValue):
		f.add(finding{detail: "must not be empty"})
	case isParsing && errors.Is(parsing, strconv.ErrRange):
		detail := outOfRange
		if schema.Max != nil && !strings.HasPrefix(fmt.Sprint(parsing.Value), "-") {
			detail = words.detail(schema, "maximum")
		} else if schema.Min != nil && strings.HasPrefix(fmt.Sprint(parsing.Value), "-") {
			detail = words.detail(schema, "minimum")
		}
		f.add(finding{detail: detail})
	case isParsing && schema.Type.Is(openapi3.TypeArray):
		f.add(finding{schema: schema.Items.Value, keyword: "type"})
	case isParsing, errors.Is(err, openapi3.ErrSchemaInputNaN), errors.Is(err, openapi3.ErrSchemaInputInf):
		f.add(finding{schema: schema, keyword: "type"})
	default:
		f.addSchemaErrors(words, err)
	}
}

func (p *parameter) field(detail string) fault.Field {
	return fault.Field{In: p.spec.In, Name: p.spec.Name, Detail: detail}
}

// unknownParameters lists, in alphabetical order, what the operation does not know.
func (o *Operation) unknownParameters(query url.Values) []fault.Field {
	var fields []fault.Field
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if _, known := o.query[name]; !known {
			fields = append(fields, fault.Field{
				In: openapi3.ParameterInQuery, Name: clip(name, maxName), Detail: "is not a known parameter",
			})
		}
	}
	return fields
}

// parseQuery reads the query, nil where there is none. Its error is a Malformed fault.
func parseQuery(r *http.Request) (url.Values, error) {
	if r.URL.RawQuery == "" {
		return nil, nil //nolint:nilnil // no query, no parameters
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.Malformed, "The query cannot be parsed").Because(err)
	}
	for name, values := range query {
		if !clean(name) {
			return nil, fault.New(fault.Malformed, "The query is not valid UTF-8, or holds the character U+0000")
		}
		if !slices.ContainsFunc(values, func(value string) bool { return !clean(value) }) {
			continue
		}
		return nil, brokenParameter(openapi3.ParameterInQuery, clip(name, maxName))
	}
	return query, nil
}

func brokenParameter(in, name string) *fault.Fault {
	field := fault.Field{In: in, Name: name, Detail: "is not valid UTF-8, or holds the character U+0000"}
	return fault.New(fault.Malformed, sentence(field), field)
}

// clean tells whether text can be stored: valid UTF-8 without U+0000.
func clean(text string) bool {
	return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0
}

// cleanPath also looks below another layer of percent-encoding, because servers
// that oapi-codegen generates unescape what the router has unescaped before.
func cleanPath(text string) bool {
	inner, err := url.PathUnescape(text)
	return err == nil && clean(text) && clean(inner)
}
