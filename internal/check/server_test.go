package check_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
			assert.Contains(t, found["server/contract"], `the server's contract says "Plaza" where this tree's says "Piazza", at /info/title`)
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
	t.Run("of which it does not say enough", func(t *testing.T) {
		t.Parallel()
		for _, stated := range []string{"0.1.0", "0.1.0+a"} {
			address := before(t, s, func(r *http.Response) error {
				r.Header.Set("X-Contract-Version", stated)
				return nil
			})
			found := verdict(t, project(t), check.ServerOptions{URL: address})
			assert.Contains(t, strings.Join(found["server/contract"], "\n"), "which this repository does not know", stated)
		}
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
		{"X-Process-Time"},
		{"Cache-Control"},
		{"Ratelimit"},
		{"Ratelimit-Policy"},
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
