package check

import (
	"cmp"
	"strings"

	"github.com/oasdiff/oasdiff/checker"
	"go.yaml.in/yaml/v3"

	"github.com/plaza-api/plaza/internal/contract"
)

// locator finds pointers in the text of one contract.
type locator struct {
	source *Source
	// byPlace has the pointer of each key and item by its line and column; the outermost where several begin there.
	byPlace map[[2]int]string
	// paths has the paths by what is left of them without the names of their parameters.
	paths map[string]string
}

func newLocator(source *Source) *locator {
	l := &locator{source: source, byPlace: map[[2]int]string{}, paths: map[string]string{}}
	l.index(l.top(), "")
	for path := range source.Document.Paths.Map() {
		l.paths[pathParameter.ReplaceAllString(path, "{}")] = path
	}
	return l
}

// operation is where the operation of a change stands, whatever the parameters of its path are called here; empty where
// the change has none.
func (l *locator) operation(change checker.Change) string {
	if change.GetPath() == "" {
		return ""
	}
	path := cmp.Or(l.paths[pathParameter.ReplaceAllString(change.GetPath(), "{}")], change.GetPath())
	return Pointer("paths", path, strings.ToLower(change.GetOperation()))
}

// top is the object that the contract is.
func (l *locator) top() *yaml.Node {
	if l.source.root.Kind == yaml.DocumentNode && len(l.source.root.Content) > 0 {
		return l.source.root.Content[0]
	}
	return l.source.root
}

func (l *locator) index(node *yaml.Node, pointer string) {
	switch node.Kind { //nolint:exhaustive // nothing is below the others, and an alias is where its anchor is
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			l.note(node.Content[i], node.Content[i+1], pointer+Pointer(node.Content[i].Value))
		}
	case yaml.SequenceNode:
		for i, item := range node.Content {
			l.note(item, item, pointer+Pointer(i))
		}
	}
}

func (l *locator) note(key, value *yaml.Node, pointer string) {
	place := [2]int{key.Line, key.Column}
	if _, taken := l.byPlace[place]; !taken {
		l.byPlace[place] = pointer
	}
	l.index(value, pointer)
}

// pointerOf returns what begins at a place that oasdiff names; empty where nothing does.
func (l *locator) pointerOf(place *checker.Source) string {
	if place == nil {
		return ""
	}
	return l.byPlace[[2]int{place.Line, place.Column}]
}

// maxReferences is how many references are followed one to the next; more are a circle.
const maxReferences = 20

// settled follows the references of what pointer leads to, until it is no reference; nil where it leads nowhere.
func (l *locator) settled(pointer string) (*yaml.Node, string) {
	for range maxReferences {
		node := l.top()
		for _, step := range Steps(pointer) {
			if _, node = contract.Child(node, step); node == nil {
				return nil, ""
			}
		}
		_, reference := contract.Child(node, "$ref")
		if reference == nil || !strings.HasPrefix(reference.Value, "#/") {
			return node, pointer
		}
		pointer = strings.TrimPrefix(reference.Value, "#")
	}
	return nil, ""
}

// has tells whether a pointer leads anywhere, without a reference on its way.
func (l *locator) has(pointer string) bool {
	node := l.top()
	for _, step := range Steps(pointer) {
		if _, node = contract.Child(node, step); node == nil {
			return false
		}
	}
	return true
}

// below returns where a step below pointer stands, be it behind references; empty where there is none.
func (l *locator) below(pointer string, steps ...string) string {
	for _, step := range steps {
		node, at := l.settled(pointer)
		if node == nil {
			return ""
		}
		if _, value := contract.Child(node, step); value == nil {
			return ""
		}
		pointer = at + Pointer(step)
	}
	return pointer
}

// property returns where a property stands that oasdiff names by its path below a schema: data/items/items/name.
func (l *locator) property(schema, path string) string {
	for name := range strings.SplitSeq(path, "/") {
		next := l.below(schema, "properties", name)
		if next == "" && name == "items" {
			next = l.below(schema, "items")
		}
		if next == "" {
			return ""
		}
		schema = next
	}
	return schema
}

// nearest returns pointer, or the nearest of its parents that is there: of what was removed the path, the operation or
// the schema, rather than the list that it stood in.
func (l *locator) nearest(pointer string) string {
	steps, node, standing := Steps(pointer), l.top(), 0
	for _, step := range steps {
		if _, node = contract.Child(node, step); node == nil {
			break
		}
		standing++
	}
	if standing < len(steps) && standing > 1 {
		switch steps[standing-1] {
		case "properties", "responses", "headers", "content", "parameters", "patternProperties":
			standing--
		}
	}
	return pointerTo(steps[:standing])
}

// pointerTo is [Pointer] of steps.
func pointerTo(steps []string) string {
	var b strings.Builder
	for _, step := range steps {
		b.WriteString(Pointer(step))
	}
	return b.String()
}
