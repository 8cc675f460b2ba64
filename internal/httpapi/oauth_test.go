package httpapi_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestACodeIsForOneClientOneVerifierAndOnce(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := personWithPassword(t, s)
	client, _ := application(t, s, identity.KindPublic, callback)
	other, _ := application(t, s, identity.KindPublic, callback)
	b, _ := signedIn(t, s, client.ID, u)
	again := func() string {
		b.open(authorization(client.ID)).shows("Town Board asks for access") // a loopback client is always asked for
		return b.submit("decision", "allow").led().Get("code")
	}
	for name, fields := range map[string][]string{
		"no verifier":             {"code_verifier", ""},
		"the verifier of another": {"code_verifier", strings.Repeat("x", 43)},
		"a verifier too short":    {"code_verifier", "short"},
		"the challenge":           {"code_verifier", challengeOf(verifier)},
		"another client":          {"client_id", other.ID},
		"another redirect URI":    {"redirect_uri", "http://127.0.0.1:1/callback"},
		"no redirect URI":         {"redirect_uri", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := exchangeCode(s.Nobody(t), client.ID, again(), fields...).Is(http.StatusBadRequest)
			assert.Contains(t, []string{"invalid_grant", "invalid_request"}, a.JSON("error"))
		})
	}
	t.Run("a code that was shown is used up", func(t *testing.T) {
		code := again()
		exchangeCode(s.Nobody(t), client.ID, code, "code_verifier", strings.Repeat("x", 43)).Is(http.StatusBadRequest)
		exchangeCode(s.Nobody(t), client.ID, code).Is(http.StatusBadRequest)
	})
	t.Run("an old code", func(t *testing.T) {
		code := again()
		execute(t, s.DB, "UPDATE authorization_codes SET created_at = created_at - interval '61 s'")
		assert.Equal(t, "invalid_grant", exchangeCode(s.Nobody(t), client.ID, code).Is(http.StatusBadRequest).JSON("error"))
	})
	t.Run("no code", func(t *testing.T) {
		exchangeCode(s.Nobody(t), client.ID, "none").Is(http.StatusBadRequest)
		assert.Equal(t, "unsupported_grant_type", askToken(s.Nobody(t), "grant_type", "password", "client_id", client.ID).Is(400).JSON("error"))
		assert.Equal(t, "invalid_request", askToken(s.Nobody(t), "client_id", client.ID).Is(400).JSON("error"))
		assert.Equal(t, "unauthorized_client", askToken(s.Nobody(t), "client_id", client.ID, "grant_type", "client_credentials").Is(400).JSON("error"))
	})
	t.Run("an ID token is no access token, and an access token no code", func(t *testing.T) {
		tokens := exchangeCode(s.Nobody(t), client.ID, again()).Is(http.StatusOK)
		s.As(text(t, tokens, "id_token")).Get("/me").Is(http.StatusUnauthorized)
		s.As(text(t, tokens, "refresh_token")).Get("/me").Is(http.StatusUnauthorized)
		exchangeCode(s.Nobody(t), client.ID, "a"+text(t, tokens, "refresh_token")).Is(http.StatusBadRequest)
	})
}

func TestOfFiftyExchangesOfACodeOneWinsAndTheReuseEndsWhatItGave(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	_, code := signedIn(t, s, client.ID, personWithPassword(t, s))
	answers := make([]*testkit.Answer, 50)
	var calls sync.WaitGroup
	for i := range answers {
		calls.Go(func() { answers[i] = exchangeCode(s.Nobody(t), client.ID, code) })
	}
	calls.Wait()
	var won []*testkit.Answer
	for _, a := range answers {
		if a.Status == http.StatusOK {
			won = append(won, a)
		}
	}
	require.Len(t, won, 1)
	ends(t, s.As(text(t, won[0], "access_token")))
	askToken(s.Nobody(t), "grant_type", "refresh_token", "client_id", client.ID,
		"refresh_token", text(t, won[0], "refresh_token")).Is(http.StatusBadRequest)
}

