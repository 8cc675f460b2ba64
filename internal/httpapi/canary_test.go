package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLogsHoldNeitherTokensNorKeysNorWhatPeopleSent(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	good := s.Token(t, "member", owner)
	c := s.As(good)
	c.Get("/users/1?unknown=canary-query").Is(http.StatusUnprocessableEntity)
	c.Get("/users/1", "Authorization", "Bearer canary."+good).Is(http.StatusUnauthorized)
	c.Get("/users/1", "Authorization", "Basic canary-credentials").Is(http.StatusUnauthorized)
	c.Post("/users", person(object{"name": "Canary Name"}), idempotencyKey, "canary-key").Is(http.StatusCreated)
	c.Patch("/users/1", "*", object{"status": "active", "name": "Canary Name"}).Is(http.StatusForbidden)
	s.DB.Close()
	require.GreaterOrEqual(t, c.Post("/users", person(object{"name": "Canary Name"}), idempotencyKey, "canary-key").Status, 500)

	log := s.Log.String()
	require.Contains(t, log, `"level":"ERROR"`)
	assert.NotContains(t, strings.ToLower(log), "canary")
	for part := range strings.SplitSeq(good, ".") {
		assert.NotContains(t, log, part)
	}
}
