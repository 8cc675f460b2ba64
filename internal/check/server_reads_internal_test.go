package check

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/cache"
)

// answering is a status, headers as "Name: value", and a body.
func answering(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func TestWhatIsReadIsWhatMayBeReadWithListsFirst(t *testing.T) {
	t.Parallel()
	ids := []string{"getPost", "listUserPosts", "getAddress", "listUsers", "listPosts", "getUser", "createUser"}
	for token, want := range map[string][]string{
		"":    {"listPosts", "listUserPosts", "getPost"},
		"any": {"listUsers", "listPosts", "getUser", "listUserPosts", "getPost", "getAddress"},
	} {
		var got []string
		for _, op := range asked(t, string(contractfile.YAML), ServerOptions{Token: token}, ids...).reads() {
			got = append(got, op.ID)
		}
		assert.Equal(t, want, got)
	}
}

func TestAListShowsTheIDsToReadBy(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		list, body string
		want       map[string]string
	}{
		{"listUsers", `{"data":{"items":[{"id":7},{"id":8}]}}`, map[string]string{"user_id": "7"}},
		{"listClients", `{"data":{"items":[{"id":"web"}]}}`, map[string]string{"client_id": "web"}},
		{"listPosts", `{"data":{"items":[]}}`, map[string]string{}},
		{"listPosts", `{"data":{"items":[{"id":""}]}}`, map[string]string{}},
		{"listPosts", `{"data":{"items":[{"id":null}]}}`, map[string]string{}},
		{"listPosts", `{"data":{"items":[{}]}}`, map[string]string{}},
		{"listPosts", `no`, map[string]string{}},
		{"getHealth", `{"data":{"items":[{"id":7}]}}`, map[string]string{}},
	} {
		d := asked(t, string(contractfile.YAML), ServerOptions{})
		d.learn(d.spec.Operation(row.list), answered{body: []byte(row.body)})
		assert.Equal(t, row.want, d.known, "%s %s", row.list, row.body)
	}
}

