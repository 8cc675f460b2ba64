package check_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/check"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/testkit"
)

// deployed is a server as it is deployed, with a user who has an address and a post.
func deployed(t *testing.T, change ...func(*httpapi.Config)) *testkit.Server {
	t.Helper()
	s := testkit.NewServer(t, append([]func(*httpapi.Config){func(c *httpapi.Config) {
		c.RateLimits, c.Limiter = httpapi.RateLimitsEnforced, ratelimit.NewMemory(time.Now)
	}}, change...)...)
	u := testkit.User(t, s.DB)
	testkit.Address(t, s.DB, u.ID)
	testkit.Post(t, s.DB, u.ID)
	return s
}

// verdict is what is found of a server, by rule.
func verdict(t *testing.T, p *check.Project, options check.ServerOptions) map[string][]string {
	t.Helper()
	report := check.Run(t.Context(), p, []check.Layer{check.ServerLayer(options)}, nil)
	require.NoError(t, report.Results[0].Err)
	found := map[string][]string{}
	for _, f := range report.Findings() {
		assert.Equal(t, strings.TrimSuffix(options.URL, "/"), f.File)
		found[f.Rule] = append(found[f.Rule], f.Message)
	}
	return found
}

// rules are the rules of a verdict.
func rules(found map[string][]string) []string { return slices.Sorted(maps.Keys(found)) }

// adminOf is a token for all of a server.
func adminOf(t *testing.T, s *testkit.Server) string {
	t.Helper()
	return s.Token(t, "admin", 1<<50)
}

// before puts a proxy before a server, and returns its address.
func before(t *testing.T, s *testkit.Server, change func(*http.Response) error) string {
	t.Helper()
	target, err := url.Parse(s.URL)
	require.NoError(t, err)
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }, ModifyResponse: change,
	})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// rows counts the rows of all tables.
func rows(t *testing.T, database *postgres.DB) map[string]int {
	t.Helper()
	found, err := database.Conn(t.Context()).Query(t.Context(), `SELECT relname::text, (xpath('/row/c/text()',
		query_to_xml('SELECT count(*) AS c FROM ' || oid::regclass, false, true, '')))[1]::text::int
		FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`)
	require.NoError(t, err)
	defer found.Close()
	counts := map[string]int{}
	for found.Next() {
		var name string
		var count int
		require.NoError(t, found.Scan(&name, &count))
		counts[name] = count
	}
	require.NoError(t, found.Err())
	require.Greater(t, len(counts), 10)
	return counts
}

func TestTheRightServerHasNoFindingAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	s, p := deployed(t), project(t)
	token, counted := adminOf(t, s), rows(t, s.DB)
	for name, options := range map[string]check.ServerOptions{
		"asked by nobody":   {URL: s.URL},
		"asked by an admin": {URL: s.URL + "/", Token: token},
		"asked by a member": {URL: s.URL, Token: s.Token(t, "member", 1)},
		"behind a proxy that adds headers": {URL: before(t, s, func(r *http.Response) error {
			r.Header.Set("Via", "1.1 proxy")
			r.Header.Set("X-Cache", "MISS")
			return nil
		}), Token: token},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Empty(t, verdict(t, p, options))
			assert.Equal(t, counted, rows(t, s.DB))
		})
	}
}

func TestAServerBelowAPathWithoutItsContract(t *testing.T) {
	t.Parallel()
	s := deployed(t, func(c *httpapi.Config) { c.Docs = false })
	mux := http.NewServeMux()
	mux.Handle("/base/", http.StripPrefix("/base", s.API))
	below := httptest.NewServer(mux)
	t.Cleanup(below.Close)
	assert.Empty(t, verdict(t, project(t), check.ServerOptions{URL: below.URL + "/base", Token: adminOf(t, s)}))
}

