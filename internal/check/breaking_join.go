package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/oasdiff/oasdiff/checker"
)

// shapes joins what oasdiff tells once for every operation: one change of a shared schema is one finding, at the
// schema.
type shapes struct {
	before, after *locator
	localize      checker.Localizer
	byKey         map[string]*shapeChange
	order         []string
}

// shapeChange is one change, and the operations that it reaches.
type shapeChange struct {
	pointer    string
	weight     weight
	changes    []checker.Change // of that weight, one for each operation, status and media type
	operations []string
}

// add joins a change to those at the same place. Where a limit is tighter for requests and thereby for answers, what is
// incompatible is told, and the other, which follows from it, not.
func (s *shapes) add(change checker.Change) {
	w := weightOf(change)
	if component, ok := change.(checker.ComponentChange); ok && component.Id == "api-schema-removed" {
		w = s.weightOfSchema(component)
	}
	if w == weighsNothing {
		return
	}
	subject := s.subject(change)
	words := strings.Split(change.GetId(), "-")
	family := strings.Join(words[max(0, len(words)-2):], "-")
	key := fmt.Sprint(subject, " ", family, " ", lineOf(change.GetBaseSource()), " ", lineOf(change.GetRevisionSource()))
	if subject == s.after.operation(change) {
		key += fmt.Sprint(change.GetId(), change.GetArgs()) // of two changes that have no better place none is lost
	}
	joined := s.byKey[key]
	if joined == nil || w > joined.weight {
		if joined == nil {
			s.order = append(s.order, key)
		}
		joined = &shapeChange{pointer: s.shown(subject, change), weight: w}
		s.byKey[key] = joined
	}
	if w < joined.weight {
		return
	}
	joined.changes = append(joined.changes, change)
	if name := operationName(change); name != "" && !slices.Contains(joined.operations, name) {
		joined.operations = append(joined.operations, name)
	}
}

// shown is where a finding about subject is shown: of what was removed the nearest place that still stands.
func (s *shapes) shown(subject string, change checker.Change) string {
	if change.GetRevisionSource() == nil && isItem(subject) {
		subject = subject[:strings.LastIndexByte(subject, '/')] // the items behind it have moved up
	}
	return cmp.Or(s.after.nearest(subject), Pointer("openapi")) // which every contract has
}

// weightOfSchema: of an object and of an enumeration the SDKs export the type, by its name.
func (s *shapes) weightOfSchema(change checker.ComponentChange) weight {
	name, _ := change.Args[0].(string)
	schema := s.before.source.Document.Components.Schemas[name]
	if schema == nil || schema.Value == nil || !schema.Value.Type.Is("object") && len(schema.Value.Enum) == 0 {
		return weighsNothing
	}
	return isIncompatible
}

func lineOf(place *checker.Source) string {
	if place == nil {
		return ""
	}
	return fmt.Sprintf("%d:%d", place.Line, place.Column)
}

// operationName is what people call the operation of a change.
func operationName(change checker.Change) string {
	return cmp.Or(change.GetOperationId(), strings.TrimSpace(change.GetOperation()+" "+change.GetPath()))
}

// joined are the findings.
func (s *shapes) joined() []clientChange {
	all := make([]clientChange, 0, len(s.order))
	for _, key := range s.order {
		c := s.byKey[key]
		rule := ruleChange
		if c.weight == isIncompatible {
			rule = ruleIncompatible
		}
		all = append(all, clientChange{
			weight: c.weight, Finding: Finding{Rule: rule, Pointer: c.pointer, Message: s.sentence(c)},
		})
	}
	return all
}

// maxNamed is how many operations a finding names.
const maxNamed = 3

// listOperations lists operations: three at most, and how many there are.
func listOperations(operations []string) string {
	n := len(operations)
	switch {
	case n > maxNamed:
		return fmt.Sprintf("%d operations (%s and %d more)", n, strings.Join(operations[:maxNamed], ", "), n-maxNamed)
	case n > 1:
		return strings.Join(operations[:n-1], ", ") + " and " + operations[n-1]
	case n == 1:
		return operations[0]
	}
	return ""
}

