// Package schema embeds the migrations: one change a file, applied in the order of their numbers.
package schema

import "embed"

// Files holds the migrations, in goose's format.
//
//go:embed *.sql
var Files embed.FS
