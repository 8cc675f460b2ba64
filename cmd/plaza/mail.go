package main

import "github.com/plaza-api/plaza/internal/app"

type mail struct {
	Number int `default:"1" help:"How many, the newest last." short:"n"`
}

// Help shows how mail is used.
func (mail) Help() string {
	return `Without PLAZA_SMTP_URL mails are kept below PLAZA_DATA_DIR instead of being
sent; the newest is printed.

Examples:

    plaza mail
    plaza mail -n 10
`
}

// Run prints mails.
func (m mail) Run(p *app.Process) error {
	config, err := app.LoadConfig(p.Environ)
	if err != nil {
		return err
	}
	return app.PrintMail(config, max(m.Number, 0), p.Stdout)
}
