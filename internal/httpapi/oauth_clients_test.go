package httpapi_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestARedirectURIThatCouldLeadElsewhereIsNotRegistered(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	register := func(uri string) *testkit.Answer {
		return s.Post("/clients", object{"name": "Board", "kind": "public", "scopes": []string{"openid"}, "redirect_uris": []string{uri}})
	}
	for _, uri := range []string{
		"https://a.example/cb#x", "https://*.a.example/", `https://a.example\@b/`, "https://u@a.example/", "https:///cb",
		"http://a.example/cb", "http://127.0.0.1.a.example/", "javascript:alert(1)", "data:text/html,x", "app:/cb",
		"com.example.app:cb", "com.example.app://host/cb", "https://a;script-src/", "https://a'/", "https://a,b/", "//a.example/",
	} {
		faults := register(uri).Is(http.StatusUnprocessableEntity).Faults()
		assert.Len(t, faults, 1, "%s: %v", uri, faults)
	}
	for _, uri := range []string{
		"https://a.example/cb?x=1", "https://a.example:8443/", "http://127.0.0.1/cb", "http://localhost:3000/", "http://[::1]/cb",
		"com.example.app:/cb",
	} {
		register(uri).Is(http.StatusCreated)
	}
}

func TestAClientGetsTheScopesThatItWasRegisteredFor(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _, err := s.Identity.CreateClient(t.Context(), identity.ClientDraft{
		Name: "Town Board", Kind: identity.KindPublic, RedirectURIs: []string{callback}, Scopes: []string{"openid"},
	})
	require.NoError(t, err)
	assert.Equal(t, "invalid_scope", newBrowser(t, s).open(authorization(client.ID)).led().Get("error"))
	_, code := signedIn(t, s, client.ID, personWithPassword(t, s), "scope", "openid")
	tokens := exchangeCode(s.Nobody(t), client.ID, code).Is(http.StatusOK)
	assert.Equal(t, "no-store", tokens.Header.Get("Cache-Control"))
	var info map[string]any
	s.As(text(t, tokens, "access_token")).Get("/oauth/userinfo").Is(http.StatusOK).Into(&info)
	assert.Equal(t, []string{"sub"}, keysOf(info), "neither name nor address was asked for")
}

func keysOf(m map[string]any) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	return keys
}

func TestAVerifierIsHeldAgainstItsForm(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	b := newBrowser(t, s)
	u := personWithPassword(t, s)
	for _, verifier := range []string{"short", strings.Repeat("x", 129), strings.Repeat("é", 43)} {
		b.open(authorization(client.ID, "code_challenge", challengeOf(verifier)))
		if b.cookie == "" {
			b.submit("step", "password", "email", u.Email, "password", secret)
		}
		code := b.submit("decision", "allow").led().Get("code")
		exchangeCode(s.Nobody(t), client.ID, code, "code_verifier", verifier).Is(http.StatusBadRequest)
	}
}

func TestBasicIsDecodedAsAFormAndSentOnce(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, clientSecret := application(t, s, identity.KindService)
	escaped := func(text string) string { return "%" + strings.ToUpper(hexOf(text[0])) + text[1:] }
	askToken(s.Nobody(t), "grant_type", "client_credentials", "Authorization", basic(escaped(client.ID), escaped(clientSecret))).
		Is(http.StatusOK)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/oauth/token", strings.NewReader("grant_type=client_credentials"))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header["Authorization"] = []string{basic(client.ID, clientSecret), basic(client.ID, clientSecret)}
	s.Nobody(t).Do(r).Is(http.StatusUnauthorized)
}

func hexOf(b byte) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[b>>4], digits[b&15]})
}

func TestClientsLearnAndEndNothingOfEachOther(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, clientSecret := application(t, s, identity.KindConfidential, callback)
	other, otherSecret := application(t, s, identity.KindConfidential, callback)
	own, foreign := basic(client.ID, clientSecret), basic(other.ID, otherSecret)
	_, code := signedIn(t, s, client.ID, personWithPassword(t, s))
	tokens := askToken(s.Nobody(t), "grant_type", "authorization_code", "code", code, "redirect_uri", callback,
		"code_verifier", verifier, "Authorization", own).Is(http.StatusOK)
	access, refresh := text(t, tokens, "access_token"), text(t, tokens, "refresh_token")
	post := func(path, token, authorization string) *testkit.Answer {
		return s.Nobody(t).Post(path, url.Values{"token": {token}}.Encode(),
			"Content-Type", "application/x-www-form-urlencoded", "Authorization", authorization)
	}
	for _, token := range []string{access, refresh} {
		assert.Equal(t, `{"active":false}`, string(post("/oauth/introspect", token, foreign).Is(http.StatusOK).Body))
	}
	post("/oauth/revoke", access, foreign).Is(http.StatusBadRequest)
	assert.Zero(t, count(t, s.DB, "revocations"))
	post("/oauth/revoke", refresh, foreign).Is(http.StatusOK) // unknown to it
	askToken(s.Nobody(t), "grant_type", "refresh_token", "refresh_token", refresh, "Authorization", own).Is(http.StatusOK)
	assert.Equal(t, `{"active":false}`, string(post("/oauth/introspect", refresh, own).Is(http.StatusOK).Body), "it was used")
}

func TestOfExchangesThatWaitForEachOtherOneWins(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	_, code := signedIn(t, s, client.ID, personWithPassword(t, s))
	var won atomic.Int32
	exchange := func() {
		if exchangeCode(s.Nobody(t), client.ID, code).Status == http.StatusOK {
			won.Add(1)
		}
	}
	meanwhile(t, s, "SELECT FROM authorization_codes FOR UPDATE", "", exchange, exchange)
	assert.EqualValues(t, 1, won.Load())
}
