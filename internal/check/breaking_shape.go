package check

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"

	"github.com/plaza-api/plaza/internal/contract"
)

// shapeChanges are what oasdiff sees: paths, operations, parameters, bodies, answers, schemas. It sees no x- keys.
func shapeChanges(before, after *Source) ([]clientChange, error) {
	for _, source := range []*Source{before, after} {
		if err := endlessLists(source); err != nil {
			return nil, err
		}
	}
	difference, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(),
		&load.SpecInfo{Url: before.File, Spec: perOperation(before.Document)},
		&load.SpecInfo{Url: after.File, Spec: perOperation(after.Document)})
	if err != nil {
		return nil, fmt.Errorf("comparing the contracts: %w", err)
	}
	found := checker.CheckBackwardCompatibilityUntilLevel(
		checker.NewConfig(checker.GetAllChecks()), difference, sources, checker.INFO)
	c := &shapes{
		before: newLocator(before), after: newLocator(after), localize: checker.NewDefaultLocalizer(),
		byKey: map[string]*shapeChange{},
	}
	for _, change := range found {
		c.add(change)
	}
	return c.joined(), nil
}

// weightOf decides what a change that oasdiff found means to clients of this kind of API. Errors of oasdiff are
// incompatible; that holds among others for
//   - a new value of an enumeration in answers: the SDKs' types and validators are closed;
//   - a wider limit in answers (maxLength, maxItems): the validators of @plaza/client/zod would refuse them;
//   - a property of an answer that may be null, or absent, from now on;
//   - a new header or query parameter that is required.
//
// So are its warnings, which is what it calls a change of which it cannot know: a removed query parameter or property
// of a body is refused here, since bodies are closed; a pattern is never known to be wider. An answer with another
// error status is compatible: clients treat one that they do not know as x00 of its class (RFC 9110, section 15).
func weightOf(change checker.Change) weight {
	id := change.GetId()
	switch {
	// What policyChanges compares, with scopes and alternatives.
	case strings.HasPrefix(id, "api-security-") && !strings.HasPrefix(id, "api-security-component-"),
		strings.HasPrefix(id, "api-global-security-"):
		return weighsNothing
	// What versionFindings says.
	case strings.HasSuffix(id, "-version-not-bumped"), id == "api-version-decreased":
		return weighsNothing
	}
	switch id {
	case "api-removed-with-deprecation", "api-path-removed-with-deprecation", "request-property-removed-with-deprecation",
		"response-required-property-removed-with-deprecation":
		return isIncompatible // it was announced, and is gone all the same
	case "response-optional-property-removed", "optional-response-header-removed":
		return isIncompatible // optional says that it depends, as posts does on include=posts, not that nobody reads it
	case "api-operation-id-removed", "api-tag-removed":
		return isIncompatible // SDKs call an operation by the two: plaza.users.getMe
	case "request-parameter-removed", "request-parameter-removed-with-deprecation":
		if in, _ := parameterOf(change); in == "header" || in == "cookie" {
			return isAddition // who still sends it is not refused
		}
		return isIncompatible
	}
	if change.GetLevel() >= checker.WARN {
		return isIncompatible
	}
	return isAddition
}

// parameterOf finds place and name of a parameter among the arguments of a change.
func parameterOf(change checker.Change) (in, name string) {
	arguments := change.GetArgs()
	for i := range len(arguments) - 1 {
		switch in, _ := arguments[i].(string); in {
		case "query", "path", "header", "cookie":
			name, _ := arguments[i+1].(string)
			return in, name
		}
	}
	if change.GetId() == "new-request-path-parameter" && len(arguments) == 1 {
		name, _ := arguments[0].(string)
		return "path", name
	}
	return "", ""
}

// subject is the pointer of what a change is about, in the tree's contract, or in the base's where it is there alone.
func (s *shapes) subject(change checker.Change) string {
	if pointer := s.named(change); pointer != "" {
		return pointer
	}
	was, is := s.before.pointerOf(change.GetBaseSource()), s.after.pointerOf(change.GetRevisionSource())
	operation := s.after.operation(change)
	gone := is == "" && was != "" && (!s.after.has(was) || isItem(was)) // or one of a list that goes on
	switch {
	case is != "" && (was == "" || componentOf(was) == componentOf(is)):
		return is
	case gone:
		return was
	}
	// A reference leads somewhere else now, and both ends of it are as they were.
	for _, path := range argumentTexts(change.GetArgs()) {
		if pointer := s.property(s.after, change, path); pointer != "" {
			return pointer
		}
	}
	if pointer := s.after.parameter(change); pointer != "" {
		return pointer
	}
	switch {
	case operation != "" && s.after.has(operation):
		return operation
	case is != "":
		return is
	}
	return was
}

