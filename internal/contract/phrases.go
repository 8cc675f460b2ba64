package contract

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// phrases puts failed keywords into words.
type phrases struct {
	own map[*openapi3.Schema]map[string]string // from x-messages
}

// detail says what keyword of schema asks for: in the contract's words, else in ours.
// All of ours follow a subject: "is required", "must be at least 13".
func (p *phrases) detail(schema *openapi3.Schema, keyword string) string {
	if words, ok := p.own[schema][keyword]; ok {
		return words
	}
	switch keyword {
	case "required":
		return "is required"
	case "nullable":
		return "must not be null"
	case "type":
		return typeWords(schema)
	case "enum":
		return enumWords(schema.Enum)
	case "readOnly":
		return "cannot be set"
	case "writeOnly":
		return "must not be shown"
	case "uniqueItems":
		return "must not repeat an item"
	case "properties":
		return "is not a known field"
	case "pattern", "format":
		return "has the wrong form"
	}
	if text, ok := limitWords(schema, keyword); ok {
		return text
	}
	return "has none of the allowed forms"
}

// limitWords speaks of lengths, counts and bounds.
func limitWords(schema *openapi3.Schema, keyword string) (string, bool) {
	switch keyword {
	case "minLength":
		return "must have at least " + counted(schema.MinLength, "character", "characters"), true
	case "maxLength":
		return "must have at most " + counted(*schema.MaxLength, "character", "characters"), true
	case "minItems":
		return "must have at least " + counted(schema.MinItems, "item", "items"), true
	case "maxItems":
		return "must have at most " + counted(*schema.MaxItems, "item", "items"), true
	case "minProperties":
		return "must have at least " + counted(schema.MinProps, "field", "fields"), true
	case "maxProperties":
		return "must have at most " + counted(*schema.MaxProps, "field", "fields"), true
	case "minimum":
		return "must be at least " + plain(*schema.Min), true
	case "maximum":
		return "must be at most " + plain(*schema.Max), true
	case "exclusiveMinimum":
		return "must be more than " + plain(*schema.Min), true
	case "exclusiveMaximum":
		return "must be less than " + plain(*schema.Max), true
	case "multipleOf":
		return "must be a multiple of " + plain(*schema.MultipleOf), true
	}
	return "", false
}

func counted(n uint64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatUint(n, 10) + " " + many
}

// plain writes a bound without an exponent.
func plain(bound float64) string { return strconv.FormatFloat(bound, 'f', -1, 64) }

func typeWords(schema *openapi3.Schema) string {
	names := schema.Type.Slice()
	if len(names) != 1 {
		return "has the wrong type"
	}
	switch names[0] {
	case openapi3.TypeInteger, openapi3.TypeArray, openapi3.TypeObject:
		return "must be an " + names[0]
	case openapi3.TypeBoolean:
		return "must be true or false"
	}
	return "must be a " + names[0]
}

func enumWords(values []any) string {
	words := make([]string, 0, len(values))
	for _, value := range values {
		if text, ok := value.(string); ok {
			words = append(words, text)
		} else if text, err := json.Marshal(value); err == nil {
			words = append(words, string(text))
		}
	}
	if len(words) == 1 {
		return "must be " + words[0]
	}
	return "must be one of " + strings.Join(words, ", ")
}

// addSchemaErrors turns what kin-openapi found into findings.
func (f *findings) addSchemaErrors(words *phrases, err error) {
	switch e := err.(type) { //nolint:errorlint // a tree of errors is walked here, not a chain
	case nil:
	case openapi3.MultiError:
		for _, one := range e {
			f.addSchemaErrors(words, one)
		}
	case *openapi3.SchemaError:
		f.addSchemaError(words, e)
	default:
		f.add(finding{detail: "has the wrong form"})
	}
}

func (f *findings) addSchemaError(words *phrases, e *openapi3.SchemaError) {
	one := finding{path: e.JSONPointer(), keyword: e.SchemaField, schema: e.Schema}
	switch {
	case e.SchemaField == "properties":
		one.path = append(one.path, unknownName(e.Reason)...)
	case e.SchemaField == "required":
		// The words of a missing property stand in its own schema.
		if property := e.Schema.Properties[one.path[len(one.path)-1]]; property != nil {
			one.schema = property.Value
		}
	case e.SchemaField == "enum" && e.Value == nil:
		one.keyword = "nullable"
	case e.SchemaField == "type" && isTooLarge(e):
		one.detail = outOfRange
	case e.SchemaField == "format":
		one.detail, one.weak = words.format(e)
	case e.SchemaField == "discriminator":
		one.path = append(one.path, e.Schema.Discriminator.PropertyName)
		one.detail = discriminatorWords(e)
	case f.addNested(words, e):
		return
	}
	f.add(one)
}

// isTooLarge tells that a number is one, but beyond what a float64 holds.
func isTooLarge(e *openapi3.SchemaError) bool {
	number, isNumber := e.Value.(json.Number)
	isWhole := e.Schema.Type.Is(openapi3.TypeInteger) && !strings.ContainsAny(string(number), ".eE")
	return isNumber && (isWhole || e.Schema.Type.Is(openapi3.TypeNumber))
}

// format prefers the contract's words to those of the format's own check. What
// int32 and int64 say is weak: a bound says it better.
func (p *phrases) format(e *openapi3.SchemaError) (string, bool) {
	if _, isText := e.Value.(string); !isText {
		return outOfRange, true
	}
	if _, ok := p.own[e.Schema]["format"]; !ok {
		if cause := errors.Unwrap(e.Origin); cause != nil {
			return cause.Error(), false
		}
	}
	return p.detail(e.Schema, "format"), false
}

// addNested adds the faults of what allOf, or the one alternative that the
// discriminator chose, found; false where there is no telling.
func (f *findings) addNested(words *phrases, e *openapi3.SchemaError) bool {
	if e.SchemaField != "allOf" && e.SchemaField != "oneOf" {
		return false
	}
	nested, ok := errors.AsType[openapi3.MultiError](errors.Unwrap(e.Origin))
	if !ok || e.SchemaField == "oneOf" && len(nested) != 1 {
		return false
	}
	f.addSchemaErrors(words, nested)
	return true
}

func discriminatorWords(e *openapi3.SchemaError) string {
	if e.Value == nil {
		return "is required"
	}
	var values []any
	for _, name := range slices.Sorted(maps.Keys(e.Schema.Discriminator.Mapping)) {
		values = append(values, name)
	}
	return enumWords(values)
}

// unknownName reads the property's name out of `property "name" is unsupported`,
// the only place where kin-openapi says it.
func unknownName(reason string) []string {
	quoted, err := strconv.QuotedPrefix(strings.TrimPrefix(reason, "property "))
	if err != nil {
		return nil
	}
	name, err := strconv.Unquote(quoted)
	if err != nil {
		return nil
	}
	return []string{name}
}
