package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/check"
)

// drift is plazadev check: all layers, or one.
type drift struct {
	Root   string `default:"."            help:"The project's folder."                                                                 type:"existingdir"`
	Spec   string `default:"openapi.yaml" help:"The contract, below the project's folder."`
	Base   string `help:"The git revision, or the file of a contract, to compare with. Default: on a branch its merge base with main, else the last tag v1.2.3." placeholder:"REV"`
	Format string `default:"text"         enum:"${formats}"                                                                            help:"How findings are written: ${formats}."`
	Output string `help:"Write to a file instead of standard output."                                                                  placeholder:"FILE"                           short:"o" type:"path"`
	Notes  bool   `help:"Show notes one by one, also where all layers run."`

	All all `cmd:"" default:"withargs" help:"Run all layers below but server."`
}

// all runs every layer.
type all struct{}

// layer is the subcommand of the layer whose name it has.
type layer struct{}

// Help shows how check is used.
func (drift) Help() string {
	return `Each layer holds the contract against one thing that should agree with it.
Exit status: 0 nothing has drifted, 1 findings, 2 a layer could not run.

Examples:

    plazadev check                              all layers
    plazadev check lint                         one layer
    plazadev check breaking --base v0.1.0       what changes for clients
    plazadev check --format html -o review.html
`
}

// Run runs all layers.
func (all) Run(ctx context.Context, d *drift, p *app.Process) error {
	return d.run(ctx, p, check.Layers(), d.Notes)
}

// Run runs the layer of that name.
func (layer) Run(ctx context.Context, selected *kong.Context, d *drift, p *app.Process) error {
	layers := check.Layers()
	i := slices.IndexFunc(layers, func(l check.Layer) bool { return l.Name == selected.Selected().Name })
	return d.run(ctx, p, layers[i:i+1], true)
}

func (d *drift) run(ctx context.Context, p *app.Process, layers []check.Layer, notes bool) (err error) {
	project, err := check.Open(d.Root)
	if err != nil {
		return app.Exit(check.ExitUnable, err)
	}
	project.ContractFile, project.BaseRevision = d.Spec, d.Base
	defer func() { err = errors.Join(err, project.Close()) }()
	report := check.Run(ctx, project, layers, nil)
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

// write writes the report to where it is wanted.
func (d *drift) write(p *app.Process, report check.Report, notes bool) (err error) {
	var out io.Writer = p.Stdout
	if d.Output != "" {
		file, err := os.Create(d.Output)
		if err != nil {
			return fmt.Errorf("the report: %w", err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		out = file
	}
	style := check.Style{Color: isTerminal(out) && os.Getenv("NO_COLOR") == "", Notes: notes}
	return check.Write(out, d.Format, report, style)
}

// vars are what the grammar of check says about formats and layers: ${formats}, and the help of a layer by its name.
func vars() kong.Vars {
	names := make([]string, 0, len(check.Formats()))
	for _, f := range check.Formats() {
		names = append(names, f.Name)
	}
	vars := kong.Vars{"formats": strings.Join(names, ",")}
	for _, l := range check.Layers() {
		vars[l.Name] = l.Help
	}
	return vars
}
