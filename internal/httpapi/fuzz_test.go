package httpapi_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/page"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

// answerTime is how long an answer may take; requests are whole, so that nothing is waited for.
const answerTime = 20 * time.Second

// FuzzEdge sends whole requests over a connection of its own, so that no client mends them, to a server with user
// 1, address 1 and post 1, and with user 2 who is deleted, as an admin unless headers say otherwise. It fails on any 5xx, and on any answer that the contract
// does not declare.
//
// headers are lines. The length of the body is always told truly, or the body is chunked if headers say so.
func FuzzEdge(f *testing.F) {
	s := testkit.NewServer(f, func(c *httpapi.Config) { c.CORSOrigins = []string{"https://plaza.example"} })
	ann := testkit.User(f, s.DB)
	testkit.Address(f, s.DB, ann.ID)
	testkit.Post(f, s.DB, ann.ID)
	gone := testkit.User(f, s.DB)
	require.NoError(f, user.New(s.DB).Delete(f.Context(), gone.ID, etag.Match{}))
	admin := "Authorization: Bearer " + s.Token(f, "admin", 1<<52)
	for _, seed := range seeds() {
		f.Add(seed.method, seed.target, seed.headers, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, method, target, headers string, body []byte) {
		if strings.ContainsAny(method+target, "\r\n") {
			return // lines are headers' to have: one with a length would make the server wait for a body
		}
		if !strings.Contains(strings.ToLower(headers), "authorization") {
			headers = admin + "\r\n" + headers
		}
		raw := rawRequest(method, target, headers, body)
		r := parse(raw)
		response, content, err := exchange(t, strings.TrimPrefix(s.URL, "http://"), raw) //nolint:bodyclose // it is closed
		if r == nil && err != nil {
			return // net/http does not wait for the body of what is no request before it hangs up
		}
		require.NoError(t, err, "no answer to %.2000q", raw)
		if response.Header.Get("X-Request-Id") == "" {
			requireNoRequest(t, response, content)
			return
		}
		require.Less(t, response.StatusCode, http.StatusInternalServerError, "%s\nlog: %s", content, s.Log)
		require.NotNil(t, r, "answered what is no request: %s", content)
		s.In(t).Check(r, response, content)
	})
}

// parse reads a request as net/http does; nil if it is none.
func parse(raw []byte) *http.Request {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return nil
	}
	for name, values := range r.Header {
		if strings.ContainsFunc(name, notInName) || strings.ContainsFunc(strings.Join(values, ""), notInValue) {
			return nil
		}
	}
	return r
}

// notInName tells what no field name holds, and notInValue what no field value does (RFC 9110, sections 5.1 and 5.5).
func notInName(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
}

