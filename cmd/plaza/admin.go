package main

import (
	"context"

	"github.com/plaza-api/plaza/internal/app"
)

type admin struct {
	Create adminCreate `cmd:"" help:"Make somebody an admin."`
}

// Help shows how admin is used.
func (admin) Help() string {
	return `Works on the database of plaza serve, also while that runs.

Examples:

    plaza admin create ann@example.com --name 'Ann Lee' --age 34
`
}

type adminCreate struct {
	Email string `arg:""                help:"Of whom: a user who has it, or one who is made."`
	Name  string `default:"Plaza Admin" help:"The name of a user who is made."`
	Age   int32  `default:"30"          help:"The age of a user who is made."`
}

// Run makes an admin.
func (a adminCreate) Run(ctx context.Context, p *app.Process) error {
	config, err := app.LoadConfig(p.Environ)
	if err != nil {
		return err
	}
	request := app.AdminRequest{Email: a.Email, Name: a.Name, Age: a.Age}
	return app.CreateAdmin(ctx, config, request, p.Stdout, app.NewLog(p.Stderr, config.Environment))
}
