package postgres

import (
	"context"

	"github.com/plaza-api/plaza/gen/db"
)

// Queries returns the generated queries on what Conn returns.
func (d *DB) Queries(ctx context.Context) *db.Queries {
	return db.New(d.Conn(ctx))
}
