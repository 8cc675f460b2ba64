package check

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fatih/color"
)

// writeText writes what a person reads at a terminal: a line for each layer, below it what it found by file, and a last
// line that says it all.
func writeText(w io.Writer, r Report, style Style) error {
	t := text{style: style, width: widest(r)}
	for _, result := range r.Results {
		t.layer(result)
	}
	t.end(r)
	if _, err := io.WriteString(w, t.String()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

type text struct {
	strings.Builder

	style Style
	width int
}

func (t *text) paint(words string, attributes ...color.Attribute) string {
	c := color.New(attributes...)
	if t.style.Color {
		c.EnableColor()
	} else {
		c.DisableColor()
	}
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
	counts := map[Severity]int{}
	for _, f := range result.Findings {
		counts[f.Severity]++
	}
	mark, words := t.paint("✓", color.FgGreen), "agrees"
	switch found := counted(counts); {
	case result.Err != nil:
		mark, words = t.paint("!", color.FgRed, color.Bold), t.paint("could not run", color.FgRed)
	case counts[Error]+counts[Warning] > 0:
		mark, words = t.paint("✗", color.FgRed, color.Bold), found
	case found != "":
		words += ", " + found
	}
	name := fmt.Sprintf("%-*s", t.width, result.Layer)
	fmt.Fprintf(t, "%s %s  %s  %s\n", mark, t.paint(name, color.Bold), t.paint(seconds(result.Took), color.Faint), words)
	if result.Err != nil {
		fmt.Fprintf(t, "    %s\n", strings.ReplaceAll(result.Err.Error(), "\n", "\n    "))
	}
	t.findings(result.Findings)
}

func (t *text) findings(findings []Finding) {
	file := ""
	for _, f := range findings {
		if f.Severity == Note && !t.style.Notes {
			continue
		}
		if f.File != file {
			file = f.File
			fmt.Fprintf(t, "    %s\n", t.paint(file, color.Underline))
		}
		place := ""
		if f.Line > 0 {
			place = strings.TrimPrefix(f.Place(), f.File+":")
		}
		colors := map[Severity]color.Attribute{Error: color.FgRed, Warning: color.FgYellow, Note: color.FgCyan}
		fmt.Fprintf(t, "    %8s  %s  %s  %s\n", place, t.paint(fmt.Sprintf("%-7s", f.Severity), colors[f.Severity]),
			f.Message, t.paint(f.Rule, color.Faint))
	}
}

// end says how it went.
func (t *text) end(r Report) {
	counts := map[Severity]int{}
	for _, f := range r.Findings() {
		counts[f.Severity]++
	}
	words := "nothing has drifted"
	if found := counted(counts); found != "" {
		words = found
	}
	if r.Base != "" {
		words += ", compared with " + r.Base
	}
	fmt.Fprintf(t, "\n%s %s\n", words, t.paint("("+strings.TrimSpace(seconds(r.Took))+")", color.Faint))
}

// counted says how many there are of each severity; nothing where there are none.
func counted(counts map[Severity]int) string {
	var parts []string
	for _, severity := range []Severity{Error, Warning, Note} {
		if n := counts[severity]; n > 0 {
			parts = append(parts, plural(n, string(severity)))
		}
	}
	return strings.Join(parts, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// seconds is a duration, right-aligned.
func seconds(d time.Duration) string { return fmt.Sprintf("%6.2f s", d.Seconds()) }
