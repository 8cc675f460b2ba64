package contract

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// The x- keys that this package gives a meaning to.
const (
	keyOwner           = "x-owner"
	keyRoles           = "x-roles"
	keyScopes          = "x-scopes"
	keyRateLimit       = "x-rate-limit"
	keyFailedSignIns   = "x-failed-sign-ins"
	keyIgnoreUnknown   = "x-ignore-unknown"
	keyCache           = "x-cache"
	keyReplica         = "x-replica"
	keyIdempotent      = "x-idempotent"
	keyBodyLimit       = "x-body-limit"
	keyTimeout         = "x-timeout"
	keyColumn          = "x-column"
	keyComputed        = "x-computed"
	keyTrim            = "x-trim"
	keyMessages        = "x-messages"
	keyRule            = "x-rule"
	keyValidateItems   = "x-validate-items"
	keyResponseHeaders = "x-response-headers"
	keySDKName         = "x-sdk-name"
	keyUntested        = "x-untested"
	keyLintIgnore      = "x-lint-ignore"
)

// seat says in what sort of object a key stands.
type seat int

const (
	elsewhere seat = iota
	inDocument
	inOperation
	inSchema
	besideRef   // next to the $ref of a schema
	inResponse  // or next to the $ref of one
	inParameter // or next to the $ref of one
)

// generatorKeys are read by oapi-codegen and may stand anywhere.
func generatorKeys() []string {
	return []string{
		"x-go-type", "x-go-type-import", "x-go-type-name", "x-go-name", "x-go-json-ignore",
		"x-go-type-skip-optional-pointer", "x-go-type-skip-optional-pointer-with-omitzero",
		"x-omitempty", "x-omitzero", "x-order", "x-enum-varnames", "x-enum-names", "x-enumNames",
		"x-deprecated-reason", "x-oapi-codegen-extra-tags", "x-oapi-codegen-only-honour-go-name",
	}
}

// seats lists where each key may stand.
func seats() map[string][]seat {
	return map[string][]seat{
		keyOwner: {inOperation}, keyRateLimit: {inOperation}, keyCache: {inOperation},
		keyFailedSignIns: {inOperation}, keyIgnoreUnknown: {inOperation}, keyReplica: {inOperation},
		keyIdempotent: {inOperation}, keyBodyLimit: {inOperation}, keyTimeout: {inOperation}, keySDKName: {inOperation},
		keyRoles:  {inOperation, inSchema, besideRef},
		keyScopes: {inSchema, besideRef},
		keyColumn: {inSchema, besideRef}, keyComputed: {inSchema, besideRef},
		keyTrim: {inSchema}, keyMessages: {inSchema}, keyRule: {inSchema}, keyValidateItems: {inSchema},
		keyResponseHeaders: {inDocument},
		keyUntested:        {inOperation, inParameter, inResponse, inSchema, besideRef},
	}
}

// checkExtensions visits every object of the document: each x- key must be known
// and in its seat, and what the keys of schemas say must make sense.
func (c *compiler) checkExtensions() {
	v := &visitor{
		compiler: c, seen: map[uintptr]bool{}, seats: seats(), generator: generatorKeys(),
		scopes: ScopeNames(scopesOf(c.document)),
	}
	v.visit(reflect.ValueOf(c.document))
	c.sharedHeaders()
}

// visitor walks kin-openapi's structs, so that no kind of object is forgotten.
type visitor struct {
	*compiler

	seen      map[uintptr]bool
	seats     map[string][]seat
	generator []string
	scopes    []string // that the security schemes declare
}

func (v *visitor) visit(value reflect.Value) {
	switch value.Kind() { //nolint:exhaustive // the other kinds hold no objects
	case reflect.Pointer:
		if value.IsNil() || v.seen[value.Pointer()] {
			return
		}
		v.seen[value.Pointer()] = true
		// Paths, Responses and Callbacks hide their entries behind a method.
		if entries := value.MethodByName("Map"); entries.IsValid() {
			v.visit(entries.Call(nil)[0])
		}
		v.visit(value.Elem())
	case reflect.Map:
		for _, key := range value.MapKeys() {
			v.visit(value.MapIndex(key))
		}
	case reflect.Slice:
		for i := range value.Len() {
			v.visit(value.Index(i))
		}
	case reflect.Struct:
		v.visitStruct(value)
	}
}

