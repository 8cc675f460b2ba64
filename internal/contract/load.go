package contract

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/plaza-api/plaza/internal/fault"
)

// fileName is what errors call the contract, wherever it was read from.
const fileName = "openapi.yaml"

// Rules are what the contract names and Go knows.
type Rules struct {
	// Formats check strings by the name in `format`. Where the schema has no
	// x-messages for it, the error's text is what a person reads.
	Formats map[string]func(string) error
	// Values check across the fields of one value, by the name in `x-rule`. They
	// see the value trimmed and with defaults, as map[string]any, []any, string,
	// bool, int64, json.Number or nil, even if other checks have failed; pointers
	// are relative to the value.
	Values map[string]func(value any) []fault.Field
}

// Contract is a loaded document. It never changes, and any number of goroutines may use it.
type Contract struct {
	// Document is shared: whoever reads it must not change it.
	Document *openapi3.T
	// Version is the document's info.version.
	Version string
	// Hash is the SHA-256 of the source in hexadecimal.
	Hash string
	// Operations in the order of the file.
	Operations []*Operation

	byID    map[string]*Operation
	formats openapi3.SchemaValidationOption
}

// Operation is one operation of the contract with its policy.
type Operation struct {
	ID     string
	Method string
	Path   string // as in the contract, with {parameters}
	Tag    string // the first tag
	Policy Policy
	// Spec is the operation as the document has it; not to be changed.
	Spec *openapi3.Operation

	parameters  []*parameter
	query       map[string]*parameter
	body        *body
	answers     map[int]*answer
	otherwise   *answer // the default response, or nil
	words       *phrases
	asParameter *openapi3filter.Options
	asRequest   []openapi3.SchemaValidationOption
	asResponse  []openapi3.SchemaValidationOption
}

// Load reads a contract and compiles it. Its error joins everything that is wrong,
// each as "openapi.yaml:LINE:COL: message".
func Load(source []byte, rules Rules) (*Contract, error) {
	document, err := read(fileName, source)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(document.OpenAPI, "3.0.") {
		return nil, fmt.Errorf("%s: openapi %s is not 3.0", fileName, document.OpenAPI)
	}
	if err := document.Validate(context.Background(), openapi3.EnableMultiError()); err != nil {
		return nil, fmt.Errorf("%s: %w", fileName, err)
	}
	contract, complaints := compile(source, document, rules)
	if err := complaints.err(); err != nil {
		return nil, err
	}
	return contract, nil
}

// read is [Read] for those who stop at an error, which joins the complaints.
func read(file string, source []byte) (*openapi3.T, error) {
	document, complaints := Read(source)
	if len(complaints) == 0 {
		return document, nil
	}
	for i := range complaints {
		complaints[i].File = file
	}
	return nil, (&report{complaints}).err()
}

// compile makes of a document what can be made of it, and tells what is wrong.
func compile(source []byte, document *openapi3.T, rules Rules) (*Contract, *report) {
	sum := sha256.Sum256(source)
	contract := &Contract{
		Document: document, Version: document.Info.Version, Hash: hex.EncodeToString(sum[:]),
		byID: map[string]*Operation{},
	}
	c := newCompiler(document, rules)
	contract.formats = c.formatOption()
	c.checkExtensions()
	contract.Operations = c.operations()
	for _, operation := range contract.Operations {
		contract.byID[operation.ID] = operation
	}
	return contract, c.report
}

// Operation returns the operation with that operationId, or nil.
func (c *Contract) Operation(id string) *Operation { return c.byID[id] }

// Allows tells whether a schema of the document allows a value, decoded from JSON, in the direction of
// [openapi3.VisitAsRequest] or [openapi3.VisitAsResponse].
func (c *Contract) Allows(schema *openapi3.Schema, value any, direction openapi3.SchemaValidationOption) bool {
	return schema.VisitJSON(value, direction, c.formats, openapi3.FailFast()) == nil
}

// compiler holds what is shared while one document is compiled.
type compiler struct {
	document *openapi3.T
	rules    Rules
	report   *report
	shapes   map[*openapi3.Schema]*shape
	words    *phrases
	shared   map[string]*header // headers that any response may carry
}

func newCompiler(document *openapi3.T, rules Rules) *compiler {
	if document.Components == nil {
		document.Components = &openapi3.Components{}
	}
	return &compiler{
		document: document, rules: rules, report: &report{},
		shapes: map[*openapi3.Schema]*shape{},
		words:  &phrases{own: map[*openapi3.Schema]map[string]string{}},
		shared: map[string]*header{},
	}
}

// operations compiles every operation, in the order of the file.
func (c *compiler) operations() []*Operation {
	formats := c.formatOption()
	asRequest := []openapi3.SchemaValidationOption{openapi3.VisitAsRequest(), openapi3.MultiErrors(), formats}
	asResponse := []openapi3.SchemaValidationOption{openapi3.VisitAsResponse(), openapi3.MultiErrors(), formats}
	asParameter := &openapi3filter.Options{
		MultiError: true, SkipSettingDefaults: true,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{formats},
	}
	var operations []*Operation
	for path, item := range c.document.Paths.Map() {
		for method, spec := range item.Operations() {
			o := &Operation{
				ID: spec.OperationID, Method: method, Path: path, Spec: spec,
				words: c.words, asParameter: asParameter, asRequest: asRequest, asResponse: asResponse,
			}
			if o.ID == "" {
				c.report.atf(spec.Origin, "", "%s %s has no operationId", method, path)
				o.ID = inventedID(method, path)
			}
			if len(spec.Tags) > 0 {
				o.Tag = spec.Tags[0]
			}
			c.compileParameters(o, item)
			c.compileBody(o)
			c.compileAnswers(o)
			c.compilePolicy(o)
			operations = append(operations, o)
		}
	}
	slices.SortFunc(operations, func(a, b *Operation) int {
		return cmp.Or(compareOrigin(a.Spec.Origin, b.Spec.Origin), cmp.Compare(a.Path+a.Method, b.Path+b.Method))
	})
	return operations
}

// takesBody tells whether the method may have a body that means something (RFC 9110, section 9.3).
func takesBody(method string) bool {
	return method != http.MethodGet && method != http.MethodHead
}
