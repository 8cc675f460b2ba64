package contract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Complaint is one thing that is wrong with a document, and where.
type Complaint struct {
	// File is what the document is called; empty: openapi.yaml.
	File string
	// Line and Column count from 1; 0 where the complaint is about the whole document.
	Line, Column int
	// Key is the key that it is about, such as x-timeout; empty where it is about none.
	Key     string
	Message string
	// Err is what kin-openapi said; nil for what this package found.
	Err error
}

// Error is the complaint with its place.
func (c Complaint) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", cmp.Or(c.File, fileName), c.Line, c.Column, c.Message)
}

// Complaints tells all that Load refuses in a document that is valid otherwise, in the order of the file.
func Complaints(document *openapi3.T, rules Rules) []Complaint {
	c := newCompiler(document, rules)
	c.checkExtensions()
	c.operations()
	return c.report.sorted()
}

// Invalid tells where a document, of any version 3, is not as the OpenAPI Specification has it. It does not look at
// examples and defaults: see [Examples].
func Invalid(ctx context.Context, document *openapi3.T) []Complaint {
	err := document.Validate(ctx, openapi3.EnableMultiError(),
		openapi3.DisableExamplesValidation(), openapi3.DisableSchemaDefaultsValidation())
	if err == nil {
		return nil
	}
	all := openapi3.MultiError{err}
	if many, ok := errors.AsType[openapi3.MultiError](err); ok {
		all = many
	}
	r := &report{}
	for _, one := range all {
		r.atf(originOf(one), "", "%s", one.Error())
		r.complaints[len(r.complaints)-1].Err = one
	}
	return r.sorted()
}

// originOf finds the place that the innermost error of a chain knows.
func originOf(err error) *openapi3.Origin {
	var origin *openapi3.Origin
	for ; err != nil; err = errors.Unwrap(err) {
		value := reflect.Indirect(reflect.ValueOf(err))
		if value.Kind() != reflect.Struct {
			continue
		}
		if field := value.FieldByName("Origin"); field.IsValid() {
			if found, ok := reflect.TypeAssert[*openapi3.Origin](field); ok && found != nil {
				origin = found
			}
		}
	}
	return origin
}

// report collects what is wrong with a contract.
type report struct {
	complaints []Complaint
}

// atf records a complaint about key, which stands in the object that origin locates.
func (r *report) atf(origin *openapi3.Origin, key, format string, arguments ...any) {
	c := Complaint{Key: key, Message: fmt.Sprintf(format, arguments...)}
	if origin != nil {
		if origin.Key != nil {
			c.Line, c.Column = origin.Key.Line, origin.Key.Column
		}
		if location, ok := origin.Fields.Lookup(key); ok {
			c.Line, c.Column = location.Line, location.Column
		}
	}
	r.complaints = append(r.complaints, c)
}

// sorted returns the complaints in the order of the file, each one once.
func (r *report) sorted() []Complaint {
	slices.SortStableFunc(r.complaints, func(a, b Complaint) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(r.complaints, func(a, b Complaint) bool {
		return a.Line == b.Line && a.Column == b.Column && a.Message == b.Message
	})
}

// err joins the complaints.
func (r *report) err() error {
	complaints := r.sorted()
	errs := make([]error, len(complaints))
	for i, c := range complaints {
		errs[i] = c
	}
	return errors.Join(errs...)
}
