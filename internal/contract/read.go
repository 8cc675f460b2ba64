package contract

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// Read reads a document, of any version 3, with the places of its parts. Of one that cannot be read the complaints tell
// all that is in the way, in the order of the file.
func Read(source []byte) (*openapi3.T, []Complaint) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	document, err := loader.LoadFromData(source)
	switch {
	case err != nil:
		return nil, explain(source, err)
	case document.OpenAPI == "" || document.Info == nil:
		return nil, []Complaint{{Line: 1, Column: 1, Message: "it is no OpenAPI document: openapi and info are missing"}}
	case isJSON(source): // of which the loader takes the last of two keys
		if _, fault := wholeTree(source); fault != nil {
			return nil, explain(source, fault)
		}
	}
	return document, nil
}

// explain finds the places of what the loader, which stops at the first fault and seldom knows its place, says of a
// document.
func explain(source []byte, err error) []Complaint {
	root, fault := wholeTree(source)
	r := &report{}
	if fault != nil {
		r.addLines(fault)
		return r.sorted()
	}
	if len(root.Content) > 0 {
		r.addReferences(root.Content[0], err)
		r.addMisshapen(root.Content[0]) // takes out what it finds, and references may lead there
	}
	if len(r.complaints) == 0 {
		r.complaints = []Complaint{{Line: 1, Column: 1, Message: err.Error()}}
	}
	return r.sorted()
}

// wholeTree is Tree, but for keys that are there twice, which are an error.
func wholeTree(source []byte) (*yaml.Node, error) {
	root, err := Tree(source)
	if err == nil {
		err = root.Decode(new(any))
	}
	return root, err //nolint:wrapcheck // it has the line
}

func isJSON(source []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(source), []byte("{")) }

// jsonEscape is an escape in a text of JSON, or a pair of them that is one character (RFC 8259, section 7).
var jsonEscape = regexp.MustCompile(`(?i)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\.`)

// Tree reads the text of a document, with the places of its parts. YAML is a superset of JSON but for pairs of
// escapes, which are read as their character.
func Tree(source []byte) (*yaml.Node, error) {
	root := &yaml.Node{}
	if isJSON(source) {
		source = jsonEscape.ReplaceAllFunc(source, func(escape []byte) []byte {
			var character string
			if len(escape) <= len(`\n`) || json.Unmarshal([]byte(`"`+string(escape)+`"`), &character) != nil {
				return escape
			}
			return []byte(character)
		})
	}
	return root, yaml.Unmarshal(source, root) //nolint:wrapcheck // it has the line
}

// yamlFault is one fault as the YAML reader tells it.
var yamlFault = regexp.MustCompile(`^line (\d+): (.+)$`)

// addLines takes what the YAML reader says, one fault a line.
func (r *report) addLines(err error) {
	for text := range strings.Lines(err.Error()) {
		text = strings.TrimPrefix(strings.TrimSpace(text), "yaml: ")
		c := Complaint{Line: 1, Column: 1, Message: text}
		if found := yamlFault.FindStringSubmatch(text); found != nil {
			c.Line, _ = strconv.Atoi(found[1]) // digits
			c.Message = found[2]
		}
		if !strings.HasSuffix(text, "unmarshal errors:") { // else a heading
			r.complaints = append(r.complaints, c)
		}
	}
}

// wrongTarget is how the loader says that a reference leads to something of another kind.
var wrongTarget = regexp.MustCompile(`^bad data in "([^"]+)" \(expecting (?:ref to )?(.+?)(?: object)?\)`)

// addReferences finds the references that lead nowhere, out of the document, or to what they must not.
func (r *report) addReferences(root *yaml.Node, err error) {
	found := wrongTarget.FindStringSubmatch(err.Error())
	walkReferences(root, func(reference *yaml.Node) {
		c := Complaint{Key: "$ref", Line: reference.Line, Column: reference.Column}
		pointer, local := strings.CutPrefix(reference.Value, "#")
		switch {
		case !local:
			c.Message = "$ref leads to " + reference.Value + ": a contract is one file"
		case !leads(root, split(pointer)):
			c.Message = "$ref leads nowhere: there is no " + reference.Value
		case found != nil && found[1] == reference.Value:
			c.Message = "$ref leads to " + reference.Value + ", which is no " + found[2]
		default:
			return
		}
		r.complaints = append(r.complaints, c)
	})
}

// walkReferences visits the values of all $ref but those of examples and other values.
func walkReferences(node *yaml.Node, visit func(*yaml.Node)) {
	for _, p := range parts(node) {
		switch name := p.key.Value; {
		case node.Kind == yaml.SequenceNode:
			walkReferences(p.value, visit)
		case name == "$ref" && p.value.Kind == yaml.ScalarNode:
			visit(p.value)
		case name == "example", name == "default", name == "enum", name == "const", name == "value",
			strings.HasPrefix(name, "x-"):
		default:
			walkReferences(p.value, visit)
		}
	}
}

// leads tells whether steps lead anywhere. Behind another reference it takes that for granted.
func leads(node *yaml.Node, steps []string) bool {
	for _, step := range steps {
		if _, reference := Child(node, "$ref"); reference != nil {
			return true
		}
		if _, node = Child(node, step); node == nil {
			return false
		}
	}
	return true
}
