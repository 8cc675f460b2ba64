package check

import (
	"fmt"
	"io"
	"strings"
)

const (
	// mostAnnotations is how many of each kind GitHub shows for one step; the rest it drops.
	mostAnnotations = 10
	// longestLine is how much of a message is written on one line, in characters.
	longestLine = 1000
)

// writeGitHub writes the log of a step of GitHub Actions, with the commands that annotate a change's files: those of
// errors first. What is beyond the annotations that GitHub shows is told as plain lines.
func writeGitHub(w io.Writer, r Report, _ Style) error {
	g := github{left: map[Severity]int{Error: mostAnnotations, Warning: mostAnnotations, Note: mostAnnotations}}
	for _, result := range r.Results {
		if result.Err != nil {
			g.annotate(Error, object{"title": result.Layer + " could not run"}, result.Err.Error())
		}
	}
	told := map[Finding]bool{}
	for _, result := range r.Results {
		mark, words := result.mark()
		fmt.Fprintf(&g.out, "::group::%s %s: %s (%s)\n", mark, result.Layer, words, strings.TrimSpace(seconds(result.Took)))
		for _, f := range worstFirst(result.Findings) {
			if !told[f] {
				g.finding(f)
			}
			told[f] = true
		}
		fmt.Fprint(&g.out, "::endgroup::\n")
	}
	g.end(r)
	_, err := io.WriteString(w, g.out.String())
	return err //nolint:wrapcheck // Write says what it is
}

type github struct {
	out  strings.Builder
	left map[Severity]int // how many more annotations GitHub would show
	more int              // how many it would not
}

func (g *github) finding(f Finding) {
	if g.left[f.Severity] == 0 {
		g.more++
		fmt.Fprintf(&g.out, "%s: %s: %s [%s]\n", plain(f.Place()), f.Severity, plain(f.Message), f.Rule)
		return
	}
	properties := object{"title": f.Rule}
	if !strings.Contains(f.File, "://") { // of a server there is no line to annotate
		properties["file"] = f.File
	}
	if f.Line > 0 {
		properties["line"] = f.Line
	}
	if f.Column > 0 {
		properties["col"] = f.Column
	}
	g.annotate(f.Severity, properties, f.Message)
}

// annotate writes a workflow command.
func (g *github) annotate(severity Severity, properties object, message string) {
	command := map[Severity]string{Error: "error", Warning: "warning", Note: "notice"}[severity]
	var pairs []string
	for _, name := range []string{"file", "line", "col", "title"} {
		if value, ok := properties[name]; ok {
			pairs = append(pairs, name+"="+property(fmt.Sprint(value)))
		}
	}
	message = strings.Join(wrap(message, 0), "\n")
	fmt.Fprintf(&g.out, "::%s %s::%s\n", command, strings.Join(pairs, ","), data(message))
	g.left[severity]--
}

func (g *github) end(r Report) {
	words := r.verdict()
	if comparison := r.comparison(); comparison != "" {
		words += ", " + comparison
	}
	fmt.Fprint(&g.out, plain(words)+"\n")
	if g.more > 0 {
		fmt.Fprintf(&g.out, "%s without an annotation, as GitHub shows %d of each kind: see the groups above\n",
			plural(g.more, "finding"), mostAnnotations)
	}
}

// data is text as workflow commands take it.
func data(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// property is text as the values of their properties take it.
func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(text))
}

// plain is text that no runner takes for a command, wherever in a line it looks for one.
func plain(text string) string {
	return strings.NewReplacer("##[", "## [", "::", ": :").Replace(oneLine(text, longestLine))
}
