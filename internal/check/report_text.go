package check

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fatih/color"
)

// mostOfARule is how many findings of one rule in one file are told where several layers run. A layer that runs alone
// tells all.
const mostOfARule = 20

// writeText writes what a person reads at a terminal: a line for each layer, below it what it found by file, and a last
// line that says it all. What several layers found is told once.
func writeText(w io.Writer, r Report, style Style) error {
	t := text{style: style, width: widest(r), told: map[Finding]bool{}, alone: len(r.Results) == 1}
	for _, result := range r.Results {
		t.layer(result)
	}
	t.end(r)
	_, err := io.WriteString(w, t.out.String())
	return err //nolint:wrapcheck // Write says what it is
}

type text struct {
	out   strings.Builder
	style Style
	width int // of the names of layers
	told  map[Finding]bool
	alone bool // one layer ran
}

func (t *text) paint(words string, attributes ...color.Attribute) string {
	if !t.style.Color {
		return words
	}
	c := color.New(attributes...)
	c.EnableColor()
	return c.Sprint(words)
}

func widest(r Report) int {
	width := 0
	for _, result := range r.Results {
		width = max(width, len(result.Layer))
	}
	return width
}

// layer writes one line on a layer, and its findings by file.
func (t *text) layer(result Result) {
	mark, words := result.mark()
	shade := color.FgRed
	if mark == "✓" {
		shade = color.FgGreen
	}
	mark = t.paint(mark, shade)
	name := t.paint(fmt.Sprintf("%-*s", t.width, result.Layer), color.Bold)
	took := t.paint(seconds(result.Took), color.Faint)
	fmt.Fprintf(&t.out, "%s %s  %s  %s\n", mark, name, took, words)
	if result.Err != nil {
		t.lines("    ", "    ", result.Err.Error(), "")
	}
	t.findings(result.Findings)
}

// findings writes those of one layer, by file.
func (t *text) findings(findings []Finding) {
	for len(findings) > 0 {
		file, end := findings[0].File, 0
		for end < len(findings) && findings[end].File == file {
			end++
		}
		var shown []Finding
		for _, f := range findings[:end] {
			if (f.Severity != Note || t.style.Notes) && !t.told[f] {
				shown = append(shown, f)
				t.told[f] = true
			}
		}
		findings = findings[end:]
		if len(shown) > 0 {
			t.file(file, shown)
		}
	}
}

// file writes the findings of one file.
func (t *text) file(file string, findings []Finding) {
	fmt.Fprintf(&t.out, "    %s\n", t.paint(printable(file), color.Underline))
	width, count := 0, map[string]int{}
	for _, f := range findings {
		width = max(width, len(f.position()))
	}
	colors := map[Severity]color.Attribute{Error: color.FgRed, Warning: color.FgYellow, Note: color.FgCyan}
	for _, f := range findings {
		count[f.Rule]++
		if count[f.Rule] > mostOfARule && !t.alone {
			continue
		}
		place := "      "
		if width > 0 {
			place += fmt.Sprintf("%*s  ", width, f.position())
		}
		severity := t.paint(fmt.Sprintf("%-7s", f.Severity), colors[f.Severity])
		t.lines(place+severity+"  ", strings.Repeat(" ", len(place)+7+2), f.Message, f.Rule)
	}
	for _, f := range findings {
		if more := count[f.Rule] - mostOfARule; more > 0 && !t.alone {
			fmt.Fprintf(&t.out, "      %s\n", t.paint(fmt.Sprintf("and %d more of %s: plazadev check %s",
				more, f.Rule, f.Layer()), color.Faint))
			count[f.Rule] = 0
		}
	}
}

// lines writes words after first, and their further lines after indent, broken at the width; tail ends them faintly.
func (t *text) lines(first, indent, words, tail string) {
	width := t.style.Width - utf8.RuneCountInString(indent)
	lines := wrap(words, width)
	last := len(lines) - 1
	if tail != "" {
		if width > 0 && utf8.RuneCountInString(lines[last]+"  "+tail) > width {
			lines = append(lines, t.paint(tail, color.Faint))
		} else {
			lines[last] += "  " + t.paint(tail, color.Faint)
		}
	}
	for _, line := range lines {
		fmt.Fprint(&t.out, first+line+"\n")
		first = indent
	}
}

// end says how it went.
func (t *text) end(r Report) {
	words := r.verdict()
	if comparison := r.comparison(); comparison != "" {
		words += ", " + comparison
	}
	fmt.Fprintf(&t.out, "\n%s %s\n", words, t.paint("("+strings.TrimSpace(seconds(r.Took))+")", color.Faint))
	counts := tally(r.Findings())
	if notes := counts[Note]; notes > 0 && !t.style.Notes {
		fmt.Fprint(&t.out, t.paint("--notes shows the notes", color.Faint)+"\n")
	}
	if counts[Error]+counts[Warning] > 0 {
		fmt.Fprintln(&t.out, t.paint("plazadev check rules tells what each rule is for, and how to mend it", color.Faint))
	}
}

// position is the line and the column; empty where it is all of the file.
func (f Finding) position() string {
	return strings.TrimPrefix(strings.TrimPrefix(f.Place(), f.File), ":")
}

// seconds is a duration, right-aligned.
func seconds(d time.Duration) string { return fmt.Sprintf("%6.2f s", d.Seconds()) }
