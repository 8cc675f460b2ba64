package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestABusyServerRefusesWhatItHasNoTimeFor(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, func(c *httpapi.Config) { c.Admit = func() bool { return false } })
	for _, answer := range []*testkit.Answer{
		s.Get("/users/1"), s.Nobody(t).Get("/users/1"), s.Post("/users", person()), s.Get("/oauth/userinfo"), s.Get("/posts"),
	} {
		assert.Equal(t, "1", answer.Is(http.StatusServiceUnavailable).Header.Get("Retry-After"))
	}
	assert.Equal(t, "The server is busy", s.Get("/users").JSON("detail"))
	s.Get("/healthz").Is(http.StatusOK)
	s.Get("/readyz").Is(http.StatusOK)
	assert.Zero(t, count(t, s.DB, "users"), "what was refused left nothing behind")
}
