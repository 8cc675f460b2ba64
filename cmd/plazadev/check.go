package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/check"
)

// drift is plazadev check: all layers, or one.
type drift struct {
	Root   string   `default:"."            help:"${helpRoot}" type:"existingdir"`
	Spec   string   `default:"openapi.yaml" help:"${helpSpec}"`
	Base   string   `help:"${helpBase}"     placeholder:"REV"`
	Format string   `default:"text"         enum:"${formats}"  help:"${helpFormat}"`
	Output []string `help:"${helpOutput}"   placeholder:"FILE" sep:"none"           short:"o" type:"path"`
	Notes  bool     `help:"${helpNotes}"`
	Watch  bool     `help:"${helpWatch}"`

	All        all    `cmd:"" default:"withargs"                                        help:"${helpAll}"`
	Lint       layer  `cmd:"" help:"${lint}"`
	Breaking   layer  `cmd:"" help:"${breaking}"`
	Generated  layer  `cmd:"" help:"${generated}"`
	Routes     layer  `cmd:"" help:"${routes}"`
	SQL        layer  `cmd:"" help:"${sql}"                                             name:"sql"`
	Queries    layer  `cmd:"" help:"${queries}"`
	Migrations layer  `cmd:"" help:"${migrations}"`
	SDK        layer  `cmd:"" help:"${sdk}"                                             name:"sdk"`
	Coverage   layer  `cmd:"" help:"${coverage}"`
	Server     server `cmd:"" help:"${server}"`
	Rules      rules  `cmd:"" help:"List what the layers look for, and how to mend it."`
}

// all runs every layer.
type all struct {
	Quick bool `help:"Only the layers that take a few seconds: those without database and server."`

	Skip []string `enum:"${layers}" help:"Layers not to run, divided by commas: ${layers}." placeholder:"LAYER"`
}

// layer is the subcommand of the layer whose name it has.
type layer struct{}

// rules lists the rules.
type rules struct {
	Only string `arg:"" help:"A rule, or a layer." name:"rule" optional:""`
}

// Help shows how check is used.
func (*drift) Help() string {
	return `Each layer holds the contract against one thing that should agree with it.
Exit status: 0 nothing has drifted, 1 findings, 2 a layer could not run.

Examples:

    plazadev check                              all layers
    plazadev check --quick                      those that take a few seconds
    plazadev check lint                         one layer
    plazadev check --watch                      again after each save of the contract
    plazadev check breaking --base v0.1.0       what changes for clients
    plazadev check server https://plaza.example what a server that runs does otherwise
    plazadev check -o review.html -o out.sarif  as files too
    plazadev check rules lint                   what lint looks for
`
}

// Run runs all layers, but those to skip.
func (a all) Run(ctx context.Context, d *drift, p *app.Process) error {
	layers := slices.DeleteFunc(check.Layers(), func(l check.Layer) bool {
		return a.Quick && !l.Quick() || slices.Contains(a.Skip, l.Name)
	})
	return d.run(ctx, p, layers, d.Notes)
}

// Run runs the layer of that name.
func (layer) Run(ctx context.Context, selected *kong.Context, d *drift, p *app.Process) error {
	layers := check.Layers()
	i := slices.IndexFunc(layers, func(l check.Layer) bool { return l.Name == selected.Selected().Name })
	return d.run(ctx, p, layers[i:i+1], true)
}

// Run lists the rules.
func (r rules) Run(p *app.Process) error {
	if err := check.WriteRules(p.Stdout, check.Rules(), r.Only, style(p, p.Stdout)); err != nil {
		return app.Exit(check.ExitUnable, err)
	}
	return nil
}

func (d *drift) run(ctx context.Context, p *app.Process, layers []check.Layer, notes bool) (err error) {
	for _, file := range d.Output {
		if _, err := check.FormatOf(file); err != nil {
			return app.Exit(check.ExitUnable, err)
		}
	}
	project, err := check.Open(d.Root)
	if err != nil {
		return app.Exit(check.ExitUnable, err)
	}
	project.ContractFile, project.BaseRevision = d.Spec, d.Base
	defer func() { err = errors.Join(err, project.Close()) }()
	if d.Watch {
		return d.watch(ctx, p, project, layers)
	}
	report := shown(ctx, p, project, layers)
	if ctx.Err() != nil {
		return app.Exit(check.ExitUnable, context.Cause(ctx))
	}
	if err := d.write(p, report, notes); err != nil {
		return app.Exit(check.ExitUnable, err)
	}
	if code := report.ExitCode(); code != check.ExitClean {
		return app.Exit(code, nil)
	}
	return nil
}