// ends waits until a token is of no use any more.
func ends(t *testing.T, c *testkit.Client) {
	t.Helper()
	require.Eventually(t, func() bool { return c.Get("/me").Status == http.StatusUnauthorized }, 10*time.Second, 10*time.Millisecond)
}

func TestARefreshTokenIsRotatedAndItsReuseEndsTheGrant(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	other, _ := application(t, s, identity.KindPublic, callback)
	_, code := signedIn(t, s, client.ID, personWithPassword(t, s))
	first := exchangeCode(s.Nobody(t), client.ID, code).Is(http.StatusOK)
	refresh := func(token string, fields ...string) *testkit.Answer {
		return askToken(s.Nobody(t), append([]string{
			"grant_type", "refresh_token", "client_id", client.ID, "refresh_token", token,
		}, fields...)...)
	}
	old := text(t, first, "refresh_token")
	refresh(old, "client_id", other.ID).Is(http.StatusBadRequest)
	refresh("").Is(http.StatusBadRequest)
	assert.Equal(t, "invalid_scope", refresh(old, "scope", "posts:write").Is(http.StatusBadRequest).JSON("error"))

	var mu sync.Mutex
	next := map[string]bool{}
	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() {
			a := refresh(old).Is(http.StatusOK)
			mu.Lock()
			defer mu.Unlock()
			next[text(t, a, "refresh_token")] = true
		})
	}
	calls.Wait()
	require.Len(t, next, 1, "everybody gets the same successor")
	narrowed := refresh(old, "scope", "users:read").Is(http.StatusOK)
	assert.Equal(t, "users:read", narrowed.JSON("scope"))
	assert.Nil(t, narrowed.JSON("id_token"))

	execute(t, s.DB, "UPDATE refresh_tokens SET used_at = used_at - interval '11 s'")
	assert.Equal(t, "invalid_grant", refresh(old).Is(http.StatusBadRequest).JSON("error"))
	refresh(text(t, narrowed, "refresh_token")).Is(http.StatusBadRequest)
	ends(t, s.As(text(t, first, "access_token")))
}