func notInValue(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// requireNoRequest fails unless net/http has refused what is no HTTP/1.1 request, before the server saw it.
func requireNoRequest(t *testing.T, response *http.Response, content []byte) {
	t.Helper()
	refusals := []int{
		http.StatusBadRequest, http.StatusExpectationFailed, http.StatusRequestHeaderFieldsTooLarge,
		http.StatusNotImplemented, http.StatusHTTPVersionNotSupported,
	}
	assert.Contains(t, refusals, response.StatusCode, "%s", content)
}

func rawRequest(method, target, headers string, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: plaza.example\r\n", method, target)
	chunked := false
	for line := range strings.Lines(headers) {
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "transfer-encoding":
			chunked = true
		case "", "content-length", "host", "connection":
		default:
			fmt.Fprintf(&b, "%s:%s\r\n", name, value)
		}
	}
	if chunked && len(body) > 0 {
		fmt.Fprintf(&b, "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
		return b.Bytes()
	}
	if len(body) > 0 {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// exchange sends a request and returns the final answer with its body.
func exchange(t *testing.T, address string, raw []byte) (*http.Response, []byte, error) {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", address)
	require.NoError(t, err)
	defer conn.Close() //nolint:errcheck // it was read
	require.NoError(t, conn.SetDeadline(time.Now().Add(answerTime)))
	go conn.Write(raw) //nolint:errcheck // the server may close before it has read all; its answer tells why
	reader := bufio.NewReader(conn)
	method, _, _ := strings.Cut(string(raw), " ")
	for {
		response, err := http.ReadResponse(reader, &http.Request{Method: method})
		if err != nil {
			return nil, nil, err
		}
		content, err := io.ReadAll(response.Body)
		if err = errors.Join(err, response.Body.Close()); err != nil || response.StatusCode >= http.StatusOK {
			return response, content, err
		}
	}
}

type rawSeed struct{ method, target, headers, body string }

const (
	jsonBody  = "Content-Type: application/json\n"
	patchBody = "Content-Type: application/merge-patch+json\nIf-Match: *\n"
)

// seeds are requests from which the fuzzer goes on; every test run sends them.
func seeds() []rawSeed {
	wide := `{"name":"` + strings.Repeat("é", 101) + `","email":"x","age":1e3,"tags":[` + strings.Repeat(`"a",`, 20) + `"_"]}`
	deep := strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100)
	batch := `{"users":[` + strings.Repeat(`{"name":"a1","q":[1,{}]},`, 150) + `null,7,{}],"atomic":true}`
	place := page.Position{Time: page.First().Time, Text: "Ann", ID: 7}
	return []rawSeed{
		{"GET", "/users", "", ""},
		{"HEAD", "/users?size=100", "Accept-Encoding: gzip\n", ""},
		{"GET", "/users?page=2&size=1", "Accept: application/json;q=0, */*\n", ""},
		{"GET", "/users?page=0&size=101&cursor=&status=x&tag=&q=&sort=-name&nonsense=1", "", ""},
		{"GET", "/users?page=2147483648&size=-1", "", ""},
		{"GET", "/users?page=1e2&size=+1&size=2", "", ""},
		{"GET", "/users?cursor=AQEABjYp2cWXAAAAAAAAAAAq", "", ""},
		{"GET", "/users?cursor=" + page.Newest().Cursor("users -created_at"), "", ""},
		{"GET", "/users?sort=name&cursor=" + place.Cursor("users name="), "", ""},
		{"GET", "/users?sort=email&cursor=" + place.Cursor("users email="), "", ""},
		{"GET", "/users?status=active&tag=go&q=ann&sort=email", "", ""},
		{"GET", "/users?tag=%C3%89&sort=-created_at", "", ""},
		{"GET", "/users?q=%F4%8F%BF%BF", "", ""},
		{"GET", "/users?q=%00&tag=%ff", "", ""},
		{"GET", "/users?q=ann%40&q=%zz;a=b", "", ""},
		{"GET", "/users?" + strings.Repeat("a&", 500), "", ""},
		{"POST", "/users", jsonBody, `{"name":"o'neil mc-donald","email":"fuzz@example.com","age":17,"tags":["A","a"]}`},
		{"POST", "/users", jsonBody, `{"name":"\u0131\u0307","email":"b@example.com","age":20}`},
		{"POST", "/users", jsonBody, `{"name":"A\u0000","email":"c@example.com","age":20,"tags":["\ud800"]}`},
		{"POST", "/users", jsonBody, `{"name":"Ann","name":"Bo","email":"ANN1@EXAMPLE.COM","age":20}`},
		{"POST", "/users", jsonBody, `{"name":"Ann","email":"ann1@example.com","age":99999999999999999999,"x":null}`},
		{"POST", "/users", jsonBody, `{"name":"Bo","email":"d@e.ca","age":20,"address":{"street":"1 Main","city":"NY","country":"CA","postal_code":"1"}}`},
		{"POST", "/users", jsonBody, wide},
		{"POST", "/users", jsonBody, deep},
		{"POST", "/users", jsonBody, ``},
		{"POST", "/users", jsonBody, `null`},
		{"POST", "/users", jsonBody, "{\"name\":\"\xff\"}"},
		{"POST", "/users", jsonBody + "Transfer-Encoding: chunked\n", `{"name":"Bo","email":"e@e.ca","age":20} x`},
		{"POST", "/users", jsonBody + "Content-Encoding: gzip\n", `{}`},
		{"POST", "/users", jsonBody + "Expect: 100-continue\n", `{"age":-0}`},
		{"POST", "/users", "Content-Type: text/plain\n", `{}`},
		{"POST", "/users", jsonBody, strings.Repeat(" ", 70_000)},
		{"POST", "/users", "", "{}"},
		{"POST", "/users", jsonBody + "Idempotency-Key: k\n", `{"name":"Bo","email":"g@e.ca","age":20}`},
		{"POST", "/users/1/posts", jsonBody + "Idempotency-Key: \"k\"\n", `{"title":"T","content":"C"}`},
		{"GET", "/me", "Authorization: Bearer a.b.c\n", ""},
		{"GET", "/users/1", "Authorization: Bearer\nAuthorization: Basic x\n", ""},
		{"POST", "/users/batch", jsonBody, `{"users":[{"name":"Bo","email":"f@e.ca","age":20},{"name":"Bo","email":"F@e.ca","age":2}]}`},
		{"POST", "/users/batch", jsonBody, batch},
		{"POST", "/users/batch", jsonBody, `{"users":[],"atomic":1}`},
		{"GET", "/users/1", "If-None-Match: *\n", ""},
		{"GET", "/users/1?include=posts", "If-None-Match: \"1-a\", W/\"2\"\n", ""},
		{"GET", "/users/2", "X-Request-Id: a b\n", ""},
		{"GET", "/users/9007199254740991", "", ""},
		{"GET", "/users/9007199254740992", "", ""},
		{"GET", "/users/%31", "", ""},
		{"GET", "/users/1%2f2", "", ""},
		{"GET", "/users/-1/", "", ""},
		{"PATCH", "/users/1", patchBody, `{"name":"ann","age":16,"status":"active","tags":["minor"]}`},
		{"PATCH", "/users/1", patchBody, `{"name":null,"tags":[null],"age":1.0}`},
		{"PATCH", "/users/1", "Content-Type: application/json\nIf-Match: \"0-a\"\n", `{}`},
		{"PATCH", "/users/1", "Content-Type: application/json\n", `[]`},
		{"PATCH", "/users/1", "Content-Type: application/json\nIf-Match: 5\nIf-Match: \"1\"\n", `{}`},
		{"DELETE", "/users/2", "If-Match: \"1-a\"\n", ""},
		{"POST", "/users/2/restore", "", "x"},
		{"GET", "/users/1/addresses", "Accept: text/html\n", ""},
		{"POST", "/users/1/addresses", jsonBody, `{"street":"24 Sussex Drive","city":"Ottawa","country":"CA","postal_code":"K1M 1M4"}`},
		{"POST", "/users/1/addresses", jsonBody, `{"street":"     ","city":"O","country":"DE","postal_code":7}`},
		{"PATCH", "/users/1/addresses/1", patchBody, `{"country":"US"}`},
		{"DELETE", "/users/1/addresses/2", "", ""},
		{"POST", "/users/1/posts", jsonBody, `{"title":" ","content":" \n"}`},
		{"GET", "/users/1/posts?page=101&size=100", "", ""},
		{"PATCH", "/users/1/posts/1", patchBody, `{"content":"\u2028"}`},
		{"GET", "/posts?cursor=" + page.First().Cursor("posts"), "", ""},
		{"GET", "/posts/1", "Accept: */*;q=0\n", ""},
		{"OPTIONS", "/users", "Origin: https://plaza.example\nAccess-Control-Request-Method: PATCH\n", ""},
		{"PUT", "/users/1", jsonBody, `{}`},
		{"GET", "/readyz", "Range: bytes=0-1\n", ""},
		{"GET", "/docs/..%2fdocs.go", "", ""},
		{"GET", "/openapi.json", "Accept-Encoding: gzip;q=0\n", ""},
		{"GET", "//users/../users?a", "", ""},
		{"GET", "http://[::1]/users", "", ""},
		{"CONNECT", "/users", "", ""},
		{"GET", "*", "X: " + strings.Repeat("x", 40_000) + "\n", ""},
		{"G\x7fT", "/users", "\x00: \xff\n", ""},
	}
}
