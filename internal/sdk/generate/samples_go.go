package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"
)

// goSampleArguments are what a call is given after its context.
func goSampleArguments(s sample) ([]string, error) {
	var all []string
	for _, p := range s.PathParams {
		all = append(all, p.literal(strconv.Quote))
	}
	if s.Body != nil {
		pointers := s.Operation.Body.MediaType == "application/merge-patch+json"
		literal, err := goObject(s.Body, s.Operation.Body.Schema, s.Operation.Body.schema, pointers)
		if err != nil {
			return nil, err
		}
		all = append(all, "plaza."+s.Operation.Body.Schema+literal)
	}
	switch {
	case s.IfMatch == Required:
		all = append(all, "plaza.IfVersion("+lowerFirst(s.Result.Schema)+".Version)")
	case s.Filter != nil:
		params := "plaza." + exported(s.ID) + "Params"
		all = append(all, params+"{"+exported(s.Filter.Name)+": "+s.Filter.literal(strconv.Quote)+"}")
	case s.Basic:
		all = append(all, `plaza.WithBasicAuth(os.Getenv("CLIENT_ID"), os.Getenv("CLIENT_SECRET"))`)
	}
	return all, nil
}

// goObject makes the fields of a struct, in braces. In a patch they are pointers.
func goObject(value jsontext.Value, name string, schema *openapi3.Schema, pointers bool) (string, error) {
	return goParts(value, func(key string, item jsontext.Value) (string, error) {
		property := schema.Properties[key]
		if property == nil {
			return "", fmt.Errorf("an example of %s has %s, which the schema has not", name, key)
		}
		literal, err := goValue(item, property)
		if err != nil {
			return "", err
		}
		if named := schemaName(property.Ref); pointers && len(property.Value.Enum) > 0 && named != "" {
			literal = "plaza." + named + "(" + literal + ")"
		}
		if pointers {
			literal = "new(" + literal + ")"
		}
		return exported(key) + ": " + literal, nil
	})
}

// goValue makes a literal of a value.
func goValue(value jsontext.Value, schema *openapi3.SchemaRef) (string, error) {
	switch value.Kind() {
	case '{':
		literal, err := goObject(value, schema.Ref, schema.Value, false)
		return "&plaza." + schemaName(schema.Ref) + literal, err // what is optional and an object is a pointer
	case '[':
		items := schema.Value.Items
		kind := items.Value.Type.Slice()[0]
		if kind == "object" {
			kind = "plaza." + schemaName(items.Ref)
		}
		literal, err := goParts(value, func(_ string, item jsontext.Value) (string, error) {
			if item.Kind() == '{' {
				return goObject(item, items.Ref, items.Value, false)
			}
			return goValue(item, items)
		})
		return "[]" + kind + literal, err
	case '"':
		said, err := text(value)
		return strconv.Quote(said), err
	default:
		return value.String(), nil
	}
}

// goParts makes the parts of an object or an array, in braces, on one line where that is not too wide.
func goParts(value jsontext.Value, part func(key string, item jsontext.Value) (string, error)) (string, error) {
	all, err := parts(value, part)
	line := strings.Join(all, ", ")
	if len(line) > widest || strings.Contains(line, "\n") {
		line = "\n" + strings.Join(all, ",\n") + ",\n"
	}
	return "{" + line + "}", err
}
