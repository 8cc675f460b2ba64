package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestWithoutAPasswordACodeByMailSignsIn(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := testkit.User(t, s.DB)
	b := newBrowser(t, s).open(authorization(client.ID)).shows("Sign in")
	b.submit("step", "send_code", "email", strings.ToUpper(u.Email)).shows("Enter the code")
	code := mailedCode(t, s, u.Email)
	wrong := "00000000"
	if code == wrong {
		wrong = "00000001"
	}
	b.submit("step", "code", "code", wrong).shows("Enter the code")
	assert.Equal(t, http.StatusBadRequest, b.page.Status)
	b.submit("step", "code", "code", code).shows("Town Board asks for access")
	assert.NotEmpty(t, b.submit("decision", "allow").led().Get("code"))

	again := newBrowser(t, s).open(authorization(client.ID))
	again.submit("step", "send_code", "email", u.Email).submit("step", "code", "code", code).shows("Enter the code")
	assert.Contains(t, string(again.page.Body), "The code is wrong, or no longer good.")
}

func TestACodeHasFiveAttempts(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := testkit.User(t, s.DB)
	b := newBrowser(t, s).open(authorization(client.ID)).submit("step", "send_code", "email", u.Email)
	code := mailedCode(t, s, u.Email)
	for range 5 {
		b.submit("step", "code", "code", "x").shows("Enter the code")
	}
	b.submit("step", "code", "code", code).shows("Enter the code")
}

func TestUnknownAddressesAndWrongPasswordsAnswerAlike(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	known := personWithPassword(t, s)
	without := testkit.User(t, s.DB)
	gone := personWithPassword(t, s)
	execute(t, s.DB, "UPDATE users SET status = 'suspended' WHERE email = '"+gone.Email+"'")
	for _, fields := range [][]string{{"step", "password", "password", "wrong"}, {"step", "code", "code", "12345678"}, {"step", "send_code"}} {
		answers := map[string]bool{}
		for _, email := range []string{known.Email, without.Email, gone.Email, "nobody@example.com"} {
			b := newBrowser(t, s).open(authorization(client.ID)).submit(append(fields, "email", email)...)
			answers[strings.ReplaceAll(string(b.page.Body), email, "")] = true
			assert.Empty(t, b.cookie)
		}
		assert.Len(t, answers, 1, "%v", fields)
	}
}

func TestTenFailuresSlowAPasswordDownAndTheCodeStillWorks(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	b := newBrowser(t, s).open(authorization(client.ID))
	for range 10 {
		b.submit("step", "password", "email", u.Email, "password", "wrong").shows("Sign in")
		assert.Equal(t, http.StatusBadRequest, b.page.Status)
	}
	b.submit("step", "password", "email", strings.ToUpper(u.Email), "password", secret).shows("Sign in")
	assert.Equal(t, http.StatusTooManyRequests, b.page.Status)
	assert.NotEmpty(t, b.page.Header.Get("Retry-After"))
	b.submit("step", "send_code", "email", u.Email).submit("step", "code", "code", mailedCode(t, s, u.Email))
	b.shows("Town Board asks for access")
}

func TestWhoeverSignsUpWithAnothersAddressGainsNothing(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	body := person(object{"password": secret})
	email := fmt.Sprint(body["email"])
	s.Nobody(t).Post("/users", body).Is(http.StatusCreated)
	code := mailedCode(t, s, email)

	thief := newBrowser(t, s).open(authorization(client.ID))
	thief.submit("step", "password", "email", email, "password", secret).shows("Enter the code")
	assert.Empty(t, thief.cookie)

	owner := newBrowser(t, s).open(authorization(client.ID)).submit("step", "send_code", "email", email)
	owner.submit("step", "code", "code", " "+code[:4]+" "+code[4:]).shows("Town Board asks for access") // as people paste it
	thief = newBrowser(t, s).open(authorization(client.ID))
	thief.submit("step", "password", "email", email, "password", secret).shows("Sign in")
	assert.Zero(t, count(t, s.DB, "passwords"))
}

func TestWhoeverKnowsThePasswordAndTheCodeKeepsThePassword(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	body := person(object{"password": secret})
	email := fmt.Sprint(body["email"])
	s.Nobody(t).Post("/users", body, idempotencyKey, "once").Is(http.StatusCreated)
	b := newBrowser(t, s).open(authorization(client.ID))
	b.submit("step", "password", "email", email, "password", secret).shows("Enter the code")
	b.submit("step", "code", "code", mailedCode(t, s, email)).shows("Town Board asks for access")
	newBrowser(t, s).open(authorization(client.ID)).submit("step", "password", "email", email, "password", secret).
		shows("Town Board asks for access")
	faults := s.Nobody(t).Post("/users", person(object{"password": "short"})).Is(http.StatusUnprocessableEntity).Faults()
	assert.Equal(t, []string{"/password: must have at least 12 characters"}, faults)
	s.Post("/users/batch", object{"users": []any{person(object{"password": secret})}}).Is(http.StatusOK)
	assert.Equal(t, 1, count(t, s.DB, "passwords"), "never in batches")
}

