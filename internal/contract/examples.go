package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/fault"
)

// Side says who sends a value: fields that are only read, or only written, are refused from the other side.
type Side int

// The sides. Neither is for values that both may send.
const (
	Neither Side = iota
	FromCaller
	FromServer
)

// Examples holds values that stand in a document, such as examples and defaults, against its schemas. It is used by
// one goroutine at a time.
type Examples struct {
	compiler *compiler
	modern   bool // JSON Schema 2020-12, whose faults have no schema to be put into words from
	options  map[Side][]openapi3.SchemaValidationOption
}

// NewExamples reads a document of any version 3, also one that Load would refuse.
func NewExamples(document *openapi3.T, rules Rules) *Examples {
	c := newCompiler(document, rules)
	c.checkExtensions()
	shared := []openapi3.SchemaValidationOption{
		openapi3.MultiErrors(), openapi3.WithStringFormatValidators(c.formats()),
	}
	if document.IsOpenAPI31OrLater() {
		shared = append(shared, openapi3.EnableJSONSchema2020())
	}
	shared = slices.Clip(shared)
	e := &Examples{compiler: c, modern: document.IsOpenAPI31OrLater()}
	e.options = map[Side][]openapi3.SchemaValidationOption{
		Neither:    shared,
		FromCaller: append(shared, openapi3.VisitAsRequest()),
		FromServer: append(shared, openapi3.VisitAsResponse()),
	}
	return e
}

// Faults says what is wrong with a value, as JSON or YAML readers give it, without saying the value. Rules of x-rule
// and x-validate-items are asked for what callers may send.
func (e *Examples) Faults(ref *openapi3.SchemaRef, value any, side Side) []fault.Field {
	text, err := json.Marshal(value)
	if err != nil {
		return []fault.Field{{Detail: "is no JSON"}}
	}
	if value, err = decodeJSON(bytes.NewBuffer(text)); err != nil {
		return []fault.Field{{Detail: "is no JSON that is taken: " + fault.As(err).Message}}
	}
	var shape *shape
	w := settling{}
	if side != FromServer {
		shape = e.compiler.shape(ref)
		value = w.settle(shape, value)
	}
	err = withoutPatterns(ref.Value.VisitJSON(value, e.options[side]...))
	switch {
	case err != nil && e.modern:
		w.found.addReasons(err)
	case err != nil:
		w.found.addSchemaErrors(e.compiler.words, err)
	}
	fields := w.found.fields(shape, e.compiler.words)
	if w.rows != nil {
		fields = append(fields, e.rows(w.rows)...)
	}
	return fields
}

// reason matches one line of what the validator of JSON Schema 2020-12 says: where, and what.
var reason = regexp.MustCompile(`at '([^']*)': (.+)`)

// addReasons takes what kin-openapi says of faults as it is.
func (f *findings) addReasons(err error) {
	switch e := err.(type) { //nolint:errorlint // a tree of errors is walked here, not a chain
	case openapi3.MultiError:
		for _, one := range e {
			f.addReasons(one)
		}
	case *openapi3.SchemaError:
		found := reason.FindAllStringSubmatch(e.Reason, -1)
		for _, one := range found {
			f.add(finding{path: split(one[1]), detail: one[2]})
		}
		if found == nil {
			f.add(finding{path: e.JSONPointer(), detail: e.Reason})
		}
	default:
		f.add(finding{detail: err.Error()})
	}
}

// rows checks the items of a batch.
func (e *Examples) rows(r *rows) []fault.Field {
	var fields []fault.Field
	for i, item := range r.items {
		ref := &openapi3.SchemaRef{Value: r.shape.schema}
		for _, field := range e.Faults(ref, item, FromCaller) {
			field.Pointer = pointer(append(slices.Clone(r.path), strconv.Itoa(i))) + field.Pointer
			fields = append(fields, field)
		}
	}
	return fields
}

// withoutPatterns leaves out that Go cannot compile a pattern: the pattern is the fault then, not the value.
func withoutPatterns(err error) error {
	if many, ok := err.(openapi3.MultiError); ok { //nolint:errorlint // a tree of errors is walked here, not a chain
		var kept openapi3.MultiError
		for _, one := range many {
			if one = withoutPatterns(one); one != nil {
				kept = append(kept, one)
			}
		}
		if kept == nil {
			return nil
		}
		return kept
	}
	if _, ok := errors.AsType[*openapi3.SchemaPatternRegexError](err); ok {
		return nil
	}
	return err
}

// IsJSON tells whether a media type is one of JSON (RFC 6839, section 3.1).
func IsJSON(mediaType string) bool {
	name, _, _ := strings.Cut(mediaType, ";")
	name = strings.TrimSpace(name)
	return name == "application/json" || strings.HasSuffix(name, "+json")
}
