package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// widest is how many columns a literal of a sample may have before it is broken into lines.
const widest = 70

// Reading is the sample of the operation that reads what this one changes.
func (s sample) Reading() sample { return sample{Operation: s.Read} }

// typeScriptArguments are what a call is given: the parameters of the path, the body and the options.
func typeScriptArguments(s sample) (string, error) {
	var all []string
	for _, p := range s.PathParams {
		if p.Type == "integer" {
			all = append(all, fmt.Sprint(p.Example))
		} else {
			all = append(all, typeScriptText(fmt.Sprint(p.Example)))
		}
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
		all = append(all, "{ "+s.Filter.Name+": "+typeScriptText(fmt.Sprint(s.Filter.Example))+" }")
	case s.Basic:
		all = append(all, "{\n  headers: { Authorization: `Basic ${btoa(`${process.env.CLIENT_ID}:${process.env.CLIENT_SECRET}`)}` },\n}")
	}
	return strings.Join(all, ", "), nil
}

func typeScriptText(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`).Replace(text) + "'"
}

// typeScriptValue makes a literal of a JSON value, on one line where that is not too wide.
func typeScriptValue(value jsontext.Value, indent string) (string, error) {
	decoder := jsontext.NewDecoder(bytes.NewReader(value))
	switch value.Kind() {
	case '"':
		token, err := decoder.ReadToken()
		return typeScriptText(token.String()), err
	case '{', '[':
	default:
		return value.String(), nil
	}
	if _, err := decoder.ReadToken(); err != nil {
		return "", err
	}
	var parts []string
	for decoder.PeekKind() != '}' && decoder.PeekKind() != ']' {
		prefix := ""
		if value.Kind() == '{' {
			name, err := decoder.ReadToken()
			if err != nil {
				return "", err
			}
			prefix = name.String() + ": "
		}
		item, err := decoder.ReadValue()
		if err != nil {
			return "", err
		}
		part, err := typeScriptValue(item.Clone(), indent+"  ")
		if err != nil {
			return "", err
		}
		parts = append(parts, prefix+part)
	}
	line := strings.Join(parts, ", ")
	switch {
	case len(line) > widest || strings.Contains(line, "\n"):
		inner := indent + "  "
		line = "\n" + inner + strings.Join(parts, ",\n"+inner) + ",\n" + indent
	case value.Kind() == '{':
		line = " " + line + " "
	}
	return map[jsontext.Kind]string{'{': "{" + line + "}", '[': "[" + line + "]"}[value.Kind()], nil
}
