package main

import (
	"context"
	"time"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/mock"
)

type pretend struct {
	Spec string `arg:"" default:"openapi.yaml" help:"The contract: any OpenAPI document, 3.0 or 3.1."`

	Addr    string       `default:"127.0.0.1:4010" help:"Where to listen, as host:port."`
	Latency mock.Latency `default:"0s"             help:"Hold answers back: 200ms, 100ms..800ms." placeholder:"TIME"`
}

// Help shows how mock is used.
func (pretend) Help() string {
	return `Serves the contract alone: each operation answers what it declares, before
anybody has written it. Bodies are the contract's examples, else made by its
schemas; requests are held against it by the server's own code. Any Bearer token
signs in, pages of any origin may call, and nothing is stored. The contract is
read again whenever it is saved.

A caller chooses an answer by a header:

    Prefer: code=404          the answer of that status
    Prefer: example=minor     the example of that name

Without it an operation answers its first 2xx. What was sent comes back where the
answer has a place for it, and so does the id of the path.

Examples:

    plazadev mock
    plazadev mock --addr :8080 --latency 100ms..800ms
    plazadev mock ../other/openapi.json
    curl -s 127.0.0.1:4010/users/7 -H 'Authorization: Bearer any'
    curl -s 127.0.0.1:4010/users/7 -H 'Prefer: code=404'
`
}

// Run serves until ctx ends.
func (m pretend) Run(ctx context.Context, p *app.Process) error {
	server, err := mock.New(mock.Options{ //nolint:contextcheck // nothing in it waits
		File: m.Spec, Rules: httpapi.Rules(), Latency: m.Latency, Log: p.Stderr, Now: time.Now,
	})
	if err != nil {
		return err
	}
	return server.Run(ctx, m.Addr, p.Stdout)
}