func (v *visitor) visitStruct(value reflect.Value) {
	var extensions map[string]any
	var origin *openapi3.Origin
	for i := range value.NumField() {
		field := value.Type().Field(i)
		switch {
		case !field.IsExported():
		case field.Name == "Extensions":
			extensions, _ = reflect.TypeAssert[map[string]any](value.Field(i))
		case field.Name == "Origin":
			origin, _ = reflect.TypeAssert[*openapi3.Origin](value.Field(i))
		default:
			v.visit(value.Field(i))
		}
	}
	where := seatOf(value)
	if where == inSchema {
		v.checkSchema(value.Addr().Interface().(*openapi3.Schema)) //nolint:forcetypeassert // seatOf has looked
	}
	for _, key := range slices.Sorted(maps.Keys(extensions)) {
		v.checkKey(where, key, origin)
	}
	if where == inSchema || where == besideRef {
		v.checkColumn(extensions, origin)
	}
	if reason, ok := extensions[keyUntested]; ok {
		v.checkReason(keyUntested, reason, origin)
	}
}

// seatOf tells which sort of object a struct is.
func seatOf(value reflect.Value) seat {
	if !value.CanAddr() {
		return elsewhere
	}
	switch value.Addr().Interface().(type) {
	case *openapi3.T:
		return inDocument
	case *openapi3.Operation:
		return inOperation
	case *openapi3.Schema:
		return inSchema
	case *openapi3.SchemaRef:
		return besideRef
	case *openapi3.Response, *openapi3.ResponseRef:
		return inResponse
	case *openapi3.Parameter, *openapi3.ParameterRef:
		return inParameter
	default:
		return elsewhere
	}
}

// checkKey complains about a key that is unknown or out of its seat.
func (v *visitor) checkKey(where seat, key string, origin *openapi3.Origin) {
	if !strings.HasPrefix(key, "x-") || key == keyLintIgnore || slices.Contains(v.generator, key) {
		return // what lint is to ignore may stand anywhere; it is lint that reads it
	}
	allowed, known := v.seats[key]
	switch {
	case !known:
		v.report.atf(origin, key, "unknown key %s", key)
	case slices.Contains(allowed, where):
	case where == besideRef:
		v.report.atf(origin, key, "%s must stand in the schema itself, not beside its $ref", key)
	default:
		v.report.atf(origin, key, "%s has no meaning here", key)
	}
}

// checkReason checks a key that says why something is left undone.
func (v *visitor) checkReason(key string, reason any, origin *openapi3.Origin) {
	if text, _ := reason.(string); strings.TrimSpace(text) == "" {
		v.report.atf(origin, key, "%s must give a reason", key)
	}
}

// checkSchema checks what only a schema may say, and keeps its messages.
func (v *visitor) checkSchema(schema *openapi3.Schema) {
	if value, ok := schema.Extensions[keyTrim]; ok && (value != false || !schema.Type.Is(openapi3.TypeString)) {
		v.report.atf(schema.Origin, keyTrim, "%s must be false, on a string", keyTrim)
	}
	if value, ok := schema.Extensions[keyRule]; ok {
		name, _ := value.(string)
		if v.rules.Values[name] == nil {
			v.report.atf(schema.Origin, keyRule, "unknown rule %q", name)
		}
	}
	if value, ok := schema.Extensions[keyValidateItems]; ok {
		name, _ := value.(string)
		if v.document.Components.Schemas[name] == nil || !schema.Type.Is(openapi3.TypeArray) {
			v.report.atf(schema.Origin, keyValidateItems, "%s must name a schema of the contract, on an array", keyValidateItems)
		}
	}
	v.checkFormat(schema)
	v.checkMessages(schema)
}

// checkMessages keeps the words that a schema has for the failure of a keyword.
func (v *visitor) checkMessages(schema *openapi3.Schema) {
	value, ok := schema.Extensions[keyMessages]
	if !ok {
		return
	}
	entries, _ := value.(map[string]any)
	if len(entries) == 0 {
		v.report.atf(schema.Origin, keyMessages, "%s must map keywords to words", keyMessages)
	}
	words := make(map[string]string, len(entries))
	for _, keyword := range slices.Sorted(maps.Keys(entries)) {
		text, _ := entries[keyword].(string)
		switch {
		case keywordRank(keyword) < 0 || keyword == ruleKeyword:
			v.report.atf(schema.Origin, keyMessages, "%s has the unknown keyword %s", keyMessages, keyword)
		case strings.TrimSpace(text) == "":
			v.report.atf(schema.Origin, keyMessages, "%s must have words for %s", keyMessages, keyword)
		}
		words[keyword] = text
	}
	v.words.own[schema] = words
}
