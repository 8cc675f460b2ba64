package main

import (
	"context"
	"time"

	"github.com/plaza-api/plaza/internal/app"
)

type token struct {
	Role string        `default:"admin"                     enum:"admin,member"                    help:"For: ${enum}."`
	User int64         `help:"Whose; else the first of it." placeholder:"ID"`
	TTL  time.Duration `default:"1h"                        help:"How long it lives, at most 24h."`
}

// Help shows how token is used.
func (token) Help() string {
	return `Prints an access token with every scope, in development only. Works on the
database of plaza serve, also while that runs, and needs the same
PLAZA_PUBLIC_URL or PLAZA_HTTP_ADDR, and PLAZA_SECRET_KEY or PLAZA_DATA_DIR.

Examples:

    curl 127.0.0.1:8080/users -H "Authorization: Bearer $(plaza token)"
    plaza token --role member --user 7 --ttl 10m
`
}

// Run prints a token.
func (t token) Run(ctx context.Context, p *app.Process) error {
	config, err := app.LoadConfig(p.Environ)
	if err != nil {
		return err
	}
	request := app.TokenRequest{Role: t.Role, UserID: t.User, TTL: t.TTL}
	return app.Token(ctx, config, request, p.Stdout, app.NewLog(p.Stderr, config.Environment))
}
