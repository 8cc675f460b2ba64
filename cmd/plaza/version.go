package main

import "github.com/plaza-api/plaza/internal/app"

type version struct{}

// Run prints the version.
func (version) Run(p *app.Process) error { return app.WriteVersion(p.Stdout) }
