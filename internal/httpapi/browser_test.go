package httpapi_test

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

const (
	callback = "http://127.0.0.1/callback"
	// verifier is what the challenge of a request was made of.
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	secret   = "correct horse battery"
)

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// browser keeps a cookie, and knows what the page that it shows would send.
type browser struct {
	*testkit.Client

	t      *testing.T
	cookie string
	page   *testkit.Answer
}

func newBrowser(t *testing.T, s *testkit.Server) *browser {
	t.Helper()
	return &browser{Client: s.Nobody(t), t: t}
}

// open asks for a path.
func (b *browser) open(path string) *browser {
	b.t.Helper()
	b.keep(b.Get(path, "Cookie", b.cookie))
	return b
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)">`)

// submit sends the page's first form with more fields, names and values in turns.
func (b *browser) submit(fields ...string) *browser {
	b.t.Helper()
	form, _, _ := strings.Cut(string(b.page.Body), "</form>")
	action := regexp.MustCompile(`<form method="post" action="([^"]+)">`).FindStringSubmatch(form)
	require.NotNil(b.t, action, "no form in %s", b.page.Body)
	values := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(form, -1) {
		values.Set(field[1], html.UnescapeString(field[2]))
	}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	b.post(action[1], values)
	return b
}

// post sends a form as a page of this server would.
func (b *browser) post(path string, form url.Values, headers ...string) *testkit.Answer {
	b.t.Helper()
	headers = append([]string{
		"Content-Type", "application/x-www-form-urlencoded", "Cookie", b.cookie, "Sec-Fetch-Site", "same-origin",
	}, headers...)
	b.keep(b.Post(path, form.Encode(), headers...))
	return b.page
}

func (b *browser) keep(a *testkit.Answer) {
	if a.Header.Get("Set-Cookie") != "" {
		b.cookie, _, _ = strings.Cut(a.Header.Get("Set-Cookie"), ";")
	}
	b.page = a
}

// shows fails the test unless the page has that heading.
func (b *browser) shows(heading string) *browser {
	b.t.Helper()
	require.Contains(b.t, string(b.page.Body), "<h1>"+heading+"</h1>", "status %d", b.page.Status)
	return b
}

// led returns the parameters with which the page leads to the client.
func (b *browser) led() url.Values {
	b.t.Helper()
	b.page.Is(http.StatusSeeOther)
	location, err := url.Parse(b.page.Header.Get("Location"))
	require.NoError(b.t, err)
	return location.Query()
}

// application makes a client of a kind, with every scope.
func application(t *testing.T, s *testkit.Server, kind string, redirects ...string) (identity.Client, string) {
	t.Helper()
	made, clientSecret, err := s.Identity.CreateClient(t.Context(), identity.ClientDraft{
		Name: "Town Board", Kind: kind, RedirectURIs: redirects, PostLogoutRedirectURIs: redirects, Scopes: testkit.Scopes(t),
	})
	require.NoError(t, err)
	return made, clientSecret
}

// authorization is the path of an authorization request; fields win, and empty ones leave a parameter out.
func authorization(client string, fields ...string) string {
	q := url.Values{
		"response_type": {"code"}, "client_id": {client}, "redirect_uri": {callback}, "scope": {"openid users:read"},
		"state": {"s t&te"}, "nonce": {"n-1"}, "code_challenge": {challengeOf(verifier)}, "code_challenge_method": {"S256"},
	}
	for i := 0; i+1 < len(fields); i += 2 {
		if q.Set(fields[i], fields[i+1]); fields[i+1] == "" {
			q.Del(fields[i])
		}
	}
	return "/oauth/authorize?" + q.Encode()
}

// personWithPassword makes a user whose address is verified, with the password `secret`.
func personWithPassword(t *testing.T, s *testkit.Server) user.User {
	t.Helper()
	u := testkit.User(t, s.DB)
	require.NoError(t, s.Identity.ChangePassword(t.Context(), token.Caller{UserID: u.ID}, nil, secret))
	require.NoError(t, s.DB.Queries(t.Context()).UpdateUserEmailVerified(t.Context(), u.ID))
	return u
}

// mailedCode waits for the newest mail to an address, and returns its code.
func mailedCode(t *testing.T, s *testkit.Server, email string) string {
	t.Helper()
	code := ""
	require.Eventually(t, func() bool {
		s.Identity.Wait()
		mails, err := s.Mail.List(1)
		if err != nil || len(mails) == 0 || mails[0].To != email {
			return false
		}
		code = regexp.MustCompile(`\b[0-9]{8}\b`).FindString(mails[0].Text)
		return code != ""
	}, 5*time.Second, time.Millisecond)
	return code
}

// signedIn signs a person in to a client with a password, and returns the browser and the code.
func signedIn(t *testing.T, s *testkit.Server, client string, u user.User, fields ...string) (*browser, string) {
	t.Helper()
	b := newBrowser(t, s).open(authorization(client, fields...)).shows("Sign in")
	b.submit("step", "password", "email", u.Email, "password", secret)
	b.shows("Town Board asks for access").submit("decision", "allow")
	answer := b.led()
	assert.Equal(t, s.URL, answer.Get("iss"))
	require.NotEmpty(t, answer.Get("code"), "%v", answer)
	return b, answer.Get("code")
}

// askToken asks the token endpoint, names and values in turns.
func askToken(c *testkit.Client, fields ...string) *testkit.Answer {
	form := url.Values{}
	headers := []string{"Content-Type", "application/x-www-form-urlencoded"}
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == "Authorization" {
			headers = append(headers, fields[i], fields[i+1])
			continue
		}
		if form.Set(fields[i], fields[i+1]); fields[i+1] == "" {
			form.Del(fields[i])
		}
	}
	return c.Post("/oauth/token", form.Encode(), headers...)
}

// basic is how a client shows its secret.
func basic(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

// exchangeCode exchanges a code of a public client; fields win.
func exchangeCode(c *testkit.Client, client, code string, fields ...string) *testkit.Answer {
	return askToken(c, append([]string{
		"grant_type", "authorization_code", "client_id", client, "code", code, "redirect_uri", callback,
		"code_verifier", verifier,
	}, fields...)...)
}

// text returns a text of an answer.
func text(t *testing.T, a *testkit.Answer, name string) string {
	t.Helper()
	value, ok := a.JSON(name).(string)
	require.True(t, ok, "no %s in %s", name, a.Body)
	return value
}