// sentence says what has changed, and for which operations.
func (s *shapes) sentence(c *shapeChange) string {
	first := c.changes[0]
	if words, ok := shapeWords()[first.GetId()]; ok {
		return words(operationName(first), first)
	}
	text := s.localize(first.GetId(), inCode(commonArguments(c.changes))...)
	if api, ok := first.(checker.ApiChange); ok && api.Details != "" && len(c.changes) == 1 {
		text += " " + api.Details
	}
	if operations := listOperations(c.operations); operations != "" {
		return operations + ": " + text
	}
	return text
}

// shapeWords are sentences for what oasdiff says too shortly, by its id.
func shapeWords() map[string]func(operation string, change checker.Change) string {
	call := func(operation string, c checker.Change) string {
		if c.GetOperationId() == "" {
			return operation // which is method and path
		}
		return fmt.Sprintf("%s (%s %s)", operation, c.GetOperation(), c.GetPath())
	}
	gone := func(operation string, c checker.Change) string {
		return call(operation, c) + " is gone: keep it, deprecated, until nobody calls it"
	}
	return map[string]func(string, checker.Change) string{
		"api-removed-without-deprecation":      gone,
		"api-removed-before-sunset":            gone,
		"api-removed-with-deprecation":         gone,
		"api-path-removed-without-deprecation": gone,
		"api-path-removed-before-sunset":       gone,
		"api-path-removed-with-deprecation":    gone,
		"endpoint-added":                       func(o string, c checker.Change) string { return call(o, c) + " is new" },
		"endpoint-deprecated":                  func(o string, _ checker.Change) string { return o + " is deprecated" },
		"endpoint-reactivated": func(o string, _ checker.Change) string {
			return o + " is no longer deprecated"
		},
		"api-operation-id-removed": func(o string, c checker.Change) string {
			return fmt.Sprintf("%s is called %v now, and so are its functions in the SDKs: keep the operationId",
				o, c.GetArgs()[1])
		},
		"api-tag-removed": func(o string, c checker.Change) string {
			return fmt.Sprintf("%s has no longer the tag %v, under which the SDKs have it: keep the tag", o, c.GetArgs()[0])
		},
		"api-tag-added": func(o string, c checker.Change) string {
			return fmt.Sprintf("%s has the tag %v", o, c.GetArgs()[0])
		},
		"api-schema-removed": func(_ string, c checker.Change) string {
			return fmt.Sprintf("the schema %v is gone, and with it the SDKs' type of that name: keep the name", c.GetArgs()[0])
		},
	}
}

// inCode puts arguments in the quotes of code.
func inCode(arguments []string) []any {
	all := make([]any, len(arguments))
	for i, argument := range arguments {
		all[i] = inBackticks(argument)
	}
	return all
}

// commonArguments are those of changes that are the same but for where they are seen: paths of properties shrink to
// the end that they share, of statuses each is named.
func commonArguments(changes []checker.Change) []string {
	common := argumentTexts(changes[0].GetArgs())
	for i := range common {
		var values []string
		for _, change := range changes {
			if change.GetId() != changes[0].GetId() || len(change.GetArgs()) != len(common) {
				continue
			}
			if value := argumentTexts(change.GetArgs()[i : i+1])[0]; !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
		switch {
		case len(values) == 1:
		case slices.ContainsFunc(values, func(value string) bool { return strings.Contains(value, "/") }):
			common[i] = commonEnd(values)
		default:
			slices.Sort(values)
			common[i] = strings.Join(values, "`, `")
		}
	}
	return common
}

// commonEnd returns the steps at the end that all paths share; the last step of the first where they share none.
func commonEnd(paths []string) string {
	end := strings.Split(paths[0], "/")
	for _, path := range paths[1:] {
		steps := strings.Split(path, "/")
		n := 0
		for n < min(len(end), len(steps)) && end[len(end)-1-n] == steps[len(steps)-1-n] {
			n++
		}
		end = end[len(end)-n:]
	}
	if len(end) == 0 {
		return paths[0][strings.LastIndexByte(paths[0], '/')+1:]
	}
	return strings.Join(end, "/")
}
