package check

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"strings"
)

const (
	// around is how many lines are shown before and after that of a finding.
	around = 2
	// longestExcerpt is how much is shown of a line, in characters.
	longestExcerpt = 240
)

//go:embed report.html
var pageTemplate string

// writeHTML writes one page that needs nothing else: no network, no script.
func writeHTML(w io.Writer, r Report, _ Style) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"seconds": func(result Result) string { return strings.TrimSpace(seconds(result.Took)) },
		"plural":  plural,
		"marked":  func(result Result) []string { mark, words := result.mark(); return []string{mark, words} },
	}).Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("report.html: %w", err)
	}
	return t.Execute(w, newPage(r)) //nolint:wrapcheck // Write says what it is
}

// page is what report.html shows.
type page struct {
	Report

	Verdict  string
	Mood     string // clean, findings or unable
	Counts   []pageCount
	Sections []pageSection
	Failed   []Result
}

type pageCount struct {
	Severity Severity
	Count    int
}

type pageSection struct {
	section

	Rules []pageRule
}

// pageRule is a rule with what it has found.
type pageRule struct {
	Rule

	Findings []pageFinding
}

type pageFinding struct {
	Finding

	Excerpt []excerptLine
}

type excerptLine struct {
	Number int
	Text   string
	Marked bool
}

func newPage(r Report) page {
	p := page{
		Report: r, Verdict: r.verdict(),
		Mood: map[int]string{ExitClean: "clean", ExitFindings: "findings", ExitUnable: "unable"}[r.ExitCode()],
	}
	counts := tally(r.Findings())
	for _, severity := range []Severity{Error, Warning, Note} {
		p.Counts = append(p.Counts, pageCount{Severity: severity, Count: counts[severity]})
	}
	for _, result := range r.Results {
		if result.Err != nil {
			p.Failed = append(p.Failed, result)
		}
	}
	excerpts := excerpts{tree: r.Tree, lines: map[string][]string{}}
	help := map[string]Rule{}
	for _, rule := range r.Rules {
		help[rule.ID] = rule
	}
	sections := r.sections()
	// What changes for clients stands below what breaks them.
	for _, i := range []int{breaksSection, changesSection, policySection, sqlSection, sdkSection, elseSection} {
		shown := pageSection{section: sections[i]}
		for _, f := range sections[i].Findings {
			one := pageFinding{Finding: f}
			if i != changesSection { // a changelog is read for its words
				one.Excerpt = excerpts.of(f)
			}
			shown.add(one, help)
		}
		p.Sections = append(p.Sections, shown)
	}
	return p
}

// add puts a finding below its rule.
func (s *pageSection) add(f pageFinding, help map[string]Rule) {
	for i := range s.Rules {
		if s.Rules[i].ID == f.Rule {
			s.Rules[i].Findings = append(s.Rules[i].Findings, f)
			return
		}
	}
	s.Rules = append(s.Rules, pageRule{
		Rule: Rule{ID: f.Rule, Severity: f.Severity, Help: help[f.Rule].Help}, Findings: []pageFinding{f},
	})
}

// excerpts reads lines of the tree, each file once.
type excerpts struct {
	tree  fs.FS
	lines map[string][]string
}

// of returns the lines around a finding; none where it has no line, or its file is not in the tree.
func (e excerpts) of(f Finding) []excerptLine {
	lines, read := e.lines[f.File]
	if !read && e.tree != nil {
		if text, err := fs.ReadFile(e.tree, f.File); err == nil {
			lines = strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		}
		e.lines[f.File] = lines
	}
	if f.Line < 1 || f.Line > len(lines) {
		return nil
	}
	var excerpt []excerptLine
	for n := max(f.Line-around, 1); n <= min(f.Line+around, len(lines)); n++ {
		text := []rune(lines[n-1])
		if len(text) > longestExcerpt {
			text = append(text[:longestExcerpt-1], '…')
		}
		excerpt = append(excerpt, excerptLine{Number: n, Text: string(text), Marked: n == f.Line})
	}
	return excerpt
}
