package check

import (
	"context"
	"fmt"
	"strings"
)

// keyUntested marks what no test can see, with the reason.
const keyUntested = "x-untested"

func coverageLayer() Layer {
	return Layer{
		Name: "coverage",
		Help: "What of the contract no test has seen, by the record that make test leaves.",
		Rules: []Rule{
			{
				ID: "coverage/operation", Severity: Error,
				Help: "No test has called the operation: write one, or mark the operation with x-untested and the reason.",
			},
			{
				ID: "coverage/status", Severity: Error,
				Help: "No test has seen the operation answer so: write one, take the status out, or mark it with x-untested " +
					"and the reason.",
			},
			{
				ID: "coverage/parameter", Severity: Warning,
				Help: "No test has sent the parameter in a request that was taken.",
			},
			{
				ID: "coverage/schema", Severity: Warning,
				Help: "No test has sent or got a value of the schema: write one, or take out what nothing uses.",
			},
			{
				ID: "coverage/property", Severity: Warning,
				Help: "No test has got the property in an answer, or sent it in a request that was taken.",
			},
			{
				ID: "coverage/mark", Severity: Warning,
				Help: "A mark with x-untested must give a reason, and must stand on nothing that a test sees: else it would hide " +
					"that the test is gone.",
			},
		},
		Run: runCoverage,
	}
}

func runCoverage(_ context.Context, p *Project) ([]Finding, error) {
	source, err := p.Contract()
	if err != nil {
		return nil, err
	}
	seen, err := readRecord(p.Path(p.Record))
	if err != nil {
		return nil, err
	}
	findings, needless := emptyMarks(source), map[string]bool{}
	for _, thing := range coverable(source.Document) {
		switch missing := !seen[thing.fact]; {
		case missing && !thing.hidden(seen):
			findings = append(findings, Finding{
				Rule: "coverage/" + thing.kind, Pointer: thing.pointer,
				Message: fmt.Sprintf("No test has %s: write one, or say why not with %s", thing.seeing, keyUntested),
			})
		case !missing && thing.mark != "" && !needless[thing.mark]:
			needless[thing.mark] = true // told once, however many things it hides
			findings = append(findings, Finding{
				Rule: "coverage/mark", Pointer: thing.mark,
				Message: fmt.Sprintf("A test has %s: take %s away", thing.seeing, keyUntested),
			})
		}
	}
	return findings, nil
}

// emptyMarks finds marks without a reason.
func emptyMarks(s *Source) []Finding {
	var findings []Finding
	s.marks(func(pointer, reason string) {
		if strings.TrimSpace(reason) == "" {
			findings = append(findings, Finding{
				Rule: "coverage/mark", Pointer: pointer,
				Message: keyUntested + " must say why no test can see this",
			})
		}
	})
	return findings
}
