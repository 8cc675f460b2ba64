package token_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

const name = "https://plaza.example"

// clock begins now, as the database's does, and moves only when the test says so.
type clock struct {
	began time.Time
	moved atomic.Int64
}

func newClock() *clock { return &clock{began: time.Now()} }

func (c *clock) Now() time.Time { return c.began.Add(time.Duration(c.moved.Load())) }

func (c *clock) Advance(d time.Duration) { c.moved.Add(int64(d)) }

func secret() []byte { return bytes.Repeat([]byte("k"), 32) }

// node is one server.
type node struct {
	db       *postgres.DB
	now      *clock
	keys     *token.Keys
	issuer   *token.Issuer
	verifier *token.Verifier
}

func newNode(t testing.TB, database *postgres.DB, now *clock) node {
	t.Helper()
	keys := token.NewKeys(database, secret(), now.Now)
	return node{
		db: database, now: now, keys: keys, issuer: token.NewIssuer(keys, name, now.Now),
		verifier: token.NewVerifier(database, keys, name, now.Now),
	}
}

func (n node) token(t testing.TB, change ...func(*token.Claims)) string {
	t.Helper()
	c := token.Claims{UserID: 12, ClientID: "web", Role: token.RoleMember, Scopes: []string{"users:read"}, TTL: 10 * time.Minute}
	for _, f := range change {
		f(&c)
	}
	raw, err := n.issuer.AccessToken(t.Context(), c)
	require.NoError(t, err)
	return raw
}

func requireRefused(t *testing.T, v interface {
	Verify(ctx context.Context, raw string) (token.Caller, error)
}, raw, why string,
) {
	t.Helper()
	caller, err := v.Verify(t.Context(), raw)
	require.True(t, fault.Is(err, fault.Unauthorized), "%v", err)
	require.ErrorContains(t, err, why)
	assert.Equal(t, "The access token is not valid", fault.As(err).Message)
	assert.Empty(t, caller)
	if parts := strings.Split(raw, "."); len(parts) == 3 && len(parts[2]) > 10 {
		assert.NotContains(t, err.Error(), parts[2], "the error shows the token")
	}
}

func TestATokenTellsWhoCalls(t *testing.T) {
	t.Parallel()
	n := newNode(t, testkit.Database(t), newClock())
	for range 2 { // the second time from memory
		raw := n.token(t)
		caller, err := n.verifier.Verify(t.Context(), raw)
		require.NoError(t, err)
		assert.Equal(t, int64(12), caller.UserID)
		assert.Equal(t, []string{"web", token.RoleMember, "user:12"}, []string{caller.ClientID, caller.Role, caller.Key()})
		assert.True(t, caller.Has("users:read"))
		assert.False(t, caller.Has("users:write"))
		assert.WithinDuration(t, n.now.Now().Add(10*time.Minute), caller.ExpiresAt, time.Millisecond)
	}
	service, err := n.verifier.Verify(t.Context(), n.token(t, func(c *token.Claims) {
		c.UserID, c.ClientID, c.Role = 0, "nightly", token.RoleService
	}))
	require.NoError(t, err)
	assert.Equal(t, "client:nightly", service.Key())
}

// forge signs claims and a header by hand; nil takes one away.
func forge(t *testing.T, key any, algorithm jose.SignatureAlgorithm, header, changes map[string]any) string {
	t.Helper()
	now := float64(time.Now().Unix())
	body := map[string]any{
		"iss": name, "aud": name, "sub": "12", "client_id": "web", "iat": now - 1, "exp": now + 600, "jti": "x",
		"scope": "users:read", "role": "admin",
	}
	maps.Copy(body, changes)
	maps.DeleteFunc(body, func(_ string, v any) bool { return v == nil })
	options := &jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{jose.HeaderType: "at+jwt"}}
	for k, v := range header {
		options.ExtraHeaders[jose.HeaderKey(k)] = v
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	require.NoError(t, err)
	text, err := json.Marshal(body)
	require.NoError(t, err)
	signed, err := signer.Sign(text)
	require.NoError(t, err)
	raw, err := signed.CompactSerialize()
	require.NoError(t, err)
	return raw
}

