package check

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	contractfile "github.com/plaza-api/plaza/gen/contract"
)

// told writes findings as "rule pointer: message".
func told(d *deployed) []string {
	var all []string
	for _, f := range d.findings {
		all = append(all, f.Rule+" "+f.Pointer+": "+f.Message)
	}
	return all
}

// goodHeaders are those of every answer, and of what has a limit and an entity tag.
func goodHeaders() http.Header {
	h := http.Header{}
	for _, name := range append(alwaysSent(), "Etag", "Ratelimit", "Ratelimit-Policy") {
		h.Set(name, "x")
	}
	h.Set("X-Request-Id", "sent")
	return h
}

func TestWhichHeadersAnAnswerMustHave(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		id     string
		url    string
		status int
		change func(http.Header)
		lost   []string
	}{
		{"getUser", "http://a.test", 200, func(http.Header) {}, nil},
		{"getUser", "http://a.test", 200, func(h http.Header) { h.Del("ETag") }, []string{"Etag"}},
		{"getUser", "http://a.test", 404, func(h http.Header) { h.Del("ETag") }, nil},
		{"listUsers", "http://a.test", 200, func(h http.Header) { h.Del("ETag") }, nil},
		{"createUser", "http://a.test", 201, func(h http.Header) { h.Del("ETag") }, nil},
		{"getUser", "http://a.test", 200, func(h http.Header) { h.Del("Ratelimit") }, []string{"Ratelimit"}},
		{"getUser", "http://a.test", 200, func(h http.Header) { h.Del("Ratelimit-Policy") }, []string{"Ratelimit-Policy"}},
		{"getUser", "http://a.test", 401, func(h http.Header) { h.Del("Ratelimit"); h.Del("Ratelimit-Policy") }, nil},
		{"getHealth", "http://a.test", 200, func(h http.Header) { h.Del("Ratelimit"); h.Del("Ratelimit-Policy") }, nil},
		{"getUser", "http://a.test", 200, func(h http.Header) { h.Set("X-Request-Id", "other") }, []string{"X-Request-Id as it was sent"}},
		{"getUser", "http://a.test", 200, func(h http.Header) { h.Del("X-Request-Id") }, []string{"X-Request-Id"}},
		{"getUser", "https://a.test", 200, func(http.Header) {}, []string{"Strict-Transport-Security"}},
		{"getUser", "https://a.test", 200, func(h http.Header) { h.Set("Strict-Transport-Security", "x") }, nil},
		{"getUser", "http://a.test", 404, func(h http.Header) { clear(h) }, []string{
			"Cache-Control", "Content-Security-Policy", "Cross-Origin-Resource-Policy", "Referrer-Policy",
			"X-Content-Type-Options", "X-Contract-Version", "X-Frame-Options", "X-Process-Time", "X-Request-Id",
		}},
	} {
		d := asked(t, string(contractfile.YAML), ServerOptions{URL: row.url}, row.id)
		h := goodHeaders()
		row.change(h)
		d.holdHeaders(d.spec.Operations[0], answered{id: "sent", status: row.status, header: h})
		assert.Equal(t, row.lost, slices.Sorted(maps.Keys(d.lost)), "%s %s %d", row.id, row.url, row.status)
	}
}

func TestALostHeaderIsToldOnceWithItsFirstAnswer(t *testing.T) {
	t.Parallel()
	d := asked(t, string(contractfile.YAML), ServerOptions{})
	d.lose(d.spec.Operation("getUser"), "ratelimit")
	d.lose(d.spec.Operation("getPost"), "RateLimit")
	d.lose(d.spec.Operation("getPost"), "ETag")
	d.lose(d.spec.Operation("getMe"), "RateLimit-Policy")
	d.lose(d.spec.Operation("getMe"), "Strict-Transport-Security")
	d.tellLost()
	const taken = ": something between the server and here takes it away"
	assert.Equal(t, []string{
		"server/headers /paths/~1posts~1{post_id}/get: the answer of getPost lacks Etag" + taken,
		"server/headers /paths/~1users~1{user_id}/get: the answer of getUser lacks Ratelimit" + taken + ", or PLAZA_RATE_LIMITS is off",
		"server/headers /paths/~1me/get: the answer of getMe lacks Ratelimit-Policy" + taken + ", or PLAZA_RATE_LIMITS is off",
		"server/headers /paths/~1me/get: the answer of getMe lacks Strict-Transport-Security" + taken + ", or PLAZA_ENV is not production",
	}, told(d))
}

