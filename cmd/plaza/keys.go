package main

import (
	"context"

	"github.com/plaza-api/plaza/internal/app"
)

type keys struct {
	Rotate keysRotate `cmd:"" help:"Make a new key, which signs from now on; tokens that were made stay good."`
}

// Help shows how keys is used.
func (keys) Help() string {
	return `Works on the database of plaza serve, also while that runs.

Examples:

    plaza keys rotate
`
}

type keysRotate struct{}

// Run makes a new key.
func (keysRotate) Run(ctx context.Context, p *app.Process) error {
	return onDatabase(ctx, p, app.RotateKeys)
}
