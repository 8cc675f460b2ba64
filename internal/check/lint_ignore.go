package check

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// lintIgnoreKey silences rules for the thing that it stands beside, and for what is written within that thing.
// References lead out of it.
const lintIgnoreKey = "x-lint-ignore"

// lintIgnored is one rule that is silenced.
type lintIgnored struct {
	at     string // of the thing
	rule   string
	reason string
	used   bool
}

func (i *lintIgnored) pointer() string { return i.at + Pointer(lintIgnoreKey, i.rule) }

// ignore drops what is silenced, and complains of what silences nothing.
func (l *linter) ignore() {
	byRule := map[string][]*lintIgnored{}
	var all []*lintIgnored
	l.source.walk(func(at string, object *yaml.Node) {
		for _, one := range l.readIgnored(at, object) {
			all = append(all, one)
			byRule["lint/"+one.rule] = append(byRule["lint/"+one.rule], one)
		}
	})
	kept := l.findings[:0]
	for _, f := range l.findings {
		silenced := false
		for _, one := range byRule[f.Rule] {
			if f.Pointer == one.at || strings.HasPrefix(f.Pointer, one.at+"/") {
				one.used, silenced = true, true
			}
		}
		if !silenced {
			kept = append(kept, f)
		}
	}
	l.findings = kept
	for _, one := range all {
		if !one.used {
			l.addf("ignore", one.pointer(), "%s silences nothing here: take it out", one.rule)
		}
	}
}

// readIgnored reads x-lint-ignore of one object, and complains of what makes no sense.
func (l *linter) readIgnored(at string, object *yaml.Node) []*lintIgnored {
	_, value := child(object, lintIgnoreKey)
	if value == nil {
		return nil
	}
	if value.Kind != yaml.MappingNode || len(value.Content) == 0 {
		l.addf("ignore", at+Pointer(lintIgnoreKey), "%s must be {rule: reason}, as in {max-length: why}", lintIgnoreKey)
		return nil
	}
	var found []*lintIgnored
	for i := 0; i+1 < len(value.Content); i += 2 {
		one := &lintIgnored{at: at, rule: value.Content[i].Value, reason: strings.TrimSpace(value.Content[i+1].Value)}
		// Those of other layers are named with their layer, sql/pattern, and are theirs to heed.
		other := strings.Contains(one.rule, "/") && lintIsRule(one.rule)
		switch {
		case other && one.reason != "":
		case !other && !lintCanIgnore(one.rule):
			l.addf("ignore", one.pointer(),
				"there is no rule %s of lint that can be silenced: plazadev check rules lint tells them", one.rule)
		case one.reason == "":
			l.addf("ignore", one.pointer(), "say why %s is silenced here: {%s: reason}", one.rule, one.rule)
			one.used = true // it is told of once
			found = append(found, one)
		default:
			found = append(found, one)
		}
	}
	return found
}

// lintCanIgnore tells whether there is such a rule, and whether it may be silenced: not what stops the server.
func lintCanIgnore(name string) bool {
	for _, rule := range lintRules() {
		if rule.ID == "lint/"+name {
			return name != "ignore" && name != "contract" && name != "openapi"
		}
	}
	return false
}

// lintIsRule tells whether a layer has a rule of that id.
func lintIsRule(id string) bool {
	return slices.ContainsFunc(Rules(), func(r Rule) bool { return r.ID == id })
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
