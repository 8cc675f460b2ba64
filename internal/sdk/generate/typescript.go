package main

import (
	"bytes"
	"embed"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"
)

//go:embed templates
var templates embed.FS

// usualLimit is what an operation takes at most where its literal does not say so, in TypeScript.
const usualLimit = 5 * time.Second

// writeTypeScript writes what the npm package has of each operation, below directory.
func writeTypeScript(m *Model, directory string) error {
	all, err := template.New("").Funcs(typeScript).Parse(
		`{{define "head"}}// Written by make generate from openapi.yaml; do not edit.{{end}}`)
	if err != nil {
		return fmt.Errorf("a template: %w", err)
	}
	if all, err = all.ParseFS(templates, "templates/*.ts.tmpl"); err != nil {
		return fmt.Errorf("a template: %w", err)
	}
	source := filepath.Join(directory, "typescript", "src")
	if err := os.MkdirAll(source, 0o755); err != nil { //nolint:gosec // sources are everybody's to read
		return fmt.Errorf("the package: %w", err)
	}
	for _, name := range []string{"contract", "schemas", "operations", "plaza", "react-query"} {
		var out bytes.Buffer
		if err := all.ExecuteTemplate(&out, name+".gen.ts.tmpl", m); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		err := os.WriteFile(filepath.Join(source, name+".gen.ts"), out.Bytes(), 0o644) //nolint:gosec // likewise
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// typeScript holds what the templates call.
var typeScript = template.FuncMap{ //nolint:gochecknoglobals // a table
	"pascal":      pascal,
	"exported":    exported,
	"optionsType": optionsType,
	"comment":     comment,
	"parameters":  parameters,
	"typed":       typed,
	"names":       names,
	"answer":      answer,
	"result":      result,
	"literal":     literal,
	"by":          by,
	"variable":    lowerFirst,
	"join":        func(words []string) string { return strings.Join(words, ", ") },

	"exampleArguments": func(o *Operation) string { return strings.Join(exampleArguments(o.PathParams), ", ") },

	"of":             ofOperations,
	"variables":      variables,
	"variablesType":  variablesType,
	"variablesTuple": variablesTuple,
}

// Imports names the types that the functions of operations use.
func (m *Model) Imports() []string {
	set := map[string]bool{}
	for _, name := range m.FaceImports() {
		set[name] = true
	}
	for _, o := range m.All() {
		if len(o.Query) > 0 {
			set[pascal(o.ID)+"Data"] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// FaceImports names the schemas of Exchanged, and those of the items of lists.
func (m *Model) FaceImports() []string {
	all := m.Exchanged()
	for _, o := range m.All() {
		if o.List != nil {
			all = append(all, o.List.Item)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Exchanged names the schemas that calls take and give.
func (m *Model) Exchanged() []string {
	set := map[string]bool{}
	for _, o := range m.All() {
		if o.Body != nil {
			set[o.Body.Schema] = true
		}
		if o.Result != nil {
			set[o.Result.Schema] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// OptionTypes names the types of options that operations have of their own.
func (m *Model) OptionTypes() []string {
	var all []string
	for _, o := range m.All() {
		if name := optionsType(o); name != "CallOptions" {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func pascal(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// camel makes userId of user_id.
func camel(name string) string {
	words := strings.Split(name, "_")
	for i := range words[1:] {
		words[i+1] = pascal(words[i+1])
	}
	return strings.Join(words, "")
}

func optionsType(o *Operation) string {
	if o.IfMatch == Absent && !o.Idempotent && len(o.Query) == 0 {
		return "CallOptions"
	}
	return pascal(o.ID) + "Options"
}

// comment makes the documentation of a call, with an example.
func comment(o *Operation, indent string) string {
	lines := []string{o.Summary}
	if o.Description != "" {
		lines = append(lines, "")
		lines = append(lines, strings.Split(o.Description, "\n")...)
	}
	lines = append(lines, "", "`"+o.Method+" "+o.Path+"`")
	var out strings.Builder
	out.WriteString(indent + "/**\n")
	for _, line := range lines {
		line = strings.ReplaceAll(line, "*/", "*\\/")
		out.WriteString(strings.TrimRight(indent+" * "+line, " ") + "\n")
	}
	return out.String() + indent + " */"
}

func names(parameters []Parameter) []string {
	var all []string
	for _, p := range parameters {
		all = append(all, camel(p.Name))
	}
	return all
}

func typed(parameters []Parameter) []string {
	var all []string
	for _, p := range parameters {
		kind := p.Type
		if kind == "integer" {
			kind = "number"
		}
		all = append(all, camel(p.Name)+": "+kind)
	}
	return all
}

func exampleArguments(parameters []Parameter) []string {
	var all []string
	for _, p := range parameters {
		all = append(all, p.literal(typeScriptText))
	}
	return all
}

// parameters lists what a call takes after the connection.
func parameters(o *Operation) []string {
	all := typed(o.PathParams)
	if o.Body != nil {
		all = append(all, "body: "+o.Body.Schema)
	}
	mark := "?"
	if o.IfMatch == Required {
		mark = ""
	}
	return append(all, "options"+mark+": "+optionsType(o))
}

func result(o *Operation) string {
	if o.Result == nil {
		return "void"
	}
	return o.Result.Schema
}

func answer(o *Operation) string {
	switch {
	case o.List != nil:
		return "List<Dated<" + o.List.Item + ", D>, Dated<" + o.Result.Schema + ", D>>"
	case o.Result == nil:
		return "Promise<void>"
	}
	return "Promise<Dated<" + o.Result.Schema + ", D>>"
}

// by says how a list goes on, as an argument.
func by(o *Operation) string {
	switch o.List.By {
	case "cursor":
		return "'cursor'"
	case "after":
		return strconv.FormatUint(o.List.Full, 10)
	}
	return ""
}

// literal makes what the connection is told of an operation.
func literal(o *Operation) string {
	route := o.Path
	for _, p := range o.PathParams {
		route = strings.ReplaceAll(route, "{"+p.Name+"}", "${"+camel(p.Name)+"}")
	}
	quoted := "'" + route + "'"
	if len(o.PathParams) > 0 {
		quoted = "path`" + route + "`"
	}
	fields := []string{"id: '" + o.ID + "'", "method: '" + o.Method + "'", "path: " + quoted}
	if o.Body != nil {
		fields = append(fields, "body")
		if o.Body.MediaType != "application/json" {
			fields = append(fields, "type: '"+o.Body.MediaType+"'")
		}
	}
	if o.Result != nil && o.Result.Enveloped {
		fields = append(fields, "enveloped: true")
	}
	if o.Idempotent {
		fields = append(fields, "once: true")
	}
	if o.Timeout > usualLimit {
		fields = append(fields, "limit: "+strconv.FormatInt(o.Timeout.Milliseconds(), 10))
	}
	return "{ " + strings.Join(fields, ", ") + " }"
}