func TestAServerWithAnotherContract(t *testing.T) {
	t.Parallel()
	s := deployed(t)
	t.Run("an edit behind", func(t *testing.T) {
		t.Parallel()
		p := project(t)
		for _, commit := range []bool{false, true} {
			if commit {
				git(t, p, "commit", "--quiet", "--all", "--message=Rename")
			} else {
				edit{"openapi.yaml", "  title: Plaza\n", "  title: Piazza\n"}.apply(t, p)
			}
			found := verdict(t, p, check.ServerOptions{URL: s.URL, Token: adminOf(t, s)})
			assert.Equal(t, []string{"server/contract"}, rules(found))
			assert.Contains(t, strings.Join(found["server/contract"], "\n"), "1 edit behind: it follows 0.1.0 of commit "+
				git(t, p, "rev-parse", "--short=12", "v0.1.0"))
			assert.Contains(t, found["server/contract"], `the server's contract says "Plaza" where this tree's says "Piazza"`)
		}
	})
	t.Run("two edits behind, by whose contract its answers are right", func(t *testing.T) {
		t.Parallel()
		p := project(t)
		edit{"openapi.yaml", "  title: Plaza\n", "  title: Piazza\n"}.apply(t, p)
		git(t, p, "commit", "--quiet", "--all", "--message=Rename")
		edit{"openapi.yaml", "enum: [DENY]", "enum: [SAMEORIGIN]"}.apply(t, p)
		found := verdict(t, p, check.ServerOptions{URL: s.URL})
		assert.Equal(t, []string{"server/contract"}, rules(found))
		assert.Contains(t, strings.Join(found["server/contract"], "\n"), "2 edits behind")
	})
	t.Run("ahead on another branch", func(t *testing.T) {
		t.Parallel()
		p := project(t)
		git(t, p, "checkout", "--quiet", "--orphan", "older")
		edit{"openapi.yaml", "  title: Plaza\n", "  title: Piazza\n"}.apply(t, p)
		git(t, p, "commit", "--quiet", "--all", "--message=Rename")
		found := verdict(t, p, check.ServerOptions{URL: s.URL})
		assert.Equal(t, []string{"server/contract"}, rules(found))
		assert.Contains(t, strings.Join(found["server/contract"], "\n"), "which is not in this tree's history")
	})
	for version, want := range map[string]string{
		"0.1.0": "another contract of the same version", "0.0.9": "an older contract, 0.0.9", "0.10.0": "a newer contract, 0.10.0",
	} {
		t.Run("which nobody knows, of version "+version, func(t *testing.T) {
			t.Parallel()
			source := strings.Replace(string(contractfile.YAML), "version: 0.1.0", "version: "+version+" # mine", 1)
			spec, err := contract.Load([]byte(source), httpapi.Rules())
			require.NoError(t, err)
			other := deployed(t, func(c *httpapi.Config) { c.Contract = spec })
			found := verdict(t, project(t), check.ServerOptions{URL: other.URL})
			assert.Equal(t, []string{"server/contract"}, rules(found))
			assert.Contains(t, strings.Join(found["server/contract"], "\n"), want)
		})
	}
}

func TestAServerThatLeaksAField(t *testing.T) {
	t.Parallel()
	s := deployed(t)
	leaking := before(t, s, func(r *http.Response) error {
		text, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		leaked := text
		if strings.HasPrefix(r.Request.URL.Path, "/users") {
			leaked = bytes.ReplaceAll(text, []byte(`"email":"`), []byte(`"password_hash":"$argon2id$","email":"`))
		}
		r.Body = io.NopCloser(bytes.NewReader(leaked))
		if r.Header.Get("Content-Encoding") == "" && r.ContentLength >= 0 && r.Request.Method != http.MethodHead {
			r.Header.Set("Content-Length", strconv.Itoa(len(leaked)))
			r.ContentLength = int64(len(leaked))
		}
		return nil
	})
	found := verdict(t, project(t), check.ServerOptions{URL: leaking, Token: adminOf(t, s)})
	require.Equal(t, []string{"server/behaviour"}, rules(found))
	all := strings.Join(found["server/behaviour"], "\n")
	assert.Contains(t, all, "getUser answers 200 against the contract: body /password_hash: ")
	assert.Contains(t, all, "listUsers answers 200 against the contract: body /data/items/0/password_hash: ")
	assert.NotContains(t, all, "argon2id", "the value stays where it is")
}

