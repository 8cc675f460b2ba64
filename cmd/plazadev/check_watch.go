package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/check"
)

// watch runs layers until the person has seen enough, which is no failure.
func (d *drift) watch(ctx context.Context, p *app.Process, project *check.Project, layers []check.Layer) error {
	watched := check.Watched(layers)
	switch {
	case len(watched) == 0:
		return app.Exit(check.ExitUnable, fmt.Errorf("--watch: %s needs more than files", layers[0].Name))
	case d.Format != "text" || len(d.Output) > 0:
		return app.Exit(check.ExitUnable, errors.New("--watch writes text alone: leave out --format and --output"))
	}
	s := style(p, p.Stdout)
	s.Notes = d.Notes
	if err := check.Watch(ctx, project, watched, p.Stdout, s, isTerminal(p.Stdout)); err != nil {
		return app.Exit(check.ExitUnable, err)
	}
	return nil
}
