package check

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// Format is how a report is written.
type Format struct {
	Name string
	Help string
	// Extension is that of files in this format; empty: it is for standard output alone.
	Extension string
	Write     func(w io.Writer, r Report, style Style) error
}

// Style is what a format may know of where it is read.
type Style struct {
	Color bool
	// Width is where lines are broken, in characters; 0: nowhere.
	Width int
	// Notes shows notes one by one; otherwise they are only counted.
	Notes bool
}

// Formats are all formats; the first one is the default.
func Formats() []Format {
	return []Format{
		{Name: "text", Help: "for a terminal", Write: writeText},
		{Name: "json", Help: "for programs", Extension: ".json", Write: writeJSON},
		{Name: "sarif", Help: "SARIF 2.1.0, for code scanning", Extension: ".sarif", Write: writeSARIF},
		{Name: "github", Help: "annotations of GitHub Actions", Write: writeGitHub},
		{Name: "markdown", Help: "a comment on a pull request", Extension: ".md", Write: writeMarkdown},
		{Name: "html", Help: "one page for a reviewer", Extension: ".html", Write: writeHTML},
	}
}

// FormatOf returns the name of the format that a file's extension stands for.
func FormatOf(file string) (string, error) {
	extensions := []string{}
	for _, f := range Formats() {
		if f.Extension != "" && f.Extension == filepath.Ext(file) {
			return f.Name, nil
		}
		if f.Extension != "" {
			extensions = append(extensions, f.Extension)
		}
	}
	return "", fmt.Errorf("%s must end with one of %s", file, strings.Join(extensions, " "))
}

// Write writes a report in the format of that name.
func Write(w io.Writer, format string, r Report, style Style) error {
	formats := Formats()
	i := slices.IndexFunc(formats, func(f Format) bool { return f.Name == format })
	if i < 0 {
		return fmt.Errorf("there is no format %s", format)
	}
	if err := formats[i].Write(w, r, style); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// tally tells how many findings there are of each severity.
func tally(findings []Finding) map[Severity]int {
	counts := map[Severity]int{}
	for _, f := range findings {
		counts[f.Severity]++
	}
	return counts
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

// verdict says in a few words how it went.
func (r Report) verdict() string {
	words, unable := counted(tally(r.Findings())), 0
	for _, result := range r.Results {
		if result.Err != nil {
			unable++
		}
	}
	switch {
	case unable > 0 && words == "":
		return plural(unable, "layer") + " could not run"
	case unable > 0:
		return words + "; " + plural(unable, "layer") + " could not run"
	case words == "":
		return "nothing has drifted"
	}
	return words
}

// comparison says what was held against what; empty where no layer compares.
func (r Report) comparison() string {
	compares := slices.ContainsFunc(r.Results, func(result Result) bool {
		return result.Layer == "breaking" && result.Err == nil
	})
	switch {
	case r.Base == "" && compares:
		return "compared with nothing, as no release is tagged v1.2.3"
	case r.Base == "":
		return ""
	}
	words := "compared with " + r.Base
	if r.BaseVersion != r.Version && r.BaseVersion != "" {
		words += fmt.Sprintf(" (version %s → %s)", r.BaseVersion, r.Version)
	}
	return words
}

// mark is how a layer's result is told at its beginning, and words are what is told of it.
func (result Result) mark() (mark, words string) {
	counts := tally(result.Findings)
	found := counted(counts)
	switch {
	case result.Err != nil:
		return "!", "could not run"
	case counts[Error]+counts[Warning] > 0:
		return "✗", found
	case found != "":
		return "✓", "agrees, " + found
	}
	return "✓", "agrees"
}

// worstFirst sorts findings by severity; within one they stay in the order of files and lines.
func worstFirst(findings []Finding) []Finding {
	severities := []Severity{Error, Warning, Note}
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b Finding) int {
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
	return sorted
}
