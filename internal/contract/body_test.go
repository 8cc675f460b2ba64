package contract_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	c := load(t)
	const wanted = "unsupported-media-type: The body must be application/json"
	rows := map[string]struct{ operation, contentType, want string }{
		"none":                  {"createUser", "", wanted},
		"another":               {"createUser", "text/plain", wanted},
		"no media type":         {"createUser", ";;", wanted},
		"another charset":       {"createUser", "application/json; charset=iso-8859-1", wanted},
		"a patch names both":    {"updateUser", "text/plain", "unsupported-media-type: The body must be application/merge-patch+json or application/json"},
		"JSON in UTF-8":         {"createUser", "application/json; charset=utf-8", ""},
		"JSON, oddly spelled":   {"createUser", `Application/JSON;  Charset="UTF-8"`, ""},
		"JSON with a parameter": {"createUser", "application/json; profile=a", ""},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request("POST", "/users", row.contentType, `{"name":"Ann","email":"a@b","age":34}`)
			_, err := c.Operation(row.operation).CheckRequest(r, nil)
			if row.want == "" {
				require.NoError(t, err)
				return
			}
			assert.Equal(t, row.want, render(err))
		})
	}
	t.Run("compressed bodies are refused", func(t *testing.T) {
		t.Parallel()
		o := c.Operation("createUser")
		r := request("POST", "/users", jsonType, `{"name":"Ann","email":"a@b","age":34}`)
		r.Header.Set("Content-Encoding", "gzip")
		_, err := o.CheckRequest(r, nil)
		assert.Equal(t, "unsupported-media-type: The body must not be compressed", render(err))
		r.Header.Set("Content-Encoding", "Identity")
		_, err = o.CheckRequest(r, nil)
		require.NoError(t, err)
	})
	t.Run("two media types at once are refused", func(t *testing.T) {
		t.Parallel()
		r := request("POST", "/users", jsonType, `{}`)
		r.Header.Add("Content-Type", jsonType)
		_, err := c.Operation("createUser").CheckRequest(r, nil)
		assert.Equal(t, wanted, render(err))
	})
	t.Run("a body that nobody decodes is left unread", func(t *testing.T) {
		t.Parallel()
		r := request("POST", "/import", "application/x-ndjson", "not JSON at all")
		_, err := c.Operation("importUsers").CheckRequest(r, nil)
		require.NoError(t, err)
		read, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		assert.Equal(t, "not JSON at all", string(read))
		_, err = c.Operation("importUsers").CheckRequest(request("POST", "/import", "text/csv", "a,b"), nil)
		require.NoError(t, err)
	})
}

func TestBodiesThatAreMissing(t *testing.T) {
	t.Parallel()
	c := load(t)
	const missing = "malformed: The body is missing\n: is missing"
	_, err := c.Operation("createUser").CheckRequest(request("POST", "/users", jsonType, ""), nil)
	assert.Equal(t, missing, render(err))
	_, err = c.Operation("createUser").CheckRequest(httptest.NewRequest(http.MethodPost, "/users", http.NoBody), nil)
	assert.Equal(t, missing, render(err))
	_, err = c.Operation("createNote").CheckRequest(httptest.NewRequest(http.MethodPost, "/notes", http.NoBody), nil)
	require.NoError(t, err)
	r := request("POST", "/notes", jsonType, "")
	r.Body = nil
	_, err = c.Operation("createNote").CheckRequest(r, nil)
	require.NoError(t, err)
}

func TestReadingTheBodyFails(t *testing.T) {
	t.Parallel()
	c := load(t)
	const tooLarge = "too-large: The body is larger than 1024 bytes"
	large := `{"name":"` + strings.Repeat("a", 2000) + `"}`
	rows := map[string]struct {
		body io.Reader
		want string
	}{
		"an announced length is refused before reading": {strings.NewReader(large), tooLarge},
		"too many bytes":         {io.MultiReader(strings.NewReader(large)), tooLarge},
		"too many for net/http":  {http.MaxBytesReader(nil, io.NopCloser(strings.NewReader(large)), 10), tooLarge},
		"a deadline":             {io.MultiReader(strings.NewReader(`{`), failing{os.ErrDeadlineExceeded}), "request-timeout: The body did not arrive in time"},
		"the context's deadline": {failing{context.DeadlineExceeded}, "request-timeout: The body did not arrive in time"},
		"a connection that ends": {io.MultiReader(strings.NewReader(`{`), failing{io.ErrUnexpectedEOF}), "malformed: The body was cut off"},
		"any other error":        {failing{errors.New("reset")}, "malformed: The body was cut off"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/users", row.body)
			r.Header.Set("Content-Type", jsonType)
			_, err := c.Operation("createUser").CheckRequest(r, nil)
			assert.Equal(t, row.want, render(err))
		})
	}
}

// failing is a reader whose connection has trouble.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestForms(t *testing.T) {
	t.Parallel()
	c := load(t)
	rows := map[string]struct{ form, want string }{
		"a good one": {"grant_type=refresh_token&max_age=5&offline=true&resource=https://a&resource=https://b", ""},
		"values of wrong types": {"grant_type=password&max_age=five&offline=1&resource=a&x=1", lines(
			"invalid: 5 faults in the request",
			"/grant_type: must be refresh_token", "/max_age: must be an integer", "/offline: must be true or false",
			"/resource/0: must be an absolute URI", "/x: is not a known field")},
		"a repeated field":     {"grant_type=refresh_token&grant_type=x", "malformed: The body is not a valid form: grant_type is repeated\n/grant_type: is repeated"},
		"bad percent-encoding": {"grant_type=%zz", "malformed: The body is not a valid form"},
		"invalid UTF-8":        {"grant_type=%ff", "malformed: The form is not valid UTF-8, or holds the character U+0000"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request("POST", "/token", formType, row.form)
			_, err := c.Operation("issueToken").CheckRequest(r, nil)
			if row.want != "" {
				assert.Equal(t, row.want, render(err))
				return
			}
			require.NoError(t, err)
			assert.Equal(t, map[string]any{
				"grant_type": "refresh_token", "max_age": int64(5), "offline": true, "resource": []any{"https://a", "https://b"},
			}, validated(r))
			require.NoError(t, r.ParseForm(), "handlers read the form again")
			assert.Equal(t, "5", r.PostForm.Get("max_age"))
		})
	}
}

func BenchmarkCheckRequest(b *testing.B) {
	c := load(b)
	b.Run("POST a user", func(b *testing.B) {
		o := c.Operation("createUser")
		text := []byte(`{"name":"Ann Lee","email":"ann@example.com","age":34,"tags":["go","climbing"]}`)
		r := request(http.MethodPost, "/users", jsonType, string(text))
		b.ReportAllocs()
		for b.Loop() {
			r.Body = io.NopCloser(bytes.NewReader(text))
			if _, err := o.CheckRequest(r, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("GET a list", func(b *testing.B) {
		o := c.Operation("listUsers")
		r := httptest.NewRequest(http.MethodGet, "/users?page=2&q=ann", http.NoBody)
		query := r.URL.RawQuery
		b.ReportAllocs()
		for b.Loop() {
			r.URL.RawQuery = query
			if _, err := o.CheckRequest(r, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
