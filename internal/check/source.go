package check

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// Source is a contract with the lines of its text. It may be any OpenAPI document, also one that Plaza could not serve.
type Source struct {
	File string
	Text []byte
	// Document has its references resolved, and its origins; OpenAPI, Info, Paths and Components are there.
	Document *openapi3.T

	root *yaml.Node
}

// yamlLine finds the line in an error of the YAML reader.
var yamlLine = regexp.MustCompile(`line (\d+)`)

// ReadSource reads a contract. Its error is a [*Faulty].
func ReadSource(file string, text []byte) (*Source, error) {
	s := &Source{File: file, Text: text, root: &yaml.Node{}}
	if err := yaml.Unmarshal(text, s.root); err != nil {
		return nil, s.faulty(err)
	}
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	document, err := loader.LoadFromData(text)
	if err != nil {
		return nil, s.faulty(err)
	}
	if document.OpenAPI == "" || document.Info == nil {
		return nil, s.faulty(errors.New("it is no OpenAPI document: openapi and info are missing"))
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

func (s *Source) faulty(err error) error {
	finding := Finding{Rule: "contract/invalid", File: s.File, Line: 1, Message: err.Error()}
	if found := yamlLine.FindStringSubmatch(err.Error()); found != nil {
		finding.Line, _ = strconv.Atoi(found[1]) // digits
	}
	return &Faulty{Findings: []Finding{finding}}
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
		if node.Kind == yaml.AliasNode {
			node = node.Alias
		}
		key, value := child(node, step)
		if value == nil {
			break
		}
		line, column, node = key.Line, key.Column, value
	}
	return line, column
}

// child returns where a step below node begins, and what it leads to.
func child(node *yaml.Node, step string) (key, value *yaml.Node) {
	switch node.Kind { //nolint:exhaustive // nothing is below the others
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i], node.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(node.Content) {
			return node.Content[i], node.Content[i]
		}
	}
	return nil, nil
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
