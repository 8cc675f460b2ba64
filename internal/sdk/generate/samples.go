package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"go/format"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/go-json-experiment/json/jsontext"
)

//go:embed samples
var sampleTemplates embed.FS

// sampleServer is where the samples look for the server. The reference page puts its own address in its place.
const sampleServer = "http://127.0.0.1:8080"

// widest is how many columns a literal may have before it is broken into lines.
const widest = 70

// sample is what the templates have of one operation.
type sample struct {
	*Operation

	Server string
	// Body is the example of the contract, with the keys in the order of the schema; empty where there is none.
	Body jsontext.Value
	// Filter is a query parameter to show, or nil.
	Filter *Parameter
	// Basic says that a client signs in with its secret.
	Basic bool
}

// writeSamples writes what calls each operation, in several languages, to directory/contract/samples.json: texts by
// operationId and language.
func writeSamples(m *Model, directory string) error {
	languages := map[string]template.FuncMap{
		"typescript": {"arguments": typeScriptArguments, "variable": lowerFirst},
		"go":         {"arguments": goSampleArguments, "variable": lowerFirst, "exported": exported},
		"curl":       {"quote": shellQuote, "address": address, "form": formFields, "spaced": spaced},
	}
	var samples []sample
	var faults []error
	for _, o := range m.All() {
		s, err := sampleOf(o)
		samples, faults = append(samples, s), append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	texts := map[string]map[string]string{}
	for language, functions := range languages {
		file := language + ".tmpl"
		templates, err := template.New(file).Funcs(functions).ParseFS(sampleTemplates, "samples/"+file)
		if err != nil {
			return fmt.Errorf("a template of the samples: %w", err)
		}
		for _, s := range samples {
			var text strings.Builder
			if err := templates.Execute(&text, s); err != nil {
				return fmt.Errorf("%s: its sample: %w", s.ID, err)
			}
			if texts[s.ID] == nil {
				texts[s.ID] = map[string]string{}
			}
			if texts[s.ID][language], err = tidied(language, text.String()); err != nil {
				return fmt.Errorf("%s: its sample: %w", s.ID, err)
			}
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(texts); err != nil {
		return fmt.Errorf("the samples: %w", err)
	}
	return writeFile(filepath.Join(directory, "contract", "samples.json"), out.Bytes())
}

// tidied is a sample as people of that language lay it out.
func tidied(language, text string) (string, error) {
	if language != "go" {
		return text, nil
	}
	formatted, err := format.Source([]byte(text))
	return string(formatted), err
}

func writeFile(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // everybody may read it
		return fmt.Errorf("the samples: %w", err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil { //nolint:gosec // ditto
		return fmt.Errorf("the samples: %w", err)
	}
	return nil
}

func sampleOf(o *Operation) (sample, error) {
	// The endpoint for clients that have a secret; at others of OAuth the example is a public one.
	s := sample{Operation: o, Server: sampleServer, Basic: o.ID == "introspectToken"}
	if o.Body != nil {
		if o.Body.Example == nil {
			return s, fmt.Errorf("%s: its body has no example", o.ID)
		}
		body, err := ordered(o.Body.Example, o.Body.schema)
		if err != nil {
			return s, fmt.Errorf("%s: %w", o.ID, err)
		}
		s.Body = jsontext.Value(body)
	}
	for _, p := range o.PathParams {
		if p.Example == nil {
			return s, fmt.Errorf("%s: %s has no example", o.ID, p.Name)
		}
	}
	// SDKs go from page to page by themselves.
	pages := []string{"page", "size", "cursor", "after"}
	i := slices.IndexFunc(o.Query, func(p Parameter) bool { return p.Example != nil && !slices.Contains(pages, p.Name) })
	if i >= 0 {
		s.Filter = &o.Query[i]
	}
	return s, nil
}

// lowerFirst makes userInfo of UserInfo.
func lowerFirst(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// address is what curl calls.
func address(s sample) string {
	path := s.Path
	for _, p := range s.PathParams {
		path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(fmt.Sprint(p.Example)))
	}
	if s.Filter == nil {
		return s.Server + path
	}
	return shellQuote(s.Server + path + "?" + url.Values{s.Filter.Name: {fmt.Sprint(s.Filter.Example)}}.Encode())
}

// shellQuote makes a word of a POSIX shell that stands for the text.
func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// spaced is JSON as people write it.
func spaced(body jsontext.Value) (string, error) {
	formatted := body.Clone()
	err := formatted.Format(jsontext.SpaceAfterColon(true), jsontext.SpaceAfterComma(true))
	return string(formatted), err
}

// formFields are name=value of a form, in order.
func formFields(body jsontext.Value) ([]string, error) {
	return parts(body, func(key string, item jsontext.Value) (string, error) {
		value, err := text(item)
		return key + "=" + value, err
	})
}

// parts goes through an object, or an array, whose items have no key.
func parts(value jsontext.Value, part func(key string, item jsontext.Value) (string, error)) ([]string, error) {
	decoder := jsontext.NewDecoder(bytes.NewReader(value))
	if _, err := decoder.ReadToken(); err != nil {
		return nil, fmt.Errorf("an example: %w", err)
	}
	var all []string
	for decoder.PeekKind() != '}' && decoder.PeekKind() != ']' {
		key := ""
		if value.Kind() == '{' {
			token, err := decoder.ReadToken()
			if err != nil {
				return nil, fmt.Errorf("an example: %w", err)
			}
			key = token.String()
		}
		item, err := decoder.ReadValue()
		if err != nil {
			return nil, fmt.Errorf("an example: %w", err)
		}
		made, err := part(key, item.Clone())
		if err != nil {
			return nil, err
		}
		all = append(all, made)
	}
	return all, nil
}

// text is what a JSON string says.
func text(value jsontext.Value) (string, error) {
	unquoted, err := jsontext.AppendUnquote(nil, value)
	if err != nil {
		return "", fmt.Errorf("an example: %w", err)
	}
	return string(unquoted), nil
}
