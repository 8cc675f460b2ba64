package contract

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// part is what a mapping has under a key, or an item of a list, which is its own key.
type part struct{ key, value *yaml.Node }

// parts are those of a mapping or a list, be it behind an alias; none of all else.
func parts(node *yaml.Node) []part {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	var all []part
	switch node.Kind { //nolint:exhaustive // the others have none
	case yaml.MappingNode:
		for pair := range slices.Chunk(node.Content, 2) {
			all = append(all, part{pair[0], pair[1]})
		}
	case yaml.SequenceNode:
		for _, item := range node.Content {
			all = append(all, part{item, item})
		}
	}
	return all
}

// Child returns where a step below a node begins, and what it leads to, be it behind an alias; nil where there is
// nothing.
func Child(node *yaml.Node, step string) (key, value *yaml.Node) {
	for i, p := range parts(node) {
		if p.key.Value == step && p.key != p.value || p.key == p.value && strconv.Itoa(i) == step {
			return p.key, p.value
		}
	}
	return nil, nil
}

// mostMisshapen bounds how many parts are told that have another type than they must have.
const mostMisshapen = 20

// addMisshapen finds the parts of a document that have another type than they must have. The loader tells the first
// one, and not where it is: so what is around it is left out until nothing can be left out any more. The parts that
// were found are taken out of the document.
func (r *report) addMisshapen(document *yaml.Node) {
	for range mostMisshapen {
		err := refused(values(document))
		if err == nil {
			return
		}
		wrong, holder := part{document, document}, (*yaml.Node)(nil)
		around := func(value any) any { return value }
		for {
			inner, ok := wrong.misshapenPart(around)
			if !ok {
				break
			}
			outer, whole := around, wrong.value
			around = func(value any) any { return outer(built(whole, []part{inner}, func(*yaml.Node) any { return value })) }
			wrong, holder = inner, whole
		}
		name := wrong.key.Value
		if wrong.key == wrong.value {
			name = "this"
		}
		r.complaints = append(r.complaints, Complaint{
			Line: max(wrong.key.Line, 1), Column: max(wrong.key.Column, 1),
			Message: name + " " + sayType(refused(around(values(wrong.value)))),
		})
		if holder == nil {
			return
		}
		remove(holder, wrong)
	}
}

// misshapenPart finds the part of a part because of which a document is refused; around puts a value where it stands.
// There is none where the value itself is to blame.
func (p part) misshapenPart(around func(any) any) (part, bool) {
	only := func(some []part) error { return refused(around(built(p.value, some, values))) }
	all := parts(p.value)
	if len(all) == 0 || only(nil) != nil {
		return part{}, false
	}
	for len(all) > 1 {
		half := all[:len(all)/2]
		if only(half) == nil {
			half = all[len(all)/2:]
		}
		all = half
	}
	return all[0], only(all) != nil
}

// remove takes a part out of the mapping or the list that has it.
func remove(holder *yaml.Node, p part) {
	if holder.Kind == yaml.AliasNode {
		holder = holder.Alias
	}
	at, length := slices.Index(holder.Content, p.key), 1
	if holder.Kind == yaml.MappingNode {
		length = 2
	}
	holder.Content = slices.Delete(holder.Content, at, at+length)
}

// values is a node as readers of JSON give it.
func values(node *yaml.Node) any {
	if node.Kind == yaml.ScalarNode {
		var value any
		if node.Decode(&value) != nil {
			return node.Value
		}
		return value
	}
	return built(node, parts(node), values)
}

// built is a mapping or a list with some of its parts alone, and of each what value makes of it.
func built(node *yaml.Node, some []part, value func(*yaml.Node) any) any {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch node.Kind { //nolint:exhaustive // the others have no parts
	case yaml.MappingNode:
		object := map[string]any{}
		for _, p := range some {
			object[p.key.Value] = value(p.value)
		}
		return object
	case yaml.SequenceNode:
		list := []any{}
		for _, p := range some {
			list = append(list, value(p.value))
		}
		return list
	}
	return values(node)
}

// refused is what the loader says of the types in a document; nil where it takes them all.
func refused(document any) error {
	encoded, err := json.Marshal(document)
	if err != nil {
		return nil //nolint:nilerr // it has a number that JSON has not, and is refused for that
	}
	return json.Unmarshal(encoded, new(openapi3.T)) //nolint:wrapcheck // it is put into words
}

// wrongType is how readers of JSON say that a value has another type.
var wrongType = regexp.MustCompile(`cannot unmarshal (object|array|string|number|bool)(?: (\S+))? into`)

// sayType puts into words that something has another type than it must have.
func sayType(err error) string {
	found := wrongType.FindStringSubmatch(err.Error())
	switch {
	case found == nil:
		return "is refused: " + err.Error()
	case found[2] != "":
		return "must not be " + found[2]
	}
	return "must not be " + map[string]string{
		"object": "an object", "array": "an array", "string": "a string", "number": "a number", "bool": "a boolean",
	}[found[1]]
}
