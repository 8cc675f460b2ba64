package check

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// sqlException is one entry of x-lint-ignore that names a rule of this layer.
type sqlException struct {
	rule, reason string
	scope        string // pointer to what it stands in
	used         bool
}

// sqlExcept takes out the findings that an x-lint-ignore around them silences, and adds what is wrong with those.
func sqlExcept(source *Source, findings []Finding) []Finding {
	var exceptions []*sqlException
	sqlExceptions(source.root, "", &exceptions)
	kept := slices.DeleteFunc(findings, func(f Finding) bool {
		silenced := false
		for _, e := range exceptions {
			if f.File == "" && f.Rule == e.rule && strings.HasPrefix(f.Pointer+"/", e.scope+"/") {
				e.used, silenced = true, silenced || e.reason != ""
			}
		}
		return silenced
	})
	for _, e := range exceptions {
		var message string
		switch {
		case !slices.ContainsFunc(sqlRules(), func(r Rule) bool { return r.ID == e.rule }):
			message = "there is no rule " + e.rule + ": name one that plazadev check sql has, or take it away"
		case e.reason == "":
			message = "the exception from " + e.rule + " says no reason: say why SQL cannot agree"
		case !e.used:
			message = fmt.Sprintf("nothing here breaks %s any more: take the exception away", e.rule)
		default:
			continue
		}
		kept = append(kept, Finding{
			Rule: "sql/exception", Pointer: e.scope + Pointer("x-lint-ignore", e.rule), Message: message,
		})
	}
	return kept
}

// sqlExceptions collects the entries below a node of the contract.
func sqlExceptions(node *yaml.Node, pointer string, into *[]*sqlException) {
	switch node.Kind { //nolint:exhaustive // nothing is below the others
	case yaml.DocumentNode:
		for _, child := range node.Content {
			sqlExceptions(child, pointer, into)
		}
	case yaml.SequenceNode:
		for i, child := range node.Content {
			sqlExceptions(child, pointer+Pointer(i), into)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i].Value, node.Content[i+1]
			if key != "x-lint-ignore" {
				sqlExceptions(value, pointer+Pointer(key), into)
				continue
			}
			for j := 0; j+1 < len(value.Content); j += 2 {
				if rule := value.Content[j].Value; strings.HasPrefix(rule, "sql/") {
					reason := strings.TrimSpace(value.Content[j+1].Value)
					*into = append(*into, &sqlException{rule: rule, reason: reason, scope: pointer})
				}
			}
		}
	}
}
