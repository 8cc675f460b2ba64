package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
)

// operation reads what an SDK needs of one operation.
func operation(item *openapi3.PathItem, method, path, tag string) (*Operation, error) {
	spec := item.GetOperation(method)
	o := &Operation{
		ID: spec.OperationID, Namespace: tag, Method: method, Path: path,
		Summary: spec.Summary, Description: strings.TrimSpace(spec.Description),
		spec: spec, parameters: contract.Parameters(item, spec), line: spec.Origin.Key.Line,
	}
	o.Idempotent, _ = spec.Extensions["x-idempotent"].(bool)
	o.Name, _ = spec.Extensions["x-sdk-name"].(string)
	if o.Name == "" {
		o.Name = nameIn(o.ID, tag)
	}
	o.Roles = texts(spec.Extensions["x-roles"])
	o.readSecurity()
	o.readBody()
	return o, errors.Join(o.readParameters(), o.readTimeout(), o.readResult())
}

// nameIn leaves out of an operationId what the tag says already: listUsers is users.list.
func nameIn(id, tag string) string {
	plural := strings.ToUpper(tag[:1]) + tag[1:]
	singular := strings.TrimSuffix(plural, "s")
	if strings.HasSuffix(plural, "sses") {
		singular = strings.TrimSuffix(plural, "es")
	}
	for _, noun := range []string{plural, singular} {
		if before, after, ok := strings.Cut(id, noun); ok && before != "" {
			return before + after
		}
	}
	return id
}

// afterVerb returns what follows the verb of an operationId: User of getUser.
func afterVerb(id string) string {
	if i := strings.IndexFunc(id, unicode.IsUpper); i > 0 {
		return id[i:]
	}
	return ""
}

func texts(list any) []string {
	var all []string
	values, _ := list.([]any)
	for _, v := range values {
		if text, ok := v.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

// readSecurity finds whether a token is needed, and with which scopes.
func (o *Operation) readSecurity() {
	if o.spec.Security == nil {
		return
	}
	o.SignedIn = len(*o.spec.Security) > 0
	for _, alternative := range *o.spec.Security {
		if len(alternative) == 0 {
			o.SignedIn = false
		}
		for _, scopes := range alternative {
			o.Scopes = append(o.Scopes, scopes...)
		}
	}
}

func (o *Operation) readTimeout() error {
	text, _ := o.spec.Extensions["x-timeout"].(string)
	var err error
	if o.Timeout, err = time.ParseDuration(text); err != nil {
		return fmt.Errorf("%s: x-timeout: %w", o.ID, err)
	}
	return nil
}

func (o *Operation) readParameters() error {
	var faults []error
	for _, reference := range o.parameters {
		p := reference.Value
		parameter := Parameter{
			Name: p.Name, Description: strings.TrimSpace(p.Description), Schema: schemaName(p.Schema.Ref), Example: p.Example,
		}
		for _, kind := range []string{"string", "integer", "number", "boolean"} {
			if p.Schema.Value.Type.Is(kind) {
				parameter.Type = kind
			}
		}
		if isSent := p.In == openapi3.ParameterInPath || p.In == openapi3.ParameterInQuery; isSent && parameter.Type == "" {
			faults = append(faults, fmt.Errorf("%s: the SDKs send no parameter like %s: let it be a string, an integer, a "+
				"number or a boolean", o.ID, p.Name))
		}
		if parameter.Example == nil {
			parameter.Example = p.Schema.Value.Example
		}
		switch {
		case p.In == openapi3.ParameterInPath:
			o.PathParams = append(o.PathParams, parameter)
		case p.In == openapi3.ParameterInQuery:
			o.Query = append(o.Query, parameter)
		case p.Name == "If-Match" && p.Required:
			o.IfMatch = Required
		case p.Name == "If-Match":
			o.IfMatch = Optional
		}
	}
	return errors.Join(faults...)
}

func (o *Operation) readBody() {
	if o.spec.RequestBody == nil {
		return
	}
	content := o.spec.RequestBody.Value.Content
	first := firstByLine(content, func(m *openapi3.MediaType) *openapi3.Origin { return m.Origin })
	media := content[first]
	o.Body = &Body{Schema: schemaName(media.Schema.Ref), MediaType: first, schema: media.Schema.Value}
	if len(media.Examples) > 0 {
		name := firstByLine(media.Examples, func(e *openapi3.ExampleRef) *openapi3.Origin { return e.Value.Origin })
		o.Body.Example = media.Examples[name].Value.Value
	}
}

// readResult finds what the operation answers with when it succeeds.
func (o *Operation) readResult() error {
	for status, response := range o.spec.Responses.Map() {
		code, err := strconv.Atoi(status)
		if err != nil || code < 200 || code > 299 {
			continue
		}
		media := response.Value.Content["application/json"]
		if media == nil {
			continue
		}
		o.Result = &Result{Status: code, Schema: schemaName(media.Schema.Ref), schema: media.Schema.Value}
		if data := media.Schema.Value.Properties["data"]; data != nil && media.Schema.Value.Properties["success"] != nil {
			o.Result = &Result{Status: code, Schema: schemaName(data.Ref), Enveloped: true, schema: data.Value}
		}
		if o.Result.Schema == "" {
			return fmt.Errorf("%s: the schema of its answer has no name", o.ID)
		}
		o.readList()
	}
	return nil
}

// readList finds whether the result is a list, and how it goes on.
func (o *Operation) readList() {
	items := o.Result.schema.Properties["items"]
	if o.Method == http.MethodPost || items == nil || items.Value.Items == nil {
		return
	}
	o.List = &List{Item: schemaName(items.Value.Items.Ref)}
	if items.Value.MaxItems != nil {
		o.List.Full = *items.Value.MaxItems
	}
	for _, by := range []string{"cursor", "after"} {
		if slices.ContainsFunc(o.Query, func(p Parameter) bool { return p.Name == by }) {
			o.List.By = by
		}
	}
}

// schemaName returns the name at the end of a reference, or nothing.
func schemaName(reference string) string {
	return reference[strings.LastIndexByte(reference, '/')+1:]
}

// firstByLine returns the key of what stands first in the file.
func firstByLine[V any](values map[string]V, origin func(V) *openapi3.Origin) string {
	var first string
	line := 0
	for key, value := range values {
		at := origin(value).Key.Line
		if line == 0 || at < line {
			first, line = key, at
		}
	}
	return first
}
