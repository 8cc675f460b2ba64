package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
)

// writeGo writes what the Go SDK has of each operation below directory, a file for each namespace, and types.json, of
// which its types are generated.
func writeGo(m *Model, directory string) error {
	all, err := template.New("").Funcs(golang).Funcs(template.FuncMap{"goType": m.goType}).
		ParseFS(templates, "templates/*.go.tmpl")
	if err != nil {
		return fmt.Errorf("a template: %w", err)
	}
	directory = filepath.Join(directory, "client")
	if err := os.MkdirAll(directory, 0o755); err != nil { //nolint:gosec // sources are everybody's to read
		return fmt.Errorf("the Go SDK: %w", err)
	}
	files := map[string][]byte{}
	if files["types.json"], err = m.goTypes(); err != nil {
		return err
	}
	if files["api.gen.go"], err = formatted(all, "api.go.tmpl", m); err != nil {
		return err
	}
	for _, n := range m.Namespaces {
		if files[n.Name+".gen.go"], err = formatted(all, "namespace.go.tmpl", n); err != nil {
			return err
		}
	}
	for name, content := range files {
		err := os.WriteFile(filepath.Join(directory, name), content, 0o644) //nolint:gosec // likewise
		if err != nil {
			return fmt.Errorf("the Go SDK: %w", err)
		}
	}
	return nil
}

// formatted executes a template that makes Go.
func formatted(all *template.Template, name string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := all.ExecuteTemplate(&out, name, data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	source, err := format.Source(out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("%s makes no Go: %w", name, err)
	}
	return source, nil
}

// golang holds what the templates call.
var golang = template.FuncMap{ //nolint:gochecknoglobals // a table
	"exported":   exported,
	"comment":    goComment,
	"sentence":   sentence,
	"parameters": goParameters,
	"arguments":  goArguments,
	"path":       goPath,
	"option":     goOption,
	"lists":      lists,
	"method":     func(o *Operation) string { return o.Method[:1] + strings.ToLower(o.Method[1:]) },
	"seconds":    func(o *Operation) string { return fmt.Sprint(o.Timeout.Seconds()) },
}

// initialisms are what Go writes in capitals.
var initialisms = map[string]string{"id": "ID", "uri": "URI", "oauth": "OAuth"} //nolint:gochecknoglobals // a table

// exported makes a name of the contract one of Go: user_id is UserID, listUsers ListUsers.
func exported(name string) string {
	var out strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		if initialism, ok := initialisms[word]; ok {
			out.WriteString(initialism)
			continue
		}
		out.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return out.String()
}

// unexported is the same for a variable: userID.
func unexported(name string) string {
	first, _, _ := strings.Cut(name, "_")
	return first + strings.TrimPrefix(exported(name), exported(first))
}

// goComment makes the lines of a text those of a comment, of which the first has begun.
func goComment(text string) string { return strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n// ") }

// sentence ends a text with one full stop.
func sentence(text string) string { return strings.TrimSuffix(strings.TrimSpace(text), ".") + "." }

// goParameters are what a method takes of the path: `, userID int64`.
func goParameters(o *Operation) string {
	var out strings.Builder
	for _, p := range o.PathParams {
		kind := goScalar(p)
		if kind == "int" {
			kind = "int64" // an id
		}
		out.WriteString(", " + unexported(p.Name) + " " + kind)
	}
	return out.String()
}

// goArguments hands the same on: `, userID`.
func goArguments(o *Operation) string {
	var out strings.Builder
	for _, p := range o.PathParams {
		out.WriteString(", " + unexported(p.Name))
	}
	return out.String()
}

// goPath has %s for each parameter.
func goPath(o *Operation) string {
	path := o.Path
	for _, p := range o.PathParams {
		path = strings.Replace(path, "{"+p.Name+"}", "%s", 1)
	}
	return path
}

// goType is the type of a query parameter: a name where its values have names.
func (m *Model) goType(p Parameter) string {
	if slices.Contains(m.Schemas, p.Schema) {
		return p.Schema
	}
	return goScalar(p)
}

func goScalar(p Parameter) string {
	return map[string]string{"string": "string", "integer": "int", "number": "float64", "boolean": "bool"}[p.Type]
}

// goOption is the type of a method's options.
func goOption(o *Operation) string {
	if len(o.Query) > 0 {
		return exported(o.ID) + "Option"
	}
	return "CallOption"
}

// lists tells whether a namespace has lists, which import iter.
func lists(n *Namespace) bool {
	return slices.ContainsFunc(n.Operations, func(o *Operation) bool { return o.List != nil })
}
