// Command plazadev holds the tools for those who develop Plaza, or against it.
package main

import (
	"os"
	"strconv"

	"github.com/alecthomas/kong"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/bench"
)

const description = `Tools for those who develop Plaza, or against it.

Examples:

    plazadev check                   what has drifted from the contract
    plazadev mock                    what it promises, served before it is written
    plazadev seed --users 1000       fill the database that plaza serve uses
    plazadev bench                   how fast it is, against what, and how far it must go
    plazadev seed --help             see more about it
`

type commands struct {
	Check drift   `cmd:"" help:"Prove that contract, code, SQL and SDKs have not drifted apart."`
	Mock  pretend `cmd:"" help:"Serve the contract alone, for those who call an operation before it is written."`
	Seed  fill    `cmd:"" help:"Fill a database with believable people, addresses and posts."`
	Bench measure `cmd:"" help:"Measure Plaza against bare handlers on this machine."`
}

func main() {
	os.Exit(run(&app.Process{Args: os.Args[1:], Environ: os.Environ(), Stdout: os.Stdout, Stderr: os.Stderr}))
}

func run(p *app.Process) int {
	return app.Command(p, &commands{}, kong.Name("plazadev"), kong.Description(description),
		kong.Vars{"skew": strconv.FormatFloat(bench.Skew, 'g', -1, 64)}, vars())
}
