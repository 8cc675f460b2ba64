package check

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// lintStatus is a status that an operation answers with if, and only if, its policy or shape says so.
type lintStatus struct {
	status int
	// because says in half a sentence why the operation answers with it; empty where it does not.
	because func(l *linter, o *lintOperation) string
	// never says why it cannot; empty where it may. nil: it always may.
	never func(l *linter, o *lintOperation) string
	// or are statuses that say the same.
	or []int
}

// lintStatuses is the table of what policies and statuses have to do with each other.
func lintStatuses() []lintStatus {
	return []lintStatus{
		{status: http.StatusNotModified, because: lintTakes("If-None-Match"), never: lintWithoutCondition},
		{status: http.StatusUnauthorized, because: lintSignsIn, never: lintAnyone},
		{status: http.StatusForbidden, because: lintNeedsMore},
		{status: http.StatusNotFound, because: lintNamesThing},
		{status: http.StatusRequestTimeout, because: lintHasBody, never: lintWithoutBody},
		{status: http.StatusConflict, because: lintIsIdempotent},
		{status: http.StatusPreconditionFailed, because: lintTakes("If-Match"), never: lintWithoutCondition},
		{status: http.StatusRequestEntityTooLarge, because: lintHasBody, never: lintWithoutBody},
		{status: http.StatusUnsupportedMediaType, because: lintHasBody, never: lintWithoutBody},
		{status: http.StatusUnprocessableEntity, because: lintHasInput, or: []int{http.StatusBadRequest}},
		{status: http.StatusPreconditionRequired, because: lintNeedsMatch, never: lintMatchIsOptional},
		{status: http.StatusTooManyRequests, because: lintIsLimited, never: lintUnlimited},
		{status: http.StatusGatewayTimeout, because: lintMayBeLate},
	}
}

func lintStatusRules() []Rule {
	rules := []Rule{{
		"lint/status-unreachable", Warning,
		"A declared status that the policy makes impossible promises an answer that no client will see.",
	}}
	for _, s := range lintStatuses() {
		rules = append(rules, Rule{
			fmt.Sprintf("lint/status-%d", s.status), Error,
			http.StatusText(s.status) + " is declared wherever policy or shape of the operation can bring it about.",
		})
	}
	return rules
}

// statuses holds the declared statuses of each operation against its policy.
func (l *linter) statuses() {
	for _, o := range l.operations {
		for _, s := range lintStatuses() {
			declared := slices.ContainsFunc(append(s.or, s.status), o.declares)
			if because := s.because(l, o); because != "" && !declared {
				l.addf(fmt.Sprintf("status-%d", s.status), o.at+Pointer("responses"),
					"%s %s, and declares no %d: add the response", o.title, because, s.status)
			}
			if s.never == nil || o.spec.Responses.Value(strconv.Itoa(s.status)) == nil {
				continue
			}
			if never := s.never(l, o); never != "" {
				l.addf("status-unreachable", o.at+Pointer("responses", s.status),
					"%s %s, and yet declares %d: take the response out", o.title, never, s.status)
			}
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(o.spec.Responses.Map())), func(code string) bool {
			return code == "default" || strings.HasPrefix(code, "2") || strings.HasPrefix(code, "3")
		}) {
			l.addf("success", o.at+Pointer("responses"), "%s declares no success: add the 2xx that it answers with", o.title)
		}
	}
}

// declares tells whether a status is declared, by itself or with others.
func (o *lintOperation) declares(status int) bool {
	responses := o.spec.Responses
	return responses.Value(strconv.Itoa(status)) != nil || responses.Value("default") != nil ||
		responses.Value(fmt.Sprintf("%dXX", status/100)) != nil
}

func lintTakes(header string) func(*linter, *lintOperation) string {
	return func(_ *linter, o *lintOperation) string {
		return lintWhen(o.header(header) != nil, "takes "+header)
	}
}

func lintWithoutCondition(_ *linter, o *lintOperation) string {
	conditional := slices.ContainsFunc(o.parameters(), func(p *openapi3.Parameter) bool {
		return p.In == openapi3.ParameterInHeader && strings.HasPrefix(strings.ToLower(p.Name), "if-")
	})
	return lintWhen(!conditional, "takes no condition, such as If-Match")
}

func lintSignsIn(l *linter, o *lintOperation) string {
	return lintWhen(slices.ContainsFunc(l.security(o), func(r openapi3.SecurityRequirement) bool { return len(r) > 0 }),
		"takes a token")
}

// lintAnyone leaves out those that count failed sign-ins: they look at credentials of their own.
func lintAnyone(_ *linter, o *lintOperation) string {
	return lintWhen(o.spec.Security != nil && len(*o.spec.Security) == 0 && o.spec.Extensions["x-failed-sign-ins"] == nil,
		"asks nobody who they are")
}

func lintNeedsMore(l *linter, o *lintOperation) string {
	if o.spec.Extensions["x-roles"] != nil {
		return "asks for a role"
	}
	for _, requirement := range l.security(o) {
		for _, scopes := range requirement {
			if len(scopes) > 0 {
				return "asks for a scope"
			}
		}
	}
	return ""
}

func lintNamesThing(_ *linter, o *lintOperation) string {
	return lintWhen(strings.Contains(o.path, "{"), "names a thing in its path")
}

func lintHasBody(_ *linter, o *lintOperation) string {
	return lintWhen(o.spec.RequestBody != nil, "takes a body")
}

func lintWithoutBody(_ *linter, o *lintOperation) string {
	return lintWhen(o.spec.RequestBody == nil, "takes no body")
}

func lintIsIdempotent(_ *linter, o *lintOperation) string {
	return lintWhen(o.spec.Extensions[lintIdempotent] == true,
		"is idempotent, and refuses a second request while the first is at work")
}

func lintHasInput(_ *linter, o *lintOperation) string {
	return lintWhen(o.spec.RequestBody != nil || len(o.parameters()) > 0, "takes what may be invalid")
}

func lintNeedsMatch(_ *linter, o *lintOperation) string {
	p := o.header("If-Match")
	return lintWhen(p != nil && p.Required, "needs If-Match")
}

func lintMatchIsOptional(_ *linter, o *lintOperation) string {
	p := o.header("If-Match")
	return lintWhen(p == nil || !p.Required, "needs no If-Match")
}

func lintIsLimited(_ *linter, o *lintOperation) string {
	_, limited := o.spec.Extensions[lintRateLimit].(map[string]any)
	return lintWhen(limited, "has a rate limit")
}

func lintUnlimited(_ *linter, o *lintOperation) string {
	return lintWhen(o.spec.Extensions[lintRateLimit] == "none" && o.spec.Extensions["x-failed-sign-ins"] == nil,
		"has no limit")
}

// lintMayBeLate takes those that depend on something: what may fail, or be unavailable, may be late as well.
func lintMayBeLate(_ *linter, o *lintOperation) string {
	depends := o.spec.Responses.Value("500") != nil || o.spec.Responses.Value("503") != nil
	return lintWhen(depends && o.spec.Extensions[lintTimeout] != nil, "has a time-out")
}

func lintWhen(holds bool, words string) string {
	if holds {
		return words
	}
	return ""
}