func TestReadsAreAskedAsWhoTheTokenIsForByWhatListsHaveShown(t *testing.T) {
	t.Parallel()
	var paths []string
	d := asked(t, string(contractfile.YAML), ServerOptions{
		Token: "any", Transport: transport(func(r *http.Request) *http.Response {
			paths = append(paths, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization")))
			if r.URL.Path == "/users" {
				return answering(http.StatusOK, `{"data":{"items":[{"id":7}]}}`)
			}
			if r.URL.Path == "/oauth/keys" {
				return answering(http.StatusServiceUnavailable, "")
			}
			return answering(http.StatusNotFound, "")
		}),
	}, "getPost", "getUser", "listUsers", "getKeys")
	require.NoError(t, d.checkReads(t.Context()))
	assert.Equal(t, []string{
		"GET /users Bearer any", "GET /oauth/keys", "GET /users/7 Bearer any", "GET /posts/1", "HEAD /users Bearer any",
	}, paths)
	assert.Equal(t, map[string]bool{"listUsers": false, "getKeys": false, "getUser": true, "getPost": true}, d.absent)
}

func TestATokenThatIsRefusedIsNoVerdict(t *testing.T) {
	t.Parallel()
	refuse := transport(func(*http.Request) *http.Response {
		return answering(http.StatusUnauthorized, `{"detail":"It has ended"}`)
	})
	d := asked(t, string(contractfile.YAML), ServerOptions{Token: "old", Transport: refuse}, "getPost", "getUser")
	require.EqualError(t, d.checkReads(t.Context()), "http://plaza.test does not take the token (It has ended): get another one")
	d = asked(t, string(contractfile.YAML), ServerOptions{Transport: refuse}, "getPost")
	require.NoError(t, d.checkReads(t.Context()))
	assert.Contains(t, strings.Join(told(d), "\n"), "getPost answers 401 against the contract")
}

func TestHowAReadIsAskedAgain(t *testing.T) {
	t.Parallel()
	const tag, other = `"1-0123456789abcdef"`, `ETag: "2-0123456789abcdef"`
	const own = "ETag: " + tag
	for _, row := range []struct {
		how     string
		status  int
		body    string
		headers []string
		want    string
		lost    string
	}{
		{"conditional", 304, "", []string{own}, "", ""},
		{"conditional", 200, "", []string{other}, "", ""},
		{"conditional", 200, "", []string{own}, "getUser answers 200 to If-None-Match with its own ETag, which wants 304", ""},
		{"conditional", 412, "", []string{other}, "getUser answers 412 to If-None-Match", ""},
		{"head", 200, "", []string{own}, "", ""},
		{"head", 204, "", []string{own}, "getUser answers HEAD with 204, and GET with 200", ""},
		{"compression", 200, "", []string{own, "Vary: Origin", "Vary: ACCEPT-encoding"}, "", ""},
		{"compression", 200, "", []string{own, "Vary: Origin"}, "", "Vary"},
		{"compression", 200, "\x1f\x8bzip", []string{own}, "", "Content-Encoding"},
	} {
		var got *http.Request
		d := asked(t, string(contractfile.YAML), ServerOptions{Transport: transport(func(r *http.Request) *http.Response {
			got = r
			return answering(row.status, row.body, row.headers...)
		})}, "getUser")
		op := d.spec.Operations[0]
		r, err := d.request(t.Context(), http.MethodGet, "/users/1")
		require.NoError(t, err)
		before := answered{request: r, status: 200, header: validHeaders()}
		before.header.Set("ETag", tag)
		switch row.how {
		case "conditional":
			require.NoError(t, d.checkConditional(t.Context(), op, before))
			assert.Equal(t, tag, got.Header.Get("If-None-Match"))
		case "head":
			require.NoError(t, d.checkHead(t.Context(), op, before))
			assert.Equal(t, http.MethodHead, got.Method)
		case "compression":
			require.NoError(t, d.checkCompression(t.Context(), op, before))
			assert.Equal(t, "gzip", got.Header.Get("Accept-Encoding"))
			assert.Equal(t, row.lost == "Vary", d.lost["Vary"] != "")
			assert.Equal(t, row.lost == "Content-Encoding", d.lost["Content-Encoding"] != "")
		}
		assert.Equal(t, http.MethodGet, before.request.Method)
		again := slices.DeleteFunc(told(d), func(s string) bool { return strings.Contains(s, "against the contract") })
		changed := slices.Contains(row.headers, other) && row.status == http.StatusOK
		held := row.want == "" && !changed && row.lost != "Content-Encoding"
		assert.Equal(t, held, d.lost["X-Process-Time"] != "", "%s %d: what is as it must be is held as any answer", row.how, row.status)
		if row.want == "" {
			assert.Empty(t, again, row.how)
			continue
		}
		require.Len(t, again, 1, row.how)
		assert.Contains(t, again[0], "server/behaviour /paths/~1users~1{user_id}/get: "+row.want)
	}
}

func TestWhatIsAskedAgainIsTheFirstThatCanBe(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", cache.CompressFrom+1)
	var again []string
	d := asked(t, string(contractfile.YAML), ServerOptions{Transport: transport(func(r *http.Request) *http.Response {
		if r.Method == http.MethodHead || r.Header.Get("If-None-Match")+r.Header.Get("Accept-Encoding") != "" {
			again = append(again, r.Method+" "+r.URL.Path+r.Header.Get("If-None-Match")+r.Header.Get("Accept-Encoding"))
		}
		switch r.URL.Path {
		case "/posts":
			return answering(http.StatusServiceUnavailable, large, "ETag: 0")
		case "/oauth/keys":
			return answering(http.StatusOK, large[1:])
		case "/docs":
			return answering(http.StatusOK, large)
		default:
			return answering(http.StatusOK, large, "ETag: 1")
		}
	})}, "listPosts", "getKeys", "getDocs", "getContractJSON")
	require.NoError(t, d.checkReads(t.Context()))
	assert.Equal(t, []string{"GET /openapi.json1", "HEAD /oauth/keys", "GET /docsgzip"}, again)
}
