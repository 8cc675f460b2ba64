package check

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

const (
	// marker tells the comment that is to be replaced by the next one.
	marker = "<!-- plazadev check -->"
	// longestComment is how much is written of findings and layers, in bytes. GitHub takes 65,536 characters of all.
	longestComment = 60_000
	// longestMessage is how much of a message is written, in characters: a contract that cannot be read has long ones.
	longestMessage = 600
)

// writeMarkdown writes a comment on a pull request: the verdict, a table of layers, and what reviewers need.
func writeMarkdown(w io.Writer, r Report, _ Style) error {
	m := markdown{left: longestComment}
	mark := map[int]string{ExitClean: "✅", ExitFindings: "❌", ExitUnable: "⚠️"}[r.ExitCode()]
	fmt.Fprintf(&m.out, "%s\n### %s plazadev check: %s\n\n", marker, mark, r.verdict())
	if comparison := r.comparison(); comparison != "" {
		fmt.Fprintf(&m.out, "C%s.\n\n", escaped(strings.TrimPrefix(comparison, "c")))
	}
	m.layers(r)
	for i, s := range r.sections() {
		if i == changesSection {
			m.folded(s)
		} else {
			m.section(s)
		}
	}
	if m.cut > 0 {
		fmt.Fprintf(&m.out, "\n_%s left out, as a comment must end somewhere: `plazadev check` tells all._\n",
			plural(m.cut, "more finding"))
	}
	_, err := io.WriteString(w, m.out.String())
	return err //nolint:wrapcheck // Write says what it is
}

type markdown struct {
	out  strings.Builder
	left int // bytes
	cut  int // findings
}

func (m *markdown) layers(r Report) {
	fmt.Fprint(&m.out, "| layer | | time |\n|---|---|--:|\n")
	for _, result := range r.Results {
		mark, words := result.mark()
		if result.Err != nil {
			words += ": " + escaped(oneLine(result.Err.Error(), longestMessage))
		}
		took := strings.TrimSpace(seconds(result.Took))
		row := fmt.Sprintf("| %s | %s %s | %s |\n", escaped(result.Layer), mark, words, took)
		m.left -= len(row)
		fmt.Fprint(&m.out, row)
	}
}

// section writes a list of findings; nothing where there are none, or none fits.
func (m *markdown) section(s section) {
	if items := m.items(s.Findings); items != "" {
		fmt.Fprintf(&m.out, "\n#### %s (%d)\n\n%s", s.Title, len(s.Findings), items)
	}
}

// folded writes a list that is unfolded with a click.
func (m *markdown) folded(s section) {
	if items := m.items(s.Findings); items != "" {
		fmt.Fprintf(&m.out, "\n<details><summary>%s (%d)</summary>\n\n%s\n</details>\n", s.Title, len(s.Findings), items)
	}
}

func (m *markdown) items(findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		item := fmt.Sprintf("- **%s** %s<br>%s · %s\n", f.Severity, escaped(oneLine(f.Message, longestMessage)),
			code(f.Place()), code(f.Rule))
		if len(item) > m.left {
			m.cut++
			continue
		}
		m.left -= len(item)
		b.WriteString(item)
	}
	return b.String()
}

// Whatever Markdown, HTML or GitHub would take for more than text: markup, entities, people, issues.
var markup = regexp.MustCompile("[\\\\`*_\\[\\]<>#|~&@$]")

// escaped is text that is shown as it is. GitHub looks for people and issues in what the escapes have become, so that a
// comment has to stand between.
func escaped(text string) string {
	return markup.ReplaceAllStringFunc(text, func(mark string) string {
		switch mark {
		case "@", "#":
			return mark + "<!-- -->"
		case "<":
			return "&lt;"
		case ">":
			return "&gt;"
		case "&":
			return "&amp;"
		}
		return `\` + mark
	})
}

// code is text in a code span, whose fence is longer than any run of backticks in it.
func code(text string) string {
	text = oneLine(text, longestMessage)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}