// named is the pointer of what oasdiff names but places at the end of a reference; empty for all else.
func (s *shapes) named(change checker.Change) string {
	id, arguments, operation := change.GetId(), argumentTexts(change.GetArgs()), s.after.operation(change)
	either := func(find func(l *locator) string) string {
		if pointer := find(s.after); pointer != "" {
			return pointer
		}
		return find(s.before)
	}
	switch {
	case operation == "" || len(arguments) == 0:
	case id == "api-operation-id-removed":
		return operation + "/operationId"
	case strings.Contains(id, "success-status-"):
		return operation + Pointer("responses", arguments[0])
	case strings.HasSuffix(id, "response-header-added"), strings.HasSuffix(id, "response-header-removed"):
		return either(func(l *locator) string {
			return l.below(l.operation(change), "responses", arguments[len(arguments)-1], "headers", arguments[0])
		})
	case strings.HasSuffix(id, "-request-parameter"), id == "new-request-path-parameter",
		strings.HasPrefix(id, "request-parameter-removed"):
		return either(func(l *locator) string { return l.parameter(change) })
	case strings.Contains(id, "property-added"), strings.Contains(id, "property-removed"),
		strings.HasPrefix(id, "new-required-request-property"), id == "new-optional-request-property":
		return either(func(l *locator) string { return s.property(l, change, arguments[0]) })
	}
	return ""
}

// parameter returns where an operation has the parameter that a change names; empty where it has it not.
func (l *locator) parameter(change checker.Change) string {
	in, name := parameterOf(change)
	operation := l.operation(change)
	if name == "" || operation == "" {
		return ""
	}
	item, _ := cutLast(operation)
	for _, list := range []string{operation + "/parameters", item + "/parameters"} {
		node, at := l.settled(list)
		if node == nil {
			continue
		}
		for i := range node.Content {
			item, _ := l.settled(at + Pointer(i))
			if item == nil {
				continue
			}
			_, itsIn := contract.Child(item, "in")
			_, itsName := contract.Child(item, "name")
			if itsIn != nil && itsName != nil && itsIn.Value == in && itsName.Value == name {
				return at + Pointer(i)
			}
		}
	}
	return ""
}

// property returns where the property stands that a change of a body or an answer names by its path.
func (s *shapes) property(l *locator, change checker.Change, path string) string {
	body := l.operation(change) + "/requestBody"
	if strings.Contains(change.GetId(), "response") {
		arguments := argumentTexts(change.GetArgs())
		body = l.operation(change) + Pointer("responses", arguments[len(arguments)-1])
	}
	content, at := l.settled(l.below(body, "content"))
	if content == nil {
		return ""
	}
	for i := 0; i+1 < len(content.Content); i += 2 {
		schema := l.below(at+Pointer(content.Content[i].Value), "schema")
		if schema == "" {
			continue
		}
		if pointer := l.property(schema, path); pointer != "" {
			return pointer
		}
	}
	return ""
}

// componentOf is the beginning of a pointer that names a component, or an operation.
func componentOf(pointer string) string {
	steps := Steps(pointer)
	return pointerTo(steps[:min(len(steps), 3)])
}

// isItem tells whether a pointer is that of an item of a list, and not that of a status.
func isItem(pointer string) bool {
	steps := Steps(pointer)
	if len(steps) < 2 || steps[len(steps)-2] == "responses" {
		return false
	}
	return strings.Trim(steps[len(steps)-1], "0123456789") == ""
}

// argumentTexts are arguments as oasdiff would write them.
func argumentTexts(arguments []any) []string {
	all := make([]string, len(arguments))
	for i, argument := range arguments {
		if number, ok := argument.(float64); ok {
			all[i] = strconv.FormatFloat(number, 'f', -1, 64) // 9007199254740991, not 9.007199254740991e+15
			continue
		}
		all[i] = fmt.Sprint(argument)
	}
	return all
}
