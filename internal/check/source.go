package check

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/plaza-api/plaza/internal/contract"
)

// Source is a contract with the lines of its text. It may be any OpenAPI document, also one that Plaza could not serve.
type Source struct {
	File string
	Text []byte
	// Document has its references resolved, and its origins; OpenAPI, Info, Paths and Components are there.
	Document *openapi3.T

	root *yaml.Node
}

// ReadSource reads a contract. Its error is a [*Faulty].
func ReadSource(file string, text []byte) (*Source, error) {
	s := &Source{File: file, Text: text}
	document, complaints := contract.Read(text)
	if len(complaints) > 0 {
		return nil, s.faulty(complaints)
	}
	var err error
	if s.root, err = contract.Tree(text); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if document.Paths == nil {
		document.Paths = openapi3.NewPaths()
	}
	if document.Components == nil {
		document.Components = &openapi3.Components{}
	}
	s.Document = document
	return s, nil
}

func (s *Source) faulty(complaints []contract.Complaint) error {
	faulty := &Faulty{}
	for _, c := range complaints {
		faulty.Findings = append(faulty.Findings, Finding{
			Rule: "contract/invalid", File: s.File, Line: max(c.Line, 1), Column: c.Column, Message: c.Message,
		})
	}
	return faulty
}

// Place returns the line and the column, from 1, of what a JSON pointer leads to: of its key, or of its item of a
// list. Where there is no such thing it is the place of the nearest parent.
func (s *Source) Place(pointer string) (line, column int) {
	node := s.root
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	line, column = max(node.Line, 1), max(node.Column, 1)
	for _, step := range Steps(pointer) {
		key, value := contract.Child(node, step)
		if value == nil {
			break
		}
		line, column, node = key.Line, key.Column, value
	}
	return line, column
}

// Pointer writes steps as a JSON pointer (RFC 6901, section 3).
func Pointer(steps ...any) string {
	var b strings.Builder
	for _, step := range steps {
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(fmt.Sprint(step), "~", "~0"), "/", "~1"))
	}
	return b.String()
}

// Steps reads a JSON pointer.
func Steps(pointer string) []string {
	if pointer == "" {
		return nil
	}
	steps := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, step := range steps {
		steps[i] = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
	}
	return steps
}
