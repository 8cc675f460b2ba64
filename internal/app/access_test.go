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
	"github.com/plaza-api/plaza/internal/mail"
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
	_, err := makeToken(t, app.Config{Environment: app.Production}, app.TokenRequest{Role: "admin", TTL: time.Minute})
	require.ErrorIs(t, err, app.ErrNoToken)
	elsewhere := app.Config{OIDCIssuer: "https://id.example"}
	_, err = makeToken(t, elsewhere, app.TokenRequest{Role: "admin", TTL: time.Minute})
	require.ErrorIs(t, err, app.ErrElsewhere)
	err = app.RotateKeys(t.Context(), elsewhere, io.Discard, app.NewLog(io.Discard, app.Production))
	require.ErrorIs(t, err, app.ErrElsewhere)
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
	require.ErrorContains(t, err, "PLAZA_SECRET_KEY is needed")
}

func TestProductionNeedsAProviderThatAnswers(t *testing.T) {
	t.Parallel()
	c := app.Config{Environment: app.Production, HTTPAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t)}
	for _, name := range []string{"PLAZA_SECRET_KEY", "PLAZA_SMTP_URL", "PLAZA_MAIL_FROM", "PLAZA_PUBLIC_URL"} {
		require.ErrorContains(t, fail(t, c), "PLAZA_ENV=production needs "+name)
	}
	c.OIDCIssuer = "http://127.0.0.1:1"
	require.ErrorContains(t, fail(t, c), "PLAZA_OIDC_ISSUER: the OpenID provider does not answer")
}

func TestProductionSignsPeopleInItself(t *testing.T) {
	t.Parallel()
	c := app.Config{
		Environment: app.Production, HTTPAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t), SecretKey: bytes.Repeat([]byte("s"), 32),
		SMTPURL: "smtp://127.0.0.1:1", MailFrom: "Plaza <plaza@plaza.example>", PublicURL: "https://plaza.example",
		Docs: true,
	}
	p := start(t, c)
	metadata := p.call(t, http.MethodGet, "/.well-known/openid-configuration", nil).Is(http.StatusOK)
	assert.Equal(t, "https://plaza.example", metadata.JSON("issuer"))
	p.call(t, http.MethodGet, "/oauth/authorize?client_id=plaza-console", nil).Is(http.StatusBadRequest) // is development's
	docs := "/oauth/authorize?client_id=plaza-docs&response_type=code&scope=users:read&code_challenge_method=S256" +
		"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&redirect_uri="
	p.call(t, http.MethodGet, docs+"https://plaza.example/docs", nil).Is(http.StatusOK)
	p.call(t, http.MethodGet, docs+"http://127.0.0.1/docs", nil).Is(http.StatusBadRequest)
	left := testkit.NewClient(t, "http://"+p.addr).Post("/oauth/logout", "client_id=", "Cookie", "__Host-plaza-session=x",
		"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin").Is(http.StatusOK)
	assert.Regexp(t, `^__Host-plaza-session=; .*; Secure`, left.Header.Get("Set-Cookie"))
	require.NoError(t, p.stop(t))

	var out bytes.Buffer
	log := app.NewLog(io.Discard, app.Production)
	request := app.AdminRequest{Email: "ann@example.com", Name: "ann lee", Age: 34}
	require.NoError(t, app.CreateAdmin(t.Context(), c, request, &out, log))
	assert.Equal(t, "admin: user 1, Ann Lee (ann@example.com); signs in by a code to that address\n", out.String())
	require.NoError(t, app.CreateAdmin(t.Context(), c, request, &out, log), "who is one stays one")
	request.Email = "no address"
	require.Error(t, app.CreateAdmin(t.Context(), c, request, &out, log))
}

func TestTheKeptMailsArePrintedTheNewestLast(t *testing.T) {
	t.Parallel()
	c := app.Config{DataDir: t.TempDir()}
	var out bytes.Buffer
	require.NoError(t, app.PrintMail(c, 5, &out))
	assert.Equal(t, "no mail\n", out.String())
	out.Reset()
	kept := mail.NewCapture(filepath.Join(c.DataDir, "mail"))
	for _, subject := range []string{"first", "second", "third"} {
		require.NoError(t, kept.Send(t.Context(), mail.Message{To: "ann@example.com", Subject: subject, Text: "Hello"}))
	}
	require.NoError(t, app.PrintMail(c, 2, &out))
	assert.Regexp(t, `(?s)^To:      ann@example.com\nDate:    .*Subject: second\n\nHello\n.*Subject: third\n\nHello\n`, out.String())
	assert.NotContains(t, out.String(), "first")
}

func TestTheVariablesOfSignInAreRead(t *testing.T) {
	t.Parallel()
	c, err := app.LoadConfig([]string{
		"PLAZA_PUBLIC_URL=https://plaza.example", "PLAZA_SMTP_URL=smtps://u:p@mail.example", "PLAZA_MAIL_FROM=Plaza <p@plaza.example>",
	})
	require.NoError(t, err)
	assert.Equal(t, "https://plaza.example", c.PublicURL)
	_, err = app.LoadConfig([]string{
		"PLAZA_PUBLIC_URL=https://plaza.example/path", "PLAZA_SMTP_URL=http://u:hidden@mail.example", "PLAZA_MAIL_FROM=nobody",
	})
	for _, part := range []string{"a scheme and a host", "smtp://user:password@host:587", "but must be an address"} {
		require.ErrorContains(t, err, part)
	}
	assert.NotContains(t, err.Error(), "hidden")
}
