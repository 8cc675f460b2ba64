package token_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

// provider is another OpenID provider: its discovery, its keys and what it signs.
type provider struct {
	*httptest.Server

	key *rsa.PrivateKey
}

func newProvider(t *testing.T) provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	mux := http.NewServeMux()
	p := provider{httptest.NewServer(mux), key}
	t.Cleanup(p.Close)
	answer := func(v any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			assert.NoError(t, json.NewEncoder(w).Encode(v))
		}
	}
	mux.HandleFunc("/.well-known/openid-configuration", answer(map[string]any{
		"issuer": p.URL, "jwks_uri": p.URL + "/keys", "authorization_endpoint": p.URL + "/a", "token_endpoint": p.URL + "/t",
	}))
	mux.HandleFunc("/keys", answer(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: key.Public(), KeyID: "one", Algorithm: "RS256", Use: "sig"},
	}}))
	return p
}

func (p provider) token(t *testing.T, header, changes map[string]any) string {
	t.Helper()
	all := map[string]any{"iss": p.URL, "client_id": nil, "role": nil, "azp": "web"}
	maps.Copy(all, changes)
	with := map[string]any{"kid": "one"}
	maps.Copy(with, header)
	return forge(t, p.key, jose.RS256, with, all)
}

func newExternal(t *testing.T, p provider) (*token.External, node) {
	t.Helper()
	n := newNode(t, testkit.Database(t), newClock())
	e, err := token.NewExternal(t.Context(), token.ExternalConfig{Issuer: p.URL, Audience: name, DB: n.db, Now: n.now.Now})
	require.NoError(t, err)
	return e, n
}

func TestATokenOfAnotherProviderIsOfTheUserWithItsVerifiedAddress(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	e, n := newExternal(t, p)
	u := testkit.User(t, n.db, func(d *user.Draft) { d.Email = "Ann@example.com" })
	for _, typ := range []string{"at+jwt", "application/at+jwt", "JWT"} {
		caller, err := e.Verify(t.Context(), p.token(t, map[string]any{"typ": typ}, map[string]any{
			"email": "ann@EXAMPLE.com", "email_verified": true, "scope": nil, "scp": []string{"users:read", "posts:write"},
		}))
		require.NoError(t, err)
		assert.Equal(t, []any{u.ID, "member", "web"}, []any{caller.UserID, caller.Role, caller.ClientID})
		assert.Equal(t, []string{"users:read", "posts:write"}, caller.Scopes)
	}
	service, err := e.Verify(t.Context(), p.token(t, nil, map[string]any{"client_id": "nightly"}))
	require.NoError(t, err)
	assert.Equal(t, []string{"client:nightly", "service"}, []string{service.Key(), service.Role})
}

func TestWhatAnotherProviderDoesNotVouchForIsRefused(t *testing.T) {
	t.Parallel()
	p, stranger := newProvider(t), newProvider(t)
	e, n := newExternal(t, p)
	testkit.User(t, n.db, func(d *user.Draft) { d.Email = "ann@example.com" })
	testkit.User(t, n.db, func(d *user.Draft) { d.Email, d.Status = "bob@example.com", "suspended" })
	person := func(changes map[string]any) map[string]any {
		all := map[string]any{"email": "ann@example.com", "email_verified": true}
		maps.Copy(all, changes)
		return all
	}
	for what, row := range map[string]struct{ raw, why string }{
		"no token":                   {"a.b.c", "it is no access token"},
		"a stranger's key":           {forge(t, stranger.key, jose.RS256, map[string]any{"kid": "one"}, person(map[string]any{"iss": p.URL})), "the provider's rules"},
		"a stranger":                 {stranger.token(t, nil, person(nil)), "the provider's rules"},
		"another audience":           {p.token(t, nil, person(map[string]any{"aud": "web"})), "the provider's rules"},
		"an expired one":             {p.token(t, nil, person(map[string]any{"exp": time.Now().Add(-time.Minute).Unix()})), "the provider's rules"},
		"HMAC":                       {forge(t, []byte("0123456789012345678901234567890123456789"), jose.HS256, nil, person(map[string]any{"iss": p.URL})), "it is no access token"},
		"a logout token":             {p.token(t, map[string]any{"typ": "logout+jwt"}, person(nil)), "it is no access token"},
		"an ID token with a nonce":   {p.token(t, map[string]any{"typ": "JWT"}, person(map[string]any{"nonce": "n"})), "it is an ID token"},
		"an ID token with a hash":    {p.token(t, map[string]any{"typ": "JWT"}, person(map[string]any{"at_hash": "h"})), "it is an ID token"},
		"one without a scope":        {p.token(t, nil, person(map[string]any{"scope": nil})), "it is an ID token"},
		"an address not verified":    {p.token(t, nil, person(map[string]any{"email_verified": false})), "not verified"},
		"an address that nobody has": {p.token(t, nil, person(map[string]any{"email": "eve@example.com"})), "no user here"},
		"a suspended user":           {p.token(t, nil, person(map[string]any{"email": "bob@example.com"})), "no user here"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			requireRefused(t, e, row.raw, row.why)
		})
	}
}

func TestATokenOfAnotherProviderEndsWithItsUser(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	e, n := newExternal(t, p)
	u := testkit.User(t, n.db, func(d *user.Draft) { d.Email = "ann@example.com" })
	raw := p.token(t, nil, map[string]any{"email": "ann@example.com", "email_verified": true})
	_, err := e.Verify(t.Context(), raw)
	require.NoError(t, err)
	_, err = n.db.Conn(t.Context()).Exec(t.Context(), "UPDATE users SET role = 'admin' WHERE id = $1", u.ID)
	require.NoError(t, err)
	n.now.Advance(time.Second)
	requireRefused(t, e, raw, "it was ended")
}

func TestAProviderThatDoesNotAnswerIsNamed(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := token.NewExternal(ctx, token.ExternalConfig{Issuer: "http://127.0.0.1:1", Audience: name, Now: time.Now})
	require.ErrorContains(t, err, "the OpenID provider does not answer")
}
