package httpapi_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/testkit"
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

func TestLogsHoldNeitherPasswordsNorCodesNorWhatSignInGives(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	b, code := signedIn(t, s, client.ID, u)
	tokens := exchangeCode(s.Nobody(t), client.ID, code).Is(http.StatusOK)
	other := newBrowser(t, s).open(authorization(client.ID)).submit("step", "password", "email", u.Email, "password", "canary-password")
	other.submit("step", "send_code", "email", u.Email)
	mailed := mailedCode(t, s, u.Email)
	other.submit("step", "code", "code", mailed)
	exchangeCode(s.Nobody(t), client.ID, "canary-code").Is(http.StatusBadRequest)
	s.Nobody(t).Post("/users", person(object{"password": "canary"})).Is(http.StatusUnprocessableEntity)
	s.Nobody(t).Post("/users", person(object{"password": "a canary's password"})).Is(http.StatusCreated)
	s.Member(t, u.ID).Send(http.MethodPut, "/me/password", object{"current_password": secret, "password": "canary password"}).
		Is(http.StatusNoContent)
	service := s.Post("/clients", object{"name": "Report", "kind": "service", "scopes": []string{"users:read"}}).Is(http.StatusCreated)
	id, _ := service.JSON("data", "client", "id").(string)
	firstSecret, _ := service.JSON("data", "client_secret").(string)
	secondSecret, _ := s.Post("/clients/"+id+"/secret", nil).Is(http.StatusOK).JSON("data", "client_secret").(string)
	for _, path := range []string{"/oauth/introspect", "/oauth/revoke"} {
		s.Nobody(t).Post(path, url.Values{"token": {text(t, tokens, "refresh_token")}}.Encode(), "Content-Type",
			"application/x-www-form-urlencoded", "Authorization", basic(id, secondSecret)).Is(http.StatusOK)
	}
	b.open("/oauth/logout?" + url.Values{"id_token_hint": {text(t, tokens, "id_token")}}.Encode()).shows("Sign out?")
	s.DB.Close()
	askToken(s.Nobody(t), "grant_type", "refresh_token", "client_id", client.ID,
		"refresh_token", text(t, tokens, "refresh_token")).Is(http.StatusServiceUnavailable)

	log := s.Log.String()
	require.Contains(t, log, `"level":"ERROR"`)
	_, cookie, _ := strings.Cut(b.cookie, "=")
	for _, canary := range []string{
		secret, "canary", firstSecret, secondSecret, basic(id, secondSecret), code, mailed, cookie, verifier, u.Email,
		text(t, tokens, "access_token"), text(t, tokens, "refresh_token"), text(t, tokens, "id_token"),
	} {
		require.NotEmpty(t, canary)
		assert.NotContains(t, log, canary)
	}
}