func TestAServerBehindAProxyThatStripsHeaders(t *testing.T) {
	t.Parallel()
	s := deployed(t)
	for _, headers := range [][]string{
		{"X-Contract-Version"},
		{"ETag"},
		{"Vary"},
		{"Allow"},
		{"Www-Authenticate"},
		{"X-Request-Id"},
		{"Ratelimit"},
		{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy"},
	} {
		t.Run(headers[0], func(t *testing.T) {
			t.Parallel()
			stripping := before(t, s, func(r *http.Response) error {
				for _, name := range headers {
					r.Header.Del(name)
				}
				return nil
			})
			found := verdict(t, project(t), check.ServerOptions{URL: stripping, Token: adminOf(t, s)})
			require.Equal(t, []string{"server/headers"}, rules(found))
			all := found["server/headers"]
			assert.Len(t, all, len(headers))
			for _, name := range headers {
				assert.Contains(t, strings.ToLower(strings.Join(all, "\n")), " lacks "+strings.ToLower(name)+": ")
			}
		})
	}
}

func TestAServerThatIsNotReady(t *testing.T) {
	t.Parallel()
	s := deployed(t, func(c *httpapi.Config) {
		c.Dependencies = []httpapi.Dependency{{Name: "queue", Ping: func(context.Context) error { return errors.New("gone") }}}
	})
	assert.Equal(t, map[string][]string{
		"server/ready": {"/readyz answers 503 (No answer from: queue): look at what it depends on"},
	}, verdict(t, project(t), check.ServerOptions{URL: s.URL}))
}

// recorded is a request as a careless server got it.
type recorded struct {
	method, path, authorization, mediaType, match string
	body                                          []byte
}

// harmless tells whether a request could have an effect on a server that looks at nothing.
func (r recorded) harmless() bool {
	if slices.Contains([]string{http.MethodGet, http.MethodHead, "PROPFIND"}, r.method) {
		return len(r.body) == 0
	}
	noDocument := len(bytes.Trim(r.body, "\x00")) == 0 && len(r.body) > 0
	nothing := strings.Contains(r.path, "9007199254740991")
	switch {
	case r.method == http.MethodDelete:
		return false
	case r.authorization == "":
		return noDocument && r.mediaType == "text/plain"
	default:
		return r.method == http.MethodPatch && nothing &&
			(noDocument && r.match == `"9007199254740991-0000000000000000"` || string(r.body) == "{}")
	}
}

func TestNothingCouldBeWrittenOnAServerThatTakesEverything(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var all []recorded
	careless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, recorded{r.Method, r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), r.Header.Get("If-Match"), body})
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]bool{"success": true})
	}))
	t.Cleanup(careless.Close)
	for _, token := range []string{"", "any"} {
		found := verdict(t, project(t), check.ServerOptions{URL: careless.URL, Token: token})
		refusals := strings.Join(found["server/refusal"], "\n")
		assert.Contains(t, refusals, "createClient took a call without a token: it answers 200 where 401 is due")
		assert.Contains(t, refusals, "getReadiness took a method that its path does not have: it answers 200 where 405 is due")
		assert.Equal(t, token != "", strings.Contains(refusals, "updateUser took a change without If-Match: it answers 200 where 428 is due"))
	}
	methods := map[string]int{}
	for _, r := range all {
		methods[r.method]++
		assert.True(t, r.harmless(), "%s %s (%s, %q)", r.method, r.path, r.mediaType, r.body)
	}
	assert.Positive(t, methods[http.MethodPost])
	assert.Positive(t, methods[http.MethodPatch])
	assert.Less(t, len(all), 2*150, "few requests")
}

func TestAServerThatDoesNotAnswerIsNoVerdict(t *testing.T) {
	t.Parallel()
	s := deployed(t)
	secret := httptest.NewUnstartedServer(s.API)
	secret.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // of the handshake that is broken off
	secret.StartTLS()
	t.Cleanup(secret.Close)
	closed := httptest.NewServer(nil)
	closed.Close()
	stalled := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(stalled.Close)
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	t.Cleanup(busy.Close)
	moved := httptest.NewServer(http.RedirectHandler("https://plaza.example/healthz", http.StatusMovedPermanently))
	t.Cleanup(moved.Close)
	p := project(t)
	for address, want := range map[string]string{
		closed.URL:  "no answer from " + closed.URL,
		stalled.URL: "no answer from " + stalled.URL,
		secret.URL:  "shows a certificate of nobody whom this machine trusts",
		strings.Replace(s.URL, "http:", "https:", 1): "speaks no TLS: ask it with http://",
		busy.URL:              "was asked too often (429): try again later",
		moved.URL:             "leads to https://plaza.example/healthz: ask there",
		"plaza.example":       "is no address of a server",
		"ftp://plaza.example": "is no address of a server",
	} {
		report := check.Run(t.Context(), p, []check.Layer{check.ServerLayer(check.ServerOptions{URL: address, Timeout: time.Second})}, nil)
		assert.Equal(t, check.ExitUnable, report.ExitCode(), address)
		assert.ErrorContains(t, report.Results[0].Err, want)
	}
	report := check.Run(t.Context(), p, []check.Layer{check.ServerLayer(check.ServerOptions{URL: s.URL, Token: "old"})}, nil)
	assert.ErrorContains(t, report.Results[0].Err, "does not take the token (The access token is not valid): get another one")
}

func TestWhoIsAskedTooOftenIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := deployed(t)
	var mu sync.Mutex
	refused := map[string]bool{}
	hurried := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		first := !refused[r.Method+r.URL.Path]
		refused[r.Method+r.URL.Path] = true
		mu.Unlock()
		if first {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		s.API.ServeHTTP(w, r)
	}))
	t.Cleanup(hurried.Close)
	assert.Empty(t, verdict(t, project(t), check.ServerOptions{URL: hurried.URL, Token: adminOf(t, s)}))
}