func TestTheSessionOfABrowserChangesAtLoginAndIsItsOwn(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	fixed := newBrowser(t, s)
	fixed.cookie = "plaza-session=FIXED"
	fixed.open(authorization(client.ID)).submit("step", "password", "email", u.Email, "password", secret)
	assert.NotEqual(t, "plaza-session=FIXED", fixed.cookie)
	first := fixed.cookie
	fixed.open(authorization(client.ID, "prompt", "login")).shows("Sign in")
	fixed.submit("step", "password", "email", u.Email, "password", secret)
	stale := newBrowser(t, s)
	stale.cookie = first
	stale.open(authorization(client.ID)).shows("Sign in")
	stale.open(authorization(client.ID)).submit("step", "password", "email", u.Email, "password", secret)
	stale.cookie = ""
	stale.submit("decision", "allow").shows("Sign in")
	fixed.open(authorization(client.ID, "max_age", "0")).shows("Sign in")
	fixed.open(authorization(client.ID)).shows("Town Board asks for access")
	assert.Equal(t, "access_denied", fixed.submit("decision", "deny").led().Get("error"))
	assert.Equal(t, "consent_required", fixed.open(authorization(client.ID, "prompt", "none")).led().Get("error"))
}

func TestConsentIsRememberedUntilMoreIsAskedFor(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	const board = "https://board.example/cb"
	client, _ := application(t, s, identity.KindPublic, board)
	u := personWithPassword(t, s)
	b, _ := signedIn(t, s, client.ID, u, "redirect_uri", board)
	assert.NotEmpty(t, b.open(authorization(client.ID, "redirect_uri", board, "prompt", "none")).led().Get("code"))
	b.open(authorization(client.ID, "redirect_uri", board, "scope", "openid posts:write")).shows("Town Board asks for access")
	b.open(authorization(client.ID, "redirect_uri", board, "prompt", "consent")).shows("Town Board asks for access")

	elsewhere := newBrowser(t, s).open(authorization(client.ID, "redirect_uri", board)).shows("Sign in")
	elsewhere.submit("step", "password", "email", u.Email, "password", secret)
	assert.NotEmpty(t, elsewhere.led().Get("code"), "the login page's form leads back at once")
}

func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	b, _ := signedIn(t, s, client.ID, u)
	_, query, _ := strings.Cut(authorization(client.ID), "?")
	for path, form := range map[string]url.Values{
		"/oauth/sign-in": {"request": {query}, "email": {u.Email}, "step": {"password"}, "password": {secret}},
		"/oauth/consent": {"request": {query}, "decision": {"allow"}},
		"/oauth/logout":  {"client_id": {""}},
	} {
		for _, headers := range [][]string{
			{"Sec-Fetch-Site", "cross-site"},
			{"Sec-Fetch-Site", "same-site"},
			{"Sec-Fetch-Site", "", "Origin", "https://evil.example"},
		} {
			b.post(path, form, headers...).Is(http.StatusForbidden)
		}
	}
}

func TestSigningOutEndsTheSessionAndItsTokens(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	b, code := signedIn(t, s, client.ID, personWithPassword(t, s))
	tokens := exchangeCode(s.Nobody(t), client.ID, code).Is(http.StatusOK)
	query := url.Values{"id_token_hint": {text(t, tokens, "id_token")}, "post_logout_redirect_uri": {callback + "?a=b"}, "state": {"x"}}
	b.open("/oauth/logout?" + query.Encode()).shows("That did not work")
	query.Set("post_logout_redirect_uri", callback)
	b.open("/oauth/logout?" + query.Encode()).shows("Sign out?")
	assert.Contains(t, string(b.page.Body), "Town Board")
	b.submit().page.Is(http.StatusSeeOther)
	assert.Equal(t, callback+"?state=x", b.page.Header.Get("Location"))
	ends(t, s.As(text(t, tokens, "access_token")))
	b.open(authorization(client.ID)).shows("Sign in")
	newBrowser(t, s).open("/oauth/logout").submit().shows("You are signed out")
	b.open("/oauth/logout?client_id=" + client.ID).shows("Sign out?").submit().shows("You are signed out")
	for _, hint := range []string{"x", text(t, tokens, "access_token")} {
		newBrowser(t, s).open("/oauth/logout?" + url.Values{"id_token_hint": {hint}}.Encode()).shows("That did not work")
	}
}
