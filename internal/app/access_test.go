package app_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/testkit"
)

// provider is an OpenID provider as far as its discovery, which is what a start asks for.
func provider(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_, err := fmt.Fprintf(w, `{"issuer": %q, "jwks_uri": %q}`, server.URL, server.URL+"/keys")
		assert.NoError(t, err)
	})
	return server.URL
}

func makeToken(t *testing.T, c app.Config, r app.TokenRequest) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := app.Token(t.Context(), c, r, &out, app.NewLog(io.Discard, c.Environment))
	return strings.TrimSpace(out.String()), err
}

func adminToken(t *testing.T, c app.Config) string {
	t.Helper()
	token, err := makeToken(t, c, app.TokenRequest{Role: "admin", TTL: time.Minute})
	require.NoError(t, err)
	return token
}

func TestTokensOfTheCommandLineAreTakenByTheServer(t *testing.T) {
	t.Parallel()
	c := app.Config{HTTPAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t), DataDir: filepath.Join(t.TempDir(), "new")}
	first, again := adminToken(t, c), adminToken(t, c)
	member, err := makeToken(t, c, app.TokenRequest{Role: "member", TTL: time.Minute})
	require.NoError(t, err)
	named, err := makeToken(t, c, app.TokenRequest{Role: "member", UserID: 2, TTL: time.Minute})
	require.NoError(t, err)
	p := start(t, c)
	me := func(token string) *testkit.Answer {
		p.token = token
		return p.call(t, http.MethodGet, "/me", nil).Is(http.StatusOK)
	}
	assert.Equal(t, []any{"Plaza Admin", "admin"}, []any{me(first).JSON("name"), me(first).JSON("role")})
	assert.Equal(t, me(first).JSON("id"), me(again).JSON("id"), "the same admin again")
	assert.Equal(t, []any{"Plaza Member", "member"}, []any{me(member).JSON("name"), me(member).JSON("role")})
	assert.EqualValues(t, 2, me(named).JSON("id"))

	require.NoError(t, app.RotateKeys(t.Context(), c, io.Discard, app.NewLog(io.Discard, app.Development)))
	me(first)
	me(adminToken(t, c))
	require.NoError(t, p.stop(t))

	_, err = makeToken(t, c, app.TokenRequest{Role: "member", UserID: 99, TTL: time.Minute})
	require.ErrorContains(t, err, "No such user")
	_, err = makeToken(t, c, app.TokenRequest{Role: "admin", TTL: 25 * time.Hour})
	require.ErrorContains(t, err, "24h0m0s at most")
}

func TestWhereAProviderIsTrustedThereAreNoOwnTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []app.Config{{Environment: app.Production}, {OIDCIssuer: "https://id.example"}} {
		_, err := makeToken(t, c, app.TokenRequest{Role: "admin", TTL: time.Minute})
		require.ErrorIs(t, err, app.ErrNoToken)
		require.ErrorIs(t, app.RotateKeys(t.Context(), c, io.Discard, app.NewLog(io.Discard, c.Environment)), app.ErrNoToken)
	}
}

func TestTheSecretKeyIsMadeOnceForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	c := app.Config{DatabaseURL: testkit.URL(t), DataDir: t.TempDir()}
	var starts sync.WaitGroup
	for range 4 {
		starts.Go(func() {
			_, err := makeToken(t, c, app.TokenRequest{Role: "admin", UserID: 1, TTL: time.Minute})
			assert.ErrorContains(t, err, "No such user", "it came as far as that")
		})
	}
	starts.Wait()
	name := filepath.Join(c.DataDir, "secret.key")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	assert.Len(t, key, 32)
	about, err := os.Stat(name)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), about.Mode().Perm())
	entries, err := os.ReadDir(c.DataDir)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no drafts are left")

	require.NoError(t, os.WriteFile(name, []byte("c2hvcnQ=\n"), 0o600))
	_, err = makeToken(t, c, app.TokenRequest{Role: "admin", TTL: time.Minute})
	require.ErrorContains(t, err, "secret.key must be 32 bytes in base64")
	require.NoError(t, os.WriteFile(name, []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("x"), 32))), 0o600))
	p := app.Config{DatabaseURL: c.DatabaseURL, SecretKey: key}
	adminToken(t, p)
	_, err = makeToken(t, c, app.TokenRequest{Role: "admin", TTL: time.Minute})
	require.ErrorContains(t, err, "PLAZA_SECRET_KEY is not the one")
	_, err = makeToken(t, app.Config{DatabaseURL: c.DatabaseURL}, app.TokenRequest{Role: "admin", TTL: time.Minute})
	require.ErrorContains(t, err, "PLAZA_SECRET_KEY is needed, or PLAZA_DATA_DIR")
}

func TestProductionNeedsAProviderThatAnswers(t *testing.T) {
	t.Parallel()
	c := app.Config{Environment: app.Production, HTTPAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t)}
	require.ErrorContains(t, fail(t, c), "PLAZA_ENV=production needs PLAZA_OIDC_ISSUER")
	c.OIDCIssuer = "http://127.0.0.1:1"
	require.ErrorContains(t, fail(t, c), "PLAZA_OIDC_ISSUER: the OpenID provider does not answer")
}
