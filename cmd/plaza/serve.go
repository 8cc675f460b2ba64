package main

import (
	"context"
	"strings"

	"github.com/plaza-api/plaza/internal/app"
)

type serve struct{}

// Help tells what serve reads from its environment.
func (serve) Help() string {
	var text strings.Builder
	text.WriteString(`Without PLAZA_DATABASE_URL a private PostgreSQL is started in PLAZA_DATA_DIR.

Examples:

    plaza serve
    PLAZA_HTTP_ADDR=:9000 plaza serve
    PLAZA_ENV=production PLAZA_DATABASE_URL=postgres://plaza@db/plaza plaza serve

Environment:

`)
	app.WriteVariables(&text, "    ")
	return text.String()
}

// Run serves until ctx ends.
func (serve) Run(ctx context.Context, p *app.Process) error {
	config, err := app.LoadConfig(p.Environ)
	if err != nil {
		return err
	}
	return app.Run(ctx, app.Options{Config: config, Stdout: p.Stdout, Log: app.NewLog(p.Stderr, config.Environment)})
}
