package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// schemaPolicies are the x- keys of schemas and properties that clients may notice, and what becomes of a change.
// x-column and x-computed are about storage.
func schemaPolicies() map[string]struct {
	judge   func(was, is any) verdict
	because string
} {
	type policy = struct {
		judge   func(was, is any) verdict
		because string
	}
	any2 := func(judge func(was, is []string) verdict) func(was, is any) verdict {
		return func(was, is any) verdict { return judge(textsOf(was), textsOf(is)) }
	}
	return map[string]policy{
		"x-roles":  {any2(judgeAnyOf), "who could set it is refused"},
		"x-scopes": {any2(judgeAllOf), "who could set it is refused"},
		// Either way something goes wrong that went well: white space that was trimmed is refused, or what counted is gone.
		"x-trim":           {func(_, _ any) verdict { return tightened }, "white space at the ends counts otherwise"},
		"x-rule":           {judgeRule, "values that were taken may be refused"},
		"x-validate-items": {judgeRule, "items that were taken may be refused"},
		"x-messages":       {func(_, _ any) verdict { return loosened }, ""},
	}
}

// judgeRule: of a rule in code only its name is known.
func judgeRule(_, is any) verdict {
	if is == nil {
		return loosened
	}
	return tightened
}

// words are the texts of a list; none of anything else.
func textsOf(value any) []string {
	list, _ := value.([]any)
	return argumentTexts(list)
}

// schemaPolicyChanges compares the keys of schemaPolicies, wherever they stand in both contracts.
func schemaPolicyChanges(before, after *Source) []clientChange {
	was, is := schemaKeys(before), schemaKeys(after)
	policies := schemaPolicies()
	places := maps.Clone(was)
	maps.Copy(places, is)
	var changes []clientChange
	for _, pointer := range slices.Sorted(maps.Keys(places)) {
		holder, key := cutLast(pointer)
		if valueWords(was[pointer]) == valueWords(is[pointer]) || !hasPointer(before, holder) || !hasPointer(after, holder) {
			continue
		}
		policy := policies[key]
		change := clientChange{weight: isRepair, Finding: Finding{Rule: rulePolicy, Pointer: pointer}}
		change.Message = fmt.Sprintf("%s: %s is %s, and was %s",
			schemaName(holder), key, valueWords(is[pointer]), valueWords(was[pointer]))
		switch policy.judge(was[pointer], is[pointer]) {
		case unchanged:
			continue
		case tightened:
			change.Rule, change.weight = ruleStricter, isIncompatible
			change.Message += ": " + policy.because
		case loosened, renamed:
		}
		changes = append(changes, change)
	}
	return changes
}

// schemaName is what people call what a pointer leads to: UserPatch.email, or the pointer where it has no name.
func schemaName(pointer string) string {
	steps := Steps(pointer)
	if len(steps) < 3 || steps[0] != "components" {
		return pointer
	}
	below := slices.DeleteFunc(steps[3:], func(step string) bool { return step == "properties" })
	return strings.Join(append(steps[2:3], below...), ".")
}

// schemaKeys finds the keys of schemaPolicies by their pointers. x-roles of operations are none of them.
func schemaKeys(s *Source) map[string]any {
	policies, found := schemaPolicies(), map[string]any{}
	var visit func(node *yaml.Node, pointer string)
	visit = func(node *yaml.Node, pointer string) {
		switch node.Kind { //nolint:exhaustive // nothing is below the others, and an alias is where its anchor is
		case yaml.DocumentNode:
			visit(node.Content[0], pointer)
		case yaml.SequenceNode:
			for i, item := range node.Content {
				visit(item, pointer+Pointer(i))
			}
		case yaml.MappingNode:
			for i := 0; i+1 < len(node.Content); i += 2 {
				key, below := node.Content[i].Value, pointer+Pointer(node.Content[i].Value)
				var value any
				_, known := policies[key]
				if known && !isOperation(pointer) && node.Content[i+1].Decode(&value) == nil {
					found[below] = value
				}
				visit(node.Content[i+1], below)
			}
		}
	}
	visit(s.root, "")
	return found
}

// isOperation tells whether a pointer leads to an operation.
func isOperation(pointer string) bool {
	return strings.HasPrefix(pointer, "/paths/") && strings.Count(pointer, "/") == 3
}

// sharedHeaderChanges compares the headers that any answer may carry.
func sharedHeaderChanges(before, after *Source) []clientChange {
	const key = "x-response-headers"
	was, is := textsOf(before.Document.Extensions[key]), textsOf(after.Document.Extensions[key])
	var changes []clientChange
	for _, name := range was {
		if !slices.Contains(is, name) {
			changes = append(changes, clientChange{weight: isIncompatible, Finding: Finding{
				Rule: ruleIncompatible, Pointer: Pointer(key), Message: "answers no longer carry " + name + ": keep it in " + key,
			}})
		}
	}
	for _, name := range is {
		if !slices.Contains(was, name) {
			changes = append(changes, clientChange{weight: isAddition, Finding: Finding{
				Rule: ruleChange, Pointer: Pointer(key), Message: "answers may carry " + name,
			}})
		}
	}
	return changes
}

// cutLast divides a pointer into that of what holds it and its last step.
func cutLast(pointer string) (holder, key string) {
	i := strings.LastIndexByte(pointer, '/')
	return pointer[:i], Steps(pointer[i:])[0]
}

// hasPointer tells whether a contract has what a pointer leads to.
func hasPointer(s *Source, pointer string) bool { return (&locator{source: s}).has(pointer) }
