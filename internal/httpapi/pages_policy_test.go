package httpapi_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAPageMayLoadNothingButItsStyle(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	page := newBrowser(t, s).open(authorization(client.ID)).page
	_, rest, _ := strings.Cut(string(page.Body), "<style>")
	style, _, found := strings.Cut(rest, "</style>")
	require.True(t, found)
	sum := sha256.Sum256([]byte(style))
	assert.Equal(t, "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+
		"'; form-action 'self' http://127.0.0.1; base-uri 'none'; frame-ancestors 'none'",
		page.Header.Get("Content-Security-Policy"))
	assert.Equal(t, "no-store", page.Header.Get("Cache-Control"))
	assert.NotContains(t, string(page.Body), "<script")
}

func TestTheCookieIsForThisServerAlone(t *testing.T) {
	t.Parallel()
	for secure, want := range map[bool]string{
		false: "plaza-session=*; Path=/; Expires=*; HttpOnly; SameSite=Lax",
		true:  "__Host-plaza-session=*; Path=/; Expires=*; HttpOnly; Secure; SameSite=Lax",
	} {
		s := testkit.NewServer(t, func(c *httpapi.Config) { c.Secure = secure })
		client, _ := application(t, s, identity.KindPublic, callback)
		u := personWithPassword(t, s)
		b := newBrowser(t, s).open(authorization(client.ID))
		b.submit("step", "password", "email", u.Email, "password", secret)
		parts := strings.Split(b.page.Header.Get("Set-Cookie"), "; ")
		for i, part := range parts {
			if name, _, _ := strings.Cut(part, "="); i == 0 || name == "Expires" {
				parts[i] = name + "=*"
			}
		}
		assert.Equal(t, want, strings.Join(parts, "; "))
		b.open("/oauth/logout").submit().shows("You are signed out")
		assert.Contains(t, b.page.Header.Get("Set-Cookie"), "=; Path=/; Expires=Thu, 01 Jan 1970")
	}
}

func TestConsentIsOnePersonsToOneClient(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	const board = "https://board.example/cb"
	client, _ := application(t, s, identity.KindPublic, board)
	other, _ := application(t, s, identity.KindPublic, board)
	ann, ben := personWithPassword(t, s), personWithPassword(t, s)
	b, _ := signedIn(t, s, client.ID, ann, "redirect_uri", board)
	b.open(authorization(other.ID, "redirect_uri", board)).shows("Town Board asks for access")
	b = newBrowser(t, s).open(authorization(client.ID, "redirect_uri", board))
	b.submit("step", "password", "email", ben.Email, "password", secret).shows("Town Board asks for access")
}

func TestAFormCarriesNoRequestThatTheEndpointWouldRefuse(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	b, _ := signedIn(t, s, client.ID, u)
	_, query, _ := strings.Cut(authorization(client.ID), "?")
	for path, form := range map[string]url.Values{
		"/oauth/sign-in": {"email": {u.Email}, "step": {"password"}, "password": {secret}},
		"/oauth/consent": {"decision": {"allow"}},
	} {
		form.Set("request", query+"&scope=openid")
		b.post(path, form).Is(http.StatusBadRequest)
		form.Set("request", strings.Replace(query, url.QueryEscape(callback), url.QueryEscape("https://evil.example/"), 1))
		b.post(path, form).Is(http.StatusBadRequest)
	}
}

func TestSigningOutLeadsOnlyWhereTheClientHasSaid(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _, err := s.Identity.CreateClient(t.Context(), identity.ClientDraft{
		Name: "Town Board", Kind: identity.KindPublic, RedirectURIs: []string{callback}, Scopes: testkit.Scopes(t),
		PostLogoutRedirectURIs: []string{"https://board.example/bye"},
	})
	require.NoError(t, err)
	other, _ := application(t, s, identity.KindPublic, callback)
	b, code := signedIn(t, s, client.ID, personWithPassword(t, s))
	hint := text(t, exchangeCode(s.Nobody(t), client.ID, code).Is(http.StatusOK), "id_token")
	parts := strings.Split(hint, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	forged := parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(strings.ReplaceAll(string(payload), client.ID, other.ID))) + "." + parts[2]
	for _, query := range []url.Values{
		{"client_id": {client.ID}, "post_logout_redirect_uri": {callback}},
		{"client_id": {other.ID}, "id_token_hint": {hint}},
		{"id_token_hint": {forged}},
		{"post_logout_redirect_uri": {"https://board.example/bye"}},
	} {
		b.open("/oauth/logout?" + query.Encode()).shows("That did not work")
	}
	b.open("/oauth/logout?" + url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"https://board.example/bye"}}.Encode())
	page := b.page
	b.submit("redirect", "https://evil.example/").shows("That did not work")
	b.page = page
	b.submit().page.Is(http.StatusSeeOther)
	assert.Equal(t, "https://board.example/bye", b.page.Header.Get("Location"))
}
