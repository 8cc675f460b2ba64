package main

import (
	"context"
	"time"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/check"
)

// server asks a server that runs.
type server struct {
	URL     string        `arg:""              help:"${helpURL}"                   name:"url"`
	Token   string        `help:"${helpToken}"`
	Timeout time.Duration `default:"10s"       help:"How long an answer may take."`
}

// Help says what is sent.
func (server) Help() string {
	return `Asks for everything that may be read, and for what must be refused; it never writes, not even on a server
that looks at nothing. Requests go one after the other, 200 at most.

Examples:

    plazadev check server https://plaza.example
    PLAZA_TOKEN=$(plaza token) plazadev check server http://127.0.0.1:8080
`
}

// Run asks the server.
func (s server) Run(ctx context.Context, d *drift, p *app.Process) error {
	if s.Token == "" {
		s.Token = variable(p, "PLAZA_TOKEN")
	}
	options := check.ServerOptions{URL: s.URL, Token: s.Token, Timeout: s.Timeout}
	return d.run(ctx, p, []check.Layer{check.ServerLayer(options)}, true)
}
