package check

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
)

// verdict says what a change of policy means to who calls.
type verdict int

const (
	unchanged verdict = iota
	loosened
	tightened
	renamed // SDKs call it something else
)

// stated is one operation with its policy, as one of the contracts states it.
type stated struct {
	id, path, pointer string
	spec              *openapi3.Operation
	policy            contract.Policy
	security          openapi3.SecurityRequirements
}

// policyChanges are what oasdiff does not see: security, and the x- keys.
func policyChanges(before, after *Source) []clientChange {
	was, is := statedBy(before), statedBy(after)
	var changes []clientChange
	for _, call := range slices.Sorted(maps.Keys(is)) {
		old, known := was[call]
		if !known {
			continue
		}
		for _, row := range policyRows() {
			changes = append(changes, row.compare(old, is[call])...)
		}
	}
	changes = append(changes, schemaPolicyChanges(before, after)...)
	return append(changes, sharedHeaderChanges(before, after)...)
}

// pathParameter is a parameter in a path. Two paths are one where they differ by its name alone.
var pathParameter = regexp.MustCompile(`\{([^}]*)\}`)

// statedBy are the operations of a contract by method and path.
func statedBy(s *Source) map[string]stated {
	all := map[string]stated{}
	for path, item := range s.Document.Paths.Map() {
		for method, spec := range item.Operations() {
			call := method + " " + pathParameter.ReplaceAllString(path, "{}")
			o := stated{
				id: cmp.Or(spec.OperationID, method+" "+path), path: path, pointer: Pointer("paths", path, strings.ToLower(method)),
				spec: spec, policy: contract.ReadPolicy(spec), security: s.Document.Security,
			}
			if spec.Security != nil {
				o.security = *spec.Security
			}
			all[call] = o
		}
	}
	return all
}

// policyRow compares one key of an operation.
type policyRow struct {
	key string
	// judge says what has become of it.
	judge func(was, is stated) verdict
	// because says of what is stricter what it does to callers.
	because string
}

// policyRows are the keys of operations that clients may notice. Where a value is stated neither before nor after, or
// cannot be read, it is the same.
func policyRows() []policyRow {
	return []policyRow{
		{"security", judgeSecurity, "callers who were let in are refused"},
		{
			"x-roles", func(was, is stated) verdict { return judgeAnyOf(was.policy.Roles, is.policy.Roles) },
			"callers who were let in are refused",
		},
		{"x-owner", judgeOwner, "members reach only their own"},
		{
			"x-rate-limit",
			func(was, is stated) verdict { return judgeLimit(was.policy.RateLimit, is.policy.RateLimit) },
			"calls that were answered get 429",
		},
		{"x-failed-sign-ins", judgeSignIns, "sign-ins that were looked at are refused"},
		{
			"x-ignore-unknown",
			func(was, is stated) verdict { return judgeGiven(was.policy.IgnoreUnknown, is.policy.IgnoreUnknown) },
			"query parameters that nobody knows are refused",
		},
		{"x-cache", judgeCache, "browsers and CDNs ask again sooner"},
		{"x-replica", judgeReplica, ""},
		{
			"x-idempotent",
			func(was, is stated) verdict { return judgeGiven(was.policy.Idempotent, is.policy.Idempotent) },
			"a repeated call has its effect again",
		},
		{"x-body-limit", judgeBodyLimit, "bodies that were taken get 413"},
		{
			"x-timeout",
			func(was, is stated) verdict { return judgeMost(was.policy.Timeout, is.policy.Timeout) },
			"calls that were answered get 504",
		},
		{"x-sdk-name", judgeName, "the SDKs' functions are called that"},
	}
}

func (r policyRow) compare(was, is stated) []clientChange {
	change := clientChange{Finding: Finding{Pointer: is.pointer + Pointer(r.key)}}
	words := fmt.Sprintf("%s: %s is %s, and was %s", is.id, r.key, is.words(r.key), was.words(r.key))
	change.Rule, change.weight = rulePolicy, isRepair
	switch r.judge(was, is) {
	case unchanged:
		return nil
	case loosened:
	case tightened:
		change.Rule, change.weight = ruleStricter, isIncompatible
		words += ": " + r.because
	case renamed:
		change.Rule, change.weight = ruleIncompatible, isIncompatible
		words += ": " + r.because
	}
	change.Message = words
	return []clientChange{change}
}

// words are what an operation says under a key.
func (o stated) words(key string) string {
	if key == "security" {
		return securityWords(o.security)
	}
	return valueWords(o.spec.Extensions[key])
}

// valueWords writes a value of the contract in one line: "100 per 60s", "admin, service", "none".
func valueWords(value any) string {
	switch v := value.(type) {
	case nil:
		return "not stated"
	case []any:
		return strings.Join(argumentTexts(v), ", ")
	case map[string]any:
		if requests, per := v["requests"], v["per"]; requests != nil && per != nil {
			return fmt.Sprintf("%v per %v", requests, per)
		}
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, key+" "+valueWords(v[key]))
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprint(value)
}

// securityWords writes who may call: "anyone, or oauth with users:read".
func securityWords(alternatives openapi3.SecurityRequirements) string {
	if len(alternatives) == 0 {
		return "anyone"
	}
	words := make([]string, len(alternatives))
	for i, alternative := range alternatives {
		var schemes []string
		for _, scheme := range slices.Sorted(maps.Keys(alternative)) {
			if scopes := alternative[scheme]; len(scopes) > 0 {
				scheme += " with " + strings.Join(scopes, " and ")
			}
			schemes = append(schemes, scheme)
		}
		words[i] = cmp.Or(strings.Join(schemes, " and "), "anyone")
	}
	return strings.Join(words, " or ")
}