// shown runs layers, and shows meanwhile on a terminal which one.
func shown(ctx context.Context, p *app.Process, project *check.Project, layers []check.Layer) check.Report {
	if !isTerminal(p.Stderr) {
		return check.Run(ctx, project, layers, nil)
	}
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	progress := check.NewProgress(p.Stderr, len(layers), time.Now, ticker.C)
	defer progress.End()
	return check.Run(ctx, project, layers, progress.Begin)
}

// write writes the report to standard output, and to the files that are wanted.
func (d *drift) write(p *app.Process, report check.Report, notes bool) error {
	s := style(p, p.Stdout)
	s.Notes = notes
	if err := check.Write(p.Stdout, d.Format, report, s); err != nil {
		return err
	}
	for _, name := range d.Output {
		format, err := check.FormatOf(name)
		if err != nil {
			return err
		}
		if err := writeFile(name, os.O_TRUNC, format, report); err != nil {
			return err
		}
	}
	// GitHub shows on the page of the run what is in this file.
	if summary := variable(p, "GITHUB_STEP_SUMMARY"); summary != "" && d.Format == "github" {
		return writeFile(summary, os.O_APPEND, "markdown", report)
	}
	return nil
}

func writeFile(name string, flag int, format string, report check.Report) (err error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|flag, 0o644) //nolint:gosec // others may read it
	if err != nil {
		return fmt.Errorf("the report: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return check.Write(file, format, report, check.Style{Notes: true})
}

// style is how to write to out: in colour on a terminal, unless NO_COLOR or a dumb one forbids it, and where
// FORCE_COLOR asks for it; as wide as the terminal.
func style(p *app.Process, out io.Writer) check.Style {
	s := check.Style{Color: isTerminal(out)}
	if file, ok := out.(*os.File); ok && s.Color {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			s.Width = width
		}
	}
	if force := variable(p, "FORCE_COLOR"); force != "" {
		s.Color = force != "0"
	}
	if variable(p, "NO_COLOR") != "" || variable(p, "TERM") == "dumb" {
		s.Color = false
	}
	return s
}

// variable is one of the environment; empty where it is not set.
func variable(p *app.Process, name string) string {
	for _, pair := range slices.Backward(p.Environ) { // the last one counts
		if value, found := strings.CutPrefix(pair, name+"="); found {
			return value
		}
	}
	return ""
}

// vars are what the grammar of check says about formats and layers: ${formats}, and the help of a layer by its name.
func vars() kong.Vars {
	var formats, extensions, layers []string
	for _, f := range check.Formats() {
		formats = append(formats, f.Name)
		if f.Extension != "" {
			extensions = append(extensions, f.Extension)
		}
	}
	vars := kong.Vars{}
	for _, l := range check.Layers() {
		layers = append(layers, l.Name)
		vars[l.Name] = l.Help
	}
	vars["server"] = check.ServerLayer(check.ServerOptions{}).Help
	vars["formats"], vars["layers"] = strings.Join(formats, ","), strings.Join(layers, ",")
	vars["helpBase"] = "The git revision, or the file of a contract, to compare with. Default: on a branch its merge " +
		"base with main, else the last tag v1.2.3."
	vars["helpRoot"] = "The project's folder."
	vars["helpSpec"] = "The contract, below the project's folder."
	vars["helpNotes"] = "Show notes one by one, also where all layers run."
	vars["helpURL"] = "Where the server is, as https://plaza.example."
	vars["helpToken"] = "An access token, to look at more than what anyone may; or PLAZA_TOKEN."
	vars["helpAll"] = "Run all layers below but server."
	vars["helpWatch"] = "Run again after each save of the contract: the layers that need nothing but files. " +
		"Ctrl-C ends it."
	vars["helpFormat"] = "How findings are written to standard output: " + vars["formats"] + "."
	vars["helpOutput"] = "Write to a file too, in the format of its extension, " + strings.Join(extensions, " ") +
		". May be repeated."
	return vars
}
