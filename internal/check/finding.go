package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a finding means for the exit status.
type Severity string

// The severities. Errors and warnings are findings; notes tell what changed, and never fail.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Rule is one thing that a layer looks for.
type Rule struct {
	ID       string // "layer/name"
	Severity Severity
	// Help says in one or two sentences why it matters and how to mend it.
	Help string
}

// Finding is one place where something has drifted.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	// File is relative to the project, with slashes; the URL of a server that was asked.
	File string `json:"file"`
	// Line and Column count from 1; 0 means all of the file.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Pointer leads to the place in the contract (RFC 6901); empty where it is not there.
	Pointer string `json:"pointer,omitempty"`
	// Message is one sentence, on one line: what is wrong, and what to do.
	Message string `json:"message"`
}

// Layer returns the layer whose rule it is.
func (f Finding) Layer() string {
	layer, _, _ := strings.Cut(f.Rule, "/")
	return layer
}

// Place is where the finding is, as editors take it: file:line:column.
func (f Finding) Place() string {
	switch {
	case f.Line == 0:
		return f.File
	case f.Column == 0:
		return fmt.Sprintf("%s:%d", f.File, f.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
	}
}

// Faulty is an error of what the layers share: a contract or a schema that cannot be read is a finding, told once,
// whichever layers wanted it.
type Faulty struct{ Findings []Finding }

// Error joins what was found.
func (f *Faulty) Error() string {
	lines := make([]string, len(f.Findings))
	for i, one := range f.Findings {
		lines[i] = one.Place() + ": " + one.Message
	}
	return strings.Join(lines, "\n")
}

// order sorts findings by file, line, column and rule, and drops repeats.
func order(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(findings)
}