func TestAnAnswerIsHeldAgainstItsOperation(t *testing.T) {
	t.Parallel()
	const health, at = `{"status":"alive"}`, "server/behaviour /paths/~1healthz/get: "
	for _, row := range []struct {
		id     string
		status int
		change func(http.Header)
		body   string
		want   string
		lost   string
	}{
		{"getHealth", 200, func(h http.Header) { h.Set("Via", "proxy") }, health, "", ""},
		{"getHealth", 500, func(http.Header) {}, health, at + "getHealth answers 500 against the contract: ", ""},
		{"getHealth", 200, func(http.Header) {}, `{"status":"dead"}`, at + "getHealth answers 200 against the contract: body /status", ""},
		{"getHealth", 200, func(h http.Header) { h.Set("X-Process-Time", "soon") }, health, "server/headers /paths/~1healthz/get: getHealth answers " +
			"200 with a header that was changed, or is not the contract's: X-Process-Time", ""},
		{"getUser", 503, func(http.Header) {}, "", "server/behaviour /paths/~1users~1{user_id}/get: getUser answers 503: look into its log for request sent", ""},
		{"createUser", 201, func(http.Header) {}, "{}", "server/behaviour /paths/~1users/post: createUser answers 201 against", "Etag"},
	} {
		source := strings.Replace(string(contractfile.YAML), "\n    ETag:\n", "\n    ETag:\n      required: true\n", 1)
		d := asked(t, source, ServerOptions{}, row.id)
		op := d.spec.Operations[0]
		r, err := http.NewRequestWithContext(t.Context(), op.Method, "http://plaza.test"+op.Path, nil)
		require.NoError(t, err)
		h := validHeaders()
		row.change(h)
		d.hold(op, answered{request: r, id: "sent", status: row.status, header: h, body: []byte(row.body)})
		if row.want == "" {
			assert.Empty(t, told(d))
			continue
		}
		assert.Contains(t, strings.Join(told(d), "\n"), row.want)
		if row.lost != "" {
			assert.Contains(t, d.lost, row.lost)
		}
	}
}

// validHeaders are values that the contract allows.
func validHeaders() http.Header {
	h := http.Header{}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "X-Request-Id": "sent", "X-Process-Time": "0.100000", "Cache-Control": "no-store",
		"X-Contract-Version": "0.1.0+" + strings.Repeat("a", shownHash), "X-Content-Type-Options": "nosniff",
		"X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'",
		"Cross-Origin-Resource-Policy": "same-origin",
	} {
		h.Set(name, value)
	}
	return h
}

func TestHowLongIsWaitedWhereItWasAskedTooOften(t *testing.T) {
	t.Parallel()
	for after, want := range map[string]string{
		"":   "was asked too often (429): try again later",
		"x":  "was asked too often (429): try again later",
		"61": "was asked too often (429): try again later",
		"0":  "was asked too often (429), also after 0s: try again later",
		"60": "context canceled",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		var bodies []string
		a := newAsker(ServerOptions{URL: "http://plaza.test", Transport: transport(func(r *http.Request) *http.Response {
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			bodies = append(bodies, r.Header.Get("X-Request-Id")+" "+string(body))
			if after == "60" {
				cancel()
			}
			return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {after}}}
		})})
		r, err := a.request(t.Context(), http.MethodPatch, "/users")
		require.NoError(t, err)
		setBody(r, "text/plain", "again")
		_, err = a.ask(ctx, r)
		require.ErrorContains(t, err, "/users")
		require.ErrorContains(t, err, want)
		cancel()
		assert.Equal(t, "plazadev-check-1 again", bodies[0])
		if after == "0" {
			assert.Equal(t, []string{"plazadev-check-1 again", "plazadev-check-2 again"}, bodies)
		}
	}
}

func TestWhatACompressedAnswerSays(t *testing.T) {
	t.Parallel()
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	_, err := writer.Write([]byte("text"))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	for _, row := range []struct{ encoding, body, want, fails string }{
		{"gzip", zipped.String(), "text", ""},
		{"", "plain", "plain", ""},
		{"gzip", "", "", ""},
		{"gzip", "plain", "", "/x: an answer that says gzip and is none"},
	} {
		a := newAsker(ServerOptions{URL: "http://plaza.test", Transport: transport(func(*http.Request) *http.Response {
			return &http.Response{
				StatusCode: http.StatusOK, Header: http.Header{"Content-Encoding": {row.encoding}},
				Body: io.NopCloser(strings.NewReader(row.body)),
			}
		})})
		r, err := a.request(t.Context(), http.MethodGet, "/x")
		require.NoError(t, err)
		got, err := a.ask(t.Context(), r)
		if row.fails != "" {
			require.ErrorContains(t, err, row.fails)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, row.want, string(got.body))
	}
}

func TestWhyNoAnswerCameIsSaid(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"speaks no TLS": http.ErrSchemeMismatch,
		"shows a certificate of nobody whom this machine trusts": x509.UnknownAuthorityError{},
		"shows a certificate that is not for a.test":             x509.HostnameError{Certificate: &x509.Certificate{}, Host: "a.test"},
		"shows a certificate that has expired":                   x509.CertificateInvalidError{Reason: x509.Expired},
		"no answer from https://a.test: x509: ":                  x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign},
		"no answer from https://a.test: gone":                    errors.New("gone"),
	} {
		assert.ErrorContains(t, unreachable("https://a.test", err), want)
	}
}
