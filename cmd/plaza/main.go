// Command plaza is the server, with what it takes to run it in production.
package main

import (
	"os"

	"github.com/alecthomas/kong"

	"github.com/plaza-api/plaza/internal/app"
)

const description = `Plaza, a contract-first community backend.

Examples:

    plaza serve              start, with a PostgreSQL of its own unless PLAZA_DATABASE_URL names one
    plaza token              print an access token of an admin, in development
    plaza mail               print the newest mail, with the code to sign in by, in development
    plaza migrate status     see which migrations the database has
    plaza serve --help       see every environment variable
`

type commands struct {
	Serve   serve   `cmd:"" help:"Serve the API until SIGINT or SIGTERM."`
	Migrate migrate `cmd:"" help:"Change the database's schema, or look at it."`
	Token   token   `cmd:"" help:"Print an access token, in development."`
	Keys    keys    `cmd:"" help:"Change the keys that own access tokens are signed with."`
	Admin   admin   `cmd:"" help:"Make admins."`
	Mail    mail    `cmd:"" help:"Print the mails that were kept, in development."`
	Version version `cmd:"" help:"Print what this program was built from."`
}

func main() {
	os.Exit(run(&app.Process{Args: os.Args[1:], Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr}))
}

func run(p *app.Process) int {
	return app.Command(p, &commands{}, kong.Name("plaza"), kong.Description(description))
}
