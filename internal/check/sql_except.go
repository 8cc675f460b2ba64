package check

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// sqlPrefix begins the rules of this layer, also in x-lint-ignore.
const sqlPrefix = "sql/"

// sqlException is one entry of x-lint-ignore that names a rule of this layer.
type sqlException struct {
	rule, reason string
	scope        string // pointer to what it stands in
	used         bool
}

// sqlExcept takes out the findings that an x-lint-ignore around them silences, and adds what is wrong with those.
func sqlExcept(source *Source, findings []Finding) []Finding {
	exceptions := sqlExceptions(source)
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
			Rule: "sql/exception", Pointer: e.scope + Pointer(lintIgnoreKey, e.rule), Message: message,
		})
	}
	return kept
}

// sqlExceptions collects the entries of x-lint-ignore that name rules of this layer.
func sqlExceptions(source *Source) []*sqlException {
	var exceptions []*sqlException
	source.walk(func(pointer string, object *yaml.Node) {
		_, ignored := child(object, lintIgnoreKey)
		if ignored == nil || ignored.Kind != yaml.MappingNode {
			return // lint tells of it
		}
		for i := 0; i+1 < len(ignored.Content); i += 2 {
			if rule := ignored.Content[i].Value; strings.HasPrefix(rule, sqlPrefix) {
				reason := strings.TrimSpace(ignored.Content[i+1].Value)
				exceptions = append(exceptions, &sqlException{rule: rule, reason: reason, scope: pointer})
			}
		}
	})
	return exceptions
}
