package check

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plaza-api/plaza/internal/contract"
)

// lintIgnoreKey silences rules for the thing that it stands beside, and for what is written within that thing.
// References lead out of it.
const lintIgnoreKey = "x-lint-ignore"

// lintPrefix begins the ids of the rules of lint.
const lintPrefix = "lint/"

// ignored is one rule that is silenced.
type ignored struct {
	at     string // of the thing
	key    string // as it is written; without a layer it is a rule of lint
	reason string
	used   bool
}

func (i *ignored) pointer() string { return i.at + Pointer(lintIgnoreKey, i.key) }

// rule is the id of the rule.
func (i *ignored) rule() string {
	if strings.Contains(i.key, "/") {
		return i.key
	}
	return lintPrefix + i.key
}

// ignored are all rules of a layer that the contract silences, in the order of the file.
func (s *Source) ignored(prefix string) []*ignored {
	var all []*ignored
	s.walk(func(at string, object *yaml.Node) {
		_, value := contract.Child(object, lintIgnoreKey)
		if value == nil || value.Kind != yaml.MappingNode {
			return // of which lint complains
		}
		for i := 0; i+1 < len(value.Content); i += 2 {
			one := &ignored{at: at, key: value.Content[i].Value, reason: strings.TrimSpace(value.Content[i+1].Value)}
			if strings.HasPrefix(one.rule(), prefix) {
				all = append(all, one)
			}
		}
	})
	return all
}

// silence drops the findings in the contract that are silenced, and notes what has silenced one. Without a reason too:
// that it lacks is told instead.
func silence(findings []Finding, all []*ignored) []Finding {
	return slices.DeleteFunc(findings, func(f Finding) bool {
		silenced := false
		for _, one := range all {
			if f.File == "" && f.Rule == one.rule() && strings.HasPrefix(f.Pointer+"/", one.at+"/") {
				one.used, silenced = true, true
			}
		}
		return silenced
	})
}

// ignore drops what is silenced, and complains of what silences nothing or makes no sense. Rules of the layer sql are
// that layer's to heed; other layers heed none.
func (l *linter) ignore() {
	l.source.walk(func(at string, object *yaml.Node) {
		_, value := contract.Child(object, lintIgnoreKey)
		if value != nil && (value.Kind != yaml.MappingNode || len(value.Content) == 0) {
			l.addf("ignore", at+Pointer(lintIgnoreKey), "%s must be {rule: reason}, as in {max-length: why}", lintIgnoreKey)
		}
	})
	all := slices.DeleteFunc(l.source.ignored(""), func(one *ignored) bool {
		return strings.HasPrefix(one.key, sqlPrefix)
	})
	l.findings = silence(l.findings, slices.DeleteFunc(slices.Clone(all), func(one *ignored) bool {
		return !lintCanIgnore(one.key)
	}))
	for _, one := range all {
		switch {
		case !lintCanIgnore(one.key):
			l.addf("ignore", one.pointer(),
				"there is no rule %s of lint that can be silenced: plazadev check rules lint tells them", one.key)
		case one.reason == "":
			l.addf("ignore", one.pointer(), "say why %s is silenced here: {%s: reason}", one.key, one.key)
		case !one.used:
			l.addf("ignore", one.pointer(), "%s silences nothing here: take it out", one.key)
		}
	}
}

// lintCanIgnore tells whether there is such a rule, and whether it may be silenced: not what stops the server.
func lintCanIgnore(name string) bool {
	for _, rule := range lintRules() {
		if rule.ID == lintPrefix+name {
			return name != "ignore" && name != "contract" && name != "openapi"
		}
	}
	return false
}

// lintNamed are keys below which keys are names, and not keywords.
func lintNamed(key string) bool {
	switch key {
	case "properties", "patternProperties", "schemas", "parameters", "headers", "requestBodies", "responses", "examples",
		"securitySchemes", "paths", "webhooks", "content", "$defs", "callbacks", "links", "mapping", "variables", "scopes":
		return true
	}
	return false
}

// walk calls visit with each object of the document; not with those that are data, such as examples.
func (s *Source) walk(visit func(pointer string, object *yaml.Node)) {
	if s.root.Kind == yaml.DocumentNode && len(s.root.Content) > 0 {
		lintWalkNode("", s.root.Content[0], false, visit)
	}
}

func lintWalkNode(at string, node *yaml.Node, names bool, visit func(string, *yaml.Node)) {
	switch node.Kind { //nolint:exhaustive // nothing is below the others; what an alias stands for is visited where it is
	case yaml.SequenceNode:
		for i, item := range node.Content {
			lintWalkNode(at+Pointer(i), item, false, visit)
		}
	case yaml.MappingNode:
		if !names {
			visit(at, node)
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i].Value, node.Content[i+1]
			if !names && (lintIsData(key) || key == "examples" && value.Kind == yaml.SequenceNode) {
				continue
			}
			lintWalkNode(at+Pointer(key), value, !names && lintNamed(key), visit)
		}
	}
}

// lintIsData tells of keywords whose values are examples of what is sent, and no part of the document.
func lintIsData(key string) bool {
	switch key {
	case "example", "default", "enum", "const", "value", lintIgnoreKey:
		return true
	}
	return false
}
