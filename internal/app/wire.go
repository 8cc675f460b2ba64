package app

import (
	"fmt"
	"log/slog"
	"time"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/user"
)

// loadContract reads the contract of this build.
func loadContract() (*contract.Contract, error) {
	c, err := contract.Load(contractfile.YAML, httpapi.Rules())
	if err != nil {
		return nil, fmt.Errorf("the contract of this build: %w", err)
	}
	return c, nil
}

// wire makes the server out of its parts.
func wire(c Config, spec *contract.Contract, pool *postgres.DB, log *slog.Logger) (*httpapi.Server, error) {
	return httpapi.New(httpapi.Config{
		Contract:     spec,
		Users:        user.New(pool),
		Addresses:    address.New(pool),
		Posts:        post.New(pool),
		Dependencies: []httpapi.Dependency{{Name: "database", Ping: pool.Ping}},
		Log:          log,
		Now:          time.Now,
		CORSOrigins:  c.CORSOrigins,
		Docs:         c.Docs,
		HSTS:         c.Environment == Production,
	})
}
