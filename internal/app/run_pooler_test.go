package app_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestTheServerStartsBehindPgBouncerOnAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	p := start(t, app.Config{HTTPAddr: "127.0.0.1:0", DatabaseURL: testkit.PooledURL(t, testkit.EmptyURL(t))})
	p.call(t, http.MethodPost, "/users", ann).Is(http.StatusCreated)
	p.call(t, http.MethodGet, "/readyz", nil).Is(http.StatusOK)
	require.NoError(t, p.stop(t))
}

func TestTheServerDoesNotStartBehindAPgBouncerThatIsNotSetUp(t *testing.T) {
	t.Parallel()
	err := fail(t, app.Config{DatabaseURL: testkit.PgBouncer(t, testkit.EmptyURL(t), "")})
	require.ErrorIs(t, err, postgres.ErrPooler)
	require.ErrorContains(t, err, "database: postgres: open: there is a pooler such as PgBouncer in front of the database: ")
}
