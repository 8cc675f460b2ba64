package check

import (
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

var (
	lintSegment = regexp.MustCompile(`^(\{[a-z][a-z0-9_]*\}|[a-z0-9.][a-z0-9.-]*)$`)
	lintBraces  = regexp.MustCompile(`\{([^{}]*)\}`)
	lintPascal  = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	lintSnake   = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	lintCamel   = regexp.MustCompile(`^([a-z]+)([A-Z][A-Za-z0-9]*)$`)
)

// lintVerbs are all verbs that an operationId may begin with, by the methods that they belong to.
func lintVerbs() map[string][]string {
	return map[string][]string{
		"GET":    {"get", "list", "search", "count", "export", "download"},
		"HEAD":   {"check"},
		"PUT":    {"replace", "set", "change", "put", "create", "upload"},
		"PATCH":  {"update", "change", "rename"},
		"DELETE": {"delete", "remove", "revoke", "end", "cancel", "clear"},
		"POST": {
			"create", "add", "import", "upload", "send", "search", "restore", "verify", "confirm", "check", "rotate",
			"exchange", "revoke", "introspect", "give", "grant", "accept", "reject", "approve", "publish", "archive",
			"start", "stop", "cancel", "retry", "reset", "move", "copy", "share", "join", "leave", "invite", "enable",
			"disable", "subscribe", "unsubscribe",
		},
	}
}

// lintVerb splits an operationId into its verb and the rest; empty where it is not made so.
func lintVerb(id string) (verb, noun string) {
	if found := lintCamel.FindStringSubmatch(id); found != nil {
		return found[1], found[2]
	}
	return "", ""
}

// operationNames holds operationIds against the verb-noun rule.
func (l *linter) operationNames() {
	first := map[string]*lintOperation{}
	for _, o := range l.operations {
		at, id := o.at+Pointer("operationId"), o.spec.OperationID
		if id == "" {
			l.addf("operation-id", o.at, "%s has no operationId: name it by a verb and a noun, as in createPost", o.title)
			continue
		}
		if other := first[id]; other != nil {
			l.addf("operation-id", at, "%s is the operationId of %s %s too: rename one of them", id, other.method, other.path)
			continue
		}
		first[id] = o
		verb, noun := lintVerb(id)
		verbs := lintVerbs()[o.method]
		switch {
		case noun == "":
			l.addf("verb-noun", at, "%s is no verb and noun in camelCase: name it as in createPost", id)
		case !slices.Contains(verbs, verb):
			l.addf("verb-noun", at, "%s: %q is no verb of a %s: take one of %s", id, verb, o.method, lintSome(verbs))
		}
	}
}

// lintSome names a few.
func lintSome(words []string) string {
	const few = 6
	if len(words) > few {
		return strings.Join(words[:few], ", ") + " …"
	}
	return strings.Join(words, ", ")
}

// names holds names of schemas, properties and parameters against how they are written.
func (l *linter) names() {
	for _, s := range l.schemas {
		switch {
		case s.kind == lintComponent && !lintPascal.MatchString(s.name):
			l.addf("schema-name", s.at, "%s is not in PascalCase: name it as in UserCreate", s.name)
		case s.kind == lintProperty && !lintSnake.MatchString(s.name):
			l.addf("name", s.at, "%s is not in snake_case: name it as in created_at", s.title)
		}
		for name, property := range s.schema.Properties { // those that are references were not visited
			if property != nil && property.Ref != "" && !lintSnake.MatchString(name) {
				l.addf("name", s.at+Pointer("properties", name), "%s.%s is not in snake_case: name it as in created_at",
					s.title, name)
			}
		}
	}
	for _, p := range l.declared {
		if p.parameter.In != openapi3.ParameterInHeader && !lintSnake.MatchString(p.parameter.Name) {
			l.addf("name", p.at+Pointer("name"), "%s is not in snake_case: name it as in created_at", p.title)
		}
	}
}

// tags holds the tags of operations against those of the document.
func (l *linter) tags() {
	used := map[string]bool{}
	for _, o := range l.operations {
		if len(o.spec.Tags) == 0 {
			l.addf("tag", o.at, "%s has no tag: give it one of the document", o.title)
		}
		for i, name := range o.spec.Tags {
			used[name] = true
			if l.document.Tags.Get(name) == nil {
				l.addf("tag", o.at+Pointer("tags", i), "%s has the tag %s, which is not declared: add it to tags", o.title, name)
			}
		}
	}
	for i, tag := range l.document.Tags {
		if !used[tag.Name] {
			l.addf("tag", Pointer("tags", i), "no operation has the tag %s: take it out", tag.Name)
		}
	}
}
