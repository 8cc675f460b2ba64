package check

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
)

// The keys of policies that rules ask for.
const (
	lintRateLimit  = "x-rate-limit"
	lintTimeout    = "x-timeout"
	lintBodyLimit  = "x-body-limit"
	lintIdempotent = "x-idempotent"
)

// policies asks for what each operation has to state.
func (l *linter) policies() {
	for _, o := range l.operations {
		if o.spec.Security == nil && len(l.document.Security) == 0 {
			l.addf("security", o.at, "%s does not say who may call it: state security, [] where anyone may", o.title)
		}
		if o.spec.Extensions[lintRateLimit] == nil {
			l.addf("rate-limit", o.at, "%s has no rate limit: state x-rate-limit, as in {requests: 60, per: 60s}, or none",
				o.title)
		}
		if o.spec.Extensions[lintTimeout] == nil {
			l.addf("timeout", o.at, "%s has no time-out: state x-timeout, as in 5s", o.title)
		}
		if o.spec.RequestBody != nil && o.spec.Extensions[lintBodyLimit] == nil {
			l.addf("body-limit", o.at, "%s takes a body of any size: state x-body-limit, as in 64KiB", o.title)
		}
		if o.spec.RequestBody != nil && (o.method == http.MethodGet || o.method == http.MethodHead) {
			l.addf("get-body", o.at+Pointer("requestBody"),
				"%s is a %s and has a body: send it as parameters, or make it a POST", o.title, o.method)
		}
		l.idempotency(o)
	}
}

func (l *linter) idempotency(o *lintOperation) {
	states, takes := o.spec.Extensions[lintIdempotent] == true, o.header("Idempotency-Key") != nil
	switch {
	case states && !takes:
		l.addf("idempotency-key", o.at+Pointer(lintIdempotent),
			"%s is idempotent and takes no Idempotency-Key: declare the header parameter", o.title)
	case takes && !states:
		l.addf("idempotency-key", o.at, "%s takes an Idempotency-Key that does nothing: state x-idempotent: true", o.title)
	}
}

// parameters are those of the operation and of its path.
func (o *lintOperation) parameters() []*openapi3.Parameter {
	var all []*openapi3.Parameter
	for _, ref := range slices.Concat(o.item.Parameters, o.spec.Parameters) {
		if ref != nil && ref.Value != nil {
			all = append(all, ref.Value)
		}
	}
	return all
}

// header returns the header parameter of that name; nil where there is none.
func (o *lintOperation) header(name string) *openapi3.Parameter {
	for _, p := range o.parameters() {
		if p.In == openapi3.ParameterInHeader && strings.EqualFold(p.Name, name) {
			return p
		}
	}
	return nil
}

// security is what the operation asks of callers, else the document.
func (l *linter) security(o *lintOperation) openapi3.SecurityRequirements {
	if o.spec.Security != nil {
		return *o.spec.Security
	}
	return l.document.Security
}

// isPlaza tells a contract of Plaza's own kind, which the server could be started with, by its policies.
func (l *linter) isPlaza() bool {
	return slices.ContainsFunc(l.operations, func(o *lintOperation) bool {
		return o.spec.Extensions[lintRateLimit] != nil || o.spec.Extensions[lintTimeout] != nil
	})
}

// lintTold are the rules that say what internal/contract says about a key, in words for reviewers.
func lintTold() map[string]string {
	return map[string]string{
		"security": "lint/security", lintRateLimit: "lint/rate-limit", lintTimeout: "lint/timeout",
		lintBodyLimit: "lint/body-limit", "requestBody": "lint/get-body",
	}
}

// refused tells what the OpenAPI Specification refuses, else what the server would refuse at its start.
func (l *linter) refused(ctx context.Context) {
	for _, c := range contract.Invalid(ctx, l.document) {
		if lintSaysItself(c.Err) {
			continue
		}
		message, _, _ := strings.Cut(c.Message, "\n")
		l.findings = append(l.findings,
			Finding{Rule: "lint/openapi", Line: max(c.Line, 1), Column: c.Column, Message: message})
	}
	if !l.isPlaza() || slices.ContainsFunc(l.findings, func(f Finding) bool { return f.Rule == "lint/openapi" }) {
		return
	}
	told := map[string]bool{}
	for _, f := range l.findings {
		line, column := l.source.Place(f.Pointer)
		told[lintPlaced(f.Rule, line, column)] = true
	}
	for _, c := range contract.Complaints(l.document, httpapi.Rules()) {
		if !told[lintPlaced(lintTold()[c.Key], c.Line, c.Column)] {
			l.findings = append(l.findings,
				Finding{Rule: "lint/contract", Line: max(c.Line, 1), Column: c.Column, Message: c.Message})
		}
	}
}

// lintSaysItself tells of what kin-openapi refuses and a rule says in words for reviewers.
func lintSaysItself(err error) bool {
	_, parameters := errors.AsType[*openapi3.PathParametersError](err)
	_, repeated := errors.AsType[*openapi3.DuplicateOperationIDError](err)
	return parameters || repeated
}

// lintPlaced is a rule at a place.
func lintPlaced(rule string, line, column int) string {
	return fmt.Sprintf("%s:%d:%d", rule, line, column)
}
