package check

import (
	"context"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
)

// lintLayer looks at the contract alone. It takes any OpenAPI document of version 3.
func lintLayer() Layer {
	return Layer{
		Name:    "lint",
		Help:    "Policies, examples, bounds, names and statuses that the contract lacks or gets wrong.",
		Rules:   lintRules(),
		Watched: true,
		Run: func(ctx context.Context, p *Project) ([]Finding, error) {
			source, err := p.Contract()
			if err != nil {
				return nil, err
			}
			return lint(ctx, source), nil
		},
	}
}

// linter holds one document against the rules.
type linter struct {
	*lintSites

	source   *Source
	document *openapi3.T
	examples *contract.Examples
	findings []Finding
}

// lint returns what the rules find and nobody has silenced.
func lint(ctx context.Context, source *Source) []Finding {
	l := &linter{
		lintSites: lintWalk(source.Document), source: source, document: source.Document,
		examples: contract.NewExamples(source.Document, httpapi.Rules()),
	}
	for _, check := range []func(*linter){
		(*linter).policies, (*linter).statuses, (*linter).answers, (*linter).paths,
		(*linter).descriptions, (*linter).operationNames, (*linter).names, (*linter).tags, (*linter).components,
		(*linter).bounds, (*linter).objects, (*linter).bodies, (*linter).missingExamples, (*linter).faultyExamples,
	} {
		check(l)
	}
	l.refused(ctx)
	l.ignore()
	return l.findings
}

// addf notes a finding of a rule, which is named without its layer, at a pointer.
func (l *linter) addf(rule, pointer, format string, arguments ...any) {
	l.findings = append(l.findings, Finding{
		Rule: "lint/" + rule, Pointer: pointer, Message: fmt.Sprintf(format, arguments...),
	})
}
