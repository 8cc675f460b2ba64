package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestARequestIsHeldAgainstWhatTheClientRegistered(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback, "https://board.example/cb?x=1", "com.example.app:/cb")
	t.Run("a bad client or redirect URI leads nowhere", func(t *testing.T) {
		for _, fields := range [][]string{
			{"client_id", "nobody"},
			{"client_id", ""},
			{"redirect_uri", ""},
			{"redirect_uri", "https://board.example/cb"},
			{"redirect_uri", "https://board.example.evil.example/cb?x=1"},
			{"redirect_uri", "https://board.example/cb?x=1&y=2"},
			{"redirect_uri", "https://board.example@evil.example/cb?x=1"},
			{"redirect_uri", "http://127.0.0.1.evil.example/callback"},
			{"redirect_uri", "http://127.0.0.1:8000/callback/../evil"},
			{"redirect_uri", "https://127.0.0.1/callback"},
			{"redirect_uri", "http://127.0.0.1:8000@evil.example/callback"},
			{"redirect_uri", "//evil.example"},
			{"redirect_uri", "javascript:alert(1)"},
			{"redirect_uri", "http://127.0.0.1/callback#x"},
			{"redirect_uri", "http://localhost/callback"},
		} {
			b := newBrowser(t, s).open(authorization(client.ID, fields...)).shows("That did not work")
			assert.Equal(t, http.StatusBadRequest, b.page.Status, "%v", fields)
			assert.Empty(t, b.page.Header.Get("Location"))
		}
		twice := newBrowser(t, s).open(authorization(client.ID) + "&scope=openid")
		assert.Equal(t, http.StatusBadRequest, twice.page.Status)
	})
	t.Run("everything else goes back to the client", func(t *testing.T) {
		for code, fields := range map[string][]string{
			"unsupported_response_type": {"response_type", "token"},
			"invalid_request":           {"code_challenge", ""},
			"invalid_request ":          {"code_challenge_method", "plain"},
			"invalid_request  ":         {"code_challenge_method", ""},
			"invalid_request   ":        {"code_challenge", "short"},
			"invalid_request    ":       {"max_age", "-1"},
			"invalid_request     ":      {"prompt", "none login"},
			"invalid_request      ":     {"response_mode", "fragment"},
			"invalid_request       ":    {"response_type", ""},
			"invalid_scope":             {"scope", "users:read everything"},
			"invalid_scope ":            {"scope", ""},
			"login_required":            {"prompt", "none"},
			"request_not_supported":     {"request", "x"},
			"request_uri_not_supported": {"request_uri", "x"},
		} {
			answer := newBrowser(t, s).open(authorization(client.ID, fields...)).led()
			assert.Equal(t, strings.TrimSpace(code), answer.Get("error"), "%v", fields)
			assert.Equal(t, "s t&te", answer.Get("state"))
			assert.Equal(t, s.URL, answer.Get("iss"))
			assert.Empty(t, answer.Get("code"))
		}
	})
	t.Run("any port of a loopback address, the query of the URI and a private scheme", func(t *testing.T) {
		for _, uri := range []string{"http://127.0.0.1:49152/callback", "https://board.example/cb?x=1", "com.example.app:/cb"} {
			b := newBrowser(t, s).open(authorization(client.ID, "redirect_uri", uri)).shows("Sign in")
			policy := b.page.Header.Get("Content-Security-Policy")
			origin, _, _ := strings.Cut(strings.Replace(uri, "://", ":__", 1), "/")
			assert.Contains(t, policy, "form-action 'self' "+strings.Replace(origin, ":__", "://", 1)+";")
			assert.Contains(t, policy, "frame-ancestors 'none'")
			assert.NotContains(t, policy, "unsafe")
		}
	})
}
