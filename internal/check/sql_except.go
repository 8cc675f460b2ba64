package check

import (
	"fmt"
	"slices"
)

// sqlPrefix begins the rules of this layer, also in x-lint-ignore.
const sqlPrefix = "sql/"

// sqlExcept takes out the findings that an x-lint-ignore around them silences, and adds what is wrong with those.
func sqlExcept(source *Source, findings []Finding) []Finding {
	exceptions := source.ignored(sqlPrefix)
	kept := silence(findings, exceptions)
	for _, e := range exceptions {
		var message string
		switch {
		case !slices.ContainsFunc(sqlRules(), func(r Rule) bool { return r.ID == e.key }):
			message = "there is no rule " + e.key + ": name one that plazadev check sql has, or take it away"
		case e.reason == "":
			message = "the exception from " + e.key + " says no reason: say why SQL cannot agree"
		case !e.used:
			message = fmt.Sprintf("nothing here breaks %s any more: take the exception away", e.key)
		default:
			continue
		}
		kept = append(kept, Finding{
			Rule: "sql/exception", Pointer: e.pointer(), Message: message,
		})
	}
	return kept
}