func TestATokenIsRevokedAndToldAbout(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, clientSecret := application(t, s, identity.KindConfidential, callback)
	service, serviceSecret := application(t, s, identity.KindService)
	public, _ := application(t, s, identity.KindPublic, callback)
	own := basic(client.ID, clientSecret)
	post := func(path, token, authorization string, fields ...string) *testkit.Answer {
		form := url.Values{"token": {token}}
		for i := 0; i+1 < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		return s.Nobody(t).Post(path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Authorization", authorization)
	}
	_, code := signedIn(t, s, client.ID, personWithPassword(t, s))
	tokens := askToken(s.Nobody(t), "grant_type", "authorization_code", "code", code, "redirect_uri", callback,
		"code_verifier", verifier, "Authorization", own).Is(http.StatusOK)
	access, refresh := text(t, tokens, "access_token"), text(t, tokens, "refresh_token")

	for _, authorization := range []string{own, basic(service.ID, serviceSecret)} {
		assert.Equal(t, true, post("/oauth/introspect", access, authorization).Is(http.StatusOK).JSON("active"))
	}
	assert.Equal(t, "refresh_token", post("/oauth/introspect", refresh, own).Is(http.StatusOK).JSON("token_type"))
	for token, authorization := range map[string]string{refresh: basic(service.ID, serviceSecret), "x": own, "a.b.c": own} {
		assert.Equal(t, `{"active":false}`, string(post("/oauth/introspect", token, authorization).Is(http.StatusOK).Body))
	}
	hinted := post("/oauth/introspect", refresh, own, "token_type_hint", "access_token").Is(http.StatusOK)
	assert.Equal(t, true, hinted.JSON("active"), "a hint is no more than that")
	post("/oauth/introspect", "", own).Is(http.StatusBadRequest)
	post("/oauth/revoke", "", own).Is(http.StatusBadRequest)
	post("/oauth/introspect", access, "", "client_id", public.ID).Is(http.StatusUnauthorized)
	for _, wrong := range []string{basic(client.ID, "wrong"), basic("nobody", "x"), "Basic !", "Bearer x", basic(public.ID, "x")} {
		a := post("/oauth/introspect", access, wrong).Is(http.StatusUnauthorized)
		assert.Equal(t, "invalid_client", a.JSON("error"))
		assert.Equal(t, `Basic realm="plaza"`, a.Header.Get("WWW-Authenticate"))
	}
	post("/oauth/revoke", access, own, "client_secret", clientSecret).Is(http.StatusBadRequest)
	post("/oauth/revoke", access, own, "client_id", "another").Is(http.StatusBadRequest)
	post("/oauth/revoke", access, basic("%zz", "x")).Is(http.StatusBadRequest)

	post("/oauth/revoke", access, "", "client_id", public.ID).Is(http.StatusBadRequest) // it is another's
	s.As(access).Get("/me").Is(http.StatusOK)
	post("/oauth/revoke", access, own).Is(http.StatusOK)
	ends(t, s.As(access))
	assert.Equal(t, true, post("/oauth/introspect", refresh, own).JSON("active"), "one access token alone")
	second := askToken(s.Nobody(t), "grant_type", "refresh_token", "refresh_token", refresh, "Authorization", own).Is(http.StatusOK)
	post("/oauth/revoke", text(t, second, "refresh_token"), own).Is(http.StatusOK)
	ends(t, s.As(text(t, second, "access_token")))
	post("/oauth/revoke", "x", "", "client_id", public.ID, "token_type_hint", "refresh_token").Is(http.StatusOK) // nobody's
}

func TestFailedAttemptsOfClientsAreLimitedByAddressAndStopNoClient(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, func(c *httpapi.Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	client, clientSecret := application(t, s, identity.KindService)
	for range 100 {
		askToken(s.Nobody(t), "grant_type", "client_credentials", "Authorization", basic(client.ID, "x")).
			Is(http.StatusUnauthorized)
	}
	fields := []string{"grant_type", "client_credentials", "Authorization", basic(client.ID, clientSecret)}
	a := askToken(s.Nobody(t), fields...).Is(http.StatusTooManyRequests)
	assert.Equal(t, "temporarily_unavailable", a.JSON("error"))
	assert.NotEmpty(t, a.Header.Get("Retry-After"))
	askToken(s.Nobody(t).From("192.0.2.1"), fields...).Is(http.StatusOK)
}

func TestADescriptionHasTheCharactersThatItMay(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, clientSecret := application(t, s, identity.KindService)
	a := askToken(s.Nobody(t), "grant_type", "client_credentials", "Authorization", basic(client.ID, clientSecret),
		"scope", "a\"b\\c\u00e9").Is(http.StatusBadRequest)
	assert.Equal(t, "'a''b''c?' was not granted", a.JSON("error_description"))
}

func TestWhatIsOfferedIsServed(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	a := s.Nobody(t).Get("/.well-known/oauth-authorization-server").Is(http.StatusOK)
	assert.Equal(t, string(a.Body), string(s.Get("/.well-known/openid-configuration").Is(http.StatusOK).Body))
	var offered map[string]any
	a.Into(&offered)
	routes := strings.Join(s.API.Routes(), "\n") + "\n"
	for name, value := range offered {
		if address, ok := value.(string); ok && name != "issuer" {
			assert.Contains(t, routes, " "+strings.TrimPrefix(address, s.URL)+"\n", name)
		}
	}
	s.Nobody(t).Get("/oauth/keys").Is(http.StatusOK)
	s.Nobody(t).Get("/oauth/token").Is(http.StatusMethodNotAllowed)
	s.Nobody(t).Get("/oauth/userinfo").Is(http.StatusUnauthorized)
	s.DB.Close()
	assert.Equal(t, "temporarily_unavailable", s.Nobody(t).Get("/oauth/keys").Is(http.StatusServiceUnavailable).JSON("error"))
	assert.Contains(t, string(s.Nobody(t).Get(authorization("x")).Is(http.StatusServiceUnavailable).Body), "<h1>That did not work</h1>")
}