func TestWhatIsNoGoodTokenIsRefused(t *testing.T) {
	t.Parallel()
	n := newNode(t, testkit.Database(t), newClock())
	good := n.token(t)
	parts := strings.Split(good, ".")
	var own struct {
		Kid string `json:"kid"`
	}
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(header, &own))
	private, err := token.SigningKey(t.Context(), n.keys)
	require.NoError(t, err)
	kid := map[string]any{"kid": own.Kid}
	forged := func(header, changes map[string]any) string {
		with := maps.Clone(kid)
		maps.Copy(with, header)
		return forge(t, private, jose.ES256, with, changes)
	}
	_, err = n.verifier.Verify(t.Context(), forged(nil, nil))
	require.NoError(t, err, "what is forged is good where nothing is changed")

	public, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	require.NoError(t, err)
	foreign, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt"}`)) + "." + parts[1] + "."
	noAlgorithm := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"at+jwt","kid":"`+own.Kid+`"}`)) + "." + parts[1] + "." + parts[2]
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"` + name + `","aud":"` + name + `","sub":"1","role":"admin"}`))
	past, future := float64(time.Now().Add(-time.Minute).Unix()), float64(time.Now().Add(time.Minute).Unix())

	for what, row := range map[string]struct{ raw, why string }{
		"nothing":                           {"", "it cannot be read"},
		"no token":                          {"a.b.c", "it cannot be read"},
		"two parts":                         {parts[0] + "." + parts[1], "it cannot be read"},
		"four parts":                        {good + ".x", "it cannot be read"},
		"a huge one":                        {strings.Repeat("a", 9<<10), "it is too long"},
		"no algorithm":                      {noAlgorithm, "it cannot be read"},
		"algorithm none":                    {none, "it cannot be read"},
		"HMAC with the public key":          {forge(t, public, jose.HS256, kid, nil), "it cannot be read"},
		"RSA":                               {forge(t, rsaKey, jose.RS256, kid, nil), "it cannot be read"},
		"a foreign key under our id":        {forge(t, foreign, jose.ES256, kid, nil), "its signature is not good"},
		"an unknown key":                    {forge(t, foreign, jose.ES256, map[string]any{"kid": "x"}, nil), "its key is not known"},
		"no key":                            {forge(t, private, jose.ES256, nil, nil), "its key is not known"},
		"another payload":                   {parts[0] + "." + payload + "." + parts[2], "its signature is not good"},
		"an ID token":                       {forged(map[string]any{"typ": "JWT"}, nil), "it is no access token"},
		"a critical header":                 {forged(map[string]any{"crit": []string{"x"}, "x": 1}, nil), "its signature is not good"},
		"another issuer":                    {forged(nil, map[string]any{"iss": name + "/"}), "another has issued it"},
		"no issuer":                         {forged(nil, map[string]any{"iss": nil}), "another has issued it"},
		"another audience":                  {forged(nil, map[string]any{"aud": []string{"web"}}), "it is for another audience"},
		"no audience":                       {forged(nil, map[string]any{"aud": nil}), "it is for another audience"},
		"an expired one":                    {forged(nil, map[string]any{"exp": past}), "it has expired"},
		"one that never expires":            {forged(nil, map[string]any{"exp": nil}), "it has expired"},
		"one from the future":               {forged(nil, map[string]any{"iat": future}), "it comes from the future"},
		"one of no time":                    {forged(nil, map[string]any{"iat": nil}), "it comes from the future"},
		"no client":                         {forged(nil, map[string]any{"client_id": nil}), "it does not say who calls"},
		"another role":                      {forged(nil, map[string]any{"role": "owner"}), "it does not say who calls"},
		"no role":                           {forged(nil, map[string]any{"role": nil}), "it does not say who calls"},
		"a person who is none":              {forged(nil, map[string]any{"sub": "ann"}), "it does not say who calls"},
		"a person with an impossible id":    {forged(nil, map[string]any{"sub": "0"}), "it does not say who calls"},
		"times that are texts":              {forged(nil, map[string]any{"exp": "soon"}), "its signature is not good"},
		"a claim that is of the wrong type": {forged(nil, map[string]any{"scope": 1}), "its signature is not good"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			requireRefused(t, n.verifier, row.raw, row.why)
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	n := newNode(b, testkit.Database(b), newClock())
	raw := n.token(b)
	for b.Loop() {
		if _, err := n.verifier.Verify(b.Context(), raw); err != nil {
			b.Fatal(err)
		}
	}
}
