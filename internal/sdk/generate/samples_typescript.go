package main

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Reading is the sample of the operation that reads what this one changes.
func (s sample) Reading() sample { return sample{Operation: s.Read} }

// typeScriptArguments are what a call is given: the parameters of the path, the body and the options.
func typeScriptArguments(s sample) (string, error) {
	var all []string
	for _, p := range s.PathParams {
		all = append(all, p.literal(typeScriptText))
	}
	if s.Body != nil {
		literal, err := typeScriptValue(s.Body, "")
		if err != nil {
			return "", err
		}
		all = append(all, literal)
	}
	switch {
	case s.IfMatch == Required && s.Read != nil:
		all = append(all, "{ version }")
	case s.Filter != nil:
		all = append(all, "{ "+s.Filter.Name+": "+s.Filter.literal(typeScriptText)+" }")
	case s.Basic:
		const pair = "btoa(`${process.env.CLIENT_ID}:${process.env.CLIENT_SECRET}`)"
		all = append(all, "{\n  headers: { Authorization: `Basic ${"+pair+"}` },\n}")
	}
	return strings.Join(all, ", "), nil
}

func typeScriptText(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`).Replace(text) + "'"
}

// typeScriptValue makes a literal of a JSON value, on one line where that is not too wide.
func typeScriptValue(value jsontext.Value, indent string) (string, error) {
	switch value.Kind() {
	case '"':
		said, err := text(value)
		return typeScriptText(said), err
	case '{', '[':
	default:
		return value.String(), nil
	}
	all, err := parts(value, func(key string, item jsontext.Value) (string, error) {
		literal, err := typeScriptValue(item, indent+"  ")
		if value.Kind() == '{' {
			literal = key + ": " + literal
		}
		return literal, err
	})
	line := strings.Join(all, ", ")
	switch {
	case len(line) > widest || strings.Contains(line, "\n"):
		inner := indent + "  "
		line = "\n" + inner + strings.Join(all, ",\n"+inner) + ",\n" + indent
	case value.Kind() == '{':
		line = " " + line + " "
	}
	if value.Kind() == '{' {
		return "{" + line + "}", err
	}
	return "[" + line + "]", err
}
