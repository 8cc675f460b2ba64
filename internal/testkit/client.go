package testkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
)

// Client calls a server and fails the test on any status, header or body that the contract does not declare.
// It may be used by many goroutines at once.
type Client struct {
	URL string

	token    string // of whoever calls; empty: nobody is signed in
	t        testing.TB
	contract *contract.Contract
	http     *http.Client
	from     string // another address than this machine's; empty: this one's
}

// NewClient makes a client of the server at url.
func NewClient(t testing.TB, url string) *Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &Client{
		URL: url, t: t, contract: Contract(t),
		http: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// In returns the client for a subtest: faults fail t.
func (c *Client) In(t testing.TB) *Client {
	t.Helper()
	inner := *c
	inner.t = t
	return &inner
}

// As returns the client for another caller, by an access token; empty is nobody.
func (c *Client) As(token string) *Client {
	other := *c
	other.token = token
	return &other
}

// From returns the client for a caller at another address, of a server that trusts this machine as a proxy.
func (c *Client) From(address string) *Client {
	other := *c
	other.from = address
	return &other
}

// Answer is what a server answered, held against the contract already.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte

	t testing.TB
}

// Get asks for a path. headers are names and values in turns.
func (c *Client) Get(path string, headers ...string) *Answer {
	c.t.Helper()
	return c.Send(http.MethodGet, path, nil, headers...)
}

// Post sends body as JSON; a string or []byte is sent as it is.
func (c *Client) Post(path string, body any, headers ...string) *Answer {
	c.t.Helper()
	return c.Send(http.MethodPost, path, body, headers...)
}

// Patch sends a merge patch for what has that entity tag; without one if it is empty.
func (c *Client) Patch(path, etag string, body any, headers ...string) *Answer {
	c.t.Helper()
	if etag != "" {
		headers = append([]string{"If-Match", etag}, headers...)
	}
	headers = append([]string{"Content-Type", "application/merge-patch+json"}, headers...)
	return c.Send(http.MethodPatch, path, body, headers...)
}

// Delete deletes a path.
func (c *Client) Delete(path string, headers ...string) *Answer {
	c.t.Helper()
	return c.Send(http.MethodDelete, path, nil, headers...)
}

// Send sends a request with any method. A body that is no text, bytes or reader is sent as JSON.
func (c *Client) Send(method, path string, body any, headers ...string) *Answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.URL+path, reader(c.t, body))
	require.NoError(c.t, err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if r.Header.Del(headers[i]); headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return c.Do(r)
}

// Do sends a request as it is.
func (c *Client) Do(r *http.Request) *Answer {
	c.t.Helper()
	answer, err := c.Try(r)
	require.NoError(c.t, err)
	return answer
}

// Try is Do for a server that may go away: it returns the error where no whole answer came.
func (c *Client) Try(r *http.Request) (*Answer, error) {
	c.t.Helper()
	if c.token != "" && r.Header.Get("Authorization") == "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.from != "" {
		r.Header.Set("X-Forwarded-For", c.from)
	}
	response, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // it was read to the end
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	c.check(r, response, content)
	return &Answer{Status: response.StatusCode, Header: response.Header, Body: content, t: c.t}, nil
}

// HTTP returns a client for libraries to call with, which holds every answer against the contract as well.
func (c *Client) HTTP() *http.Client {
	return &http.Client{Transport: checked{c}, CheckRedirect: c.http.CheckRedirect}
}

type checked struct{ client *Client }

// RoundTrip sends a request.
func (c checked) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.client.http.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	c.client.check(r, response, content)
	response.Body = io.NopCloser(bytes.NewReader(content))
	return response, nil
}

func reader(t testing.TB, body any) io.Reader {
	t.Helper()
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		return strings.NewReader(b)
	case []byte:
		return bytes.NewReader(b)
	case io.Reader:
		return b
	default:
		encoded, err := json.Marshal(b)
		require.NoError(t, err)
		return bytes.NewReader(encoded)
	}
}

// Is fails the test unless the answer has that status, and returns the answer.
func (a *Answer) Is(status int) *Answer {
	a.t.Helper()
	require.Equal(a.t, status, a.Status, "body: %.2000s", a.Body)
	return a
}

// Into decodes the body.
func (a *Answer) Into(v any) {
	a.t.Helper()
	require.NoError(a.t, json.Unmarshal(a.Body, v), "body: %.2000s", a.Body)
}

// JSON returns the value at a path of keys and indexes in the body; nil where there is none.
func (a *Answer) JSON(path ...any) any {
	a.t.Helper()
	var v any
	a.Into(&v)
	for _, step := range path {
		switch s := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[s]
		case int:
			list, _ := v.([]any)
			if s >= len(list) {
				return nil
			}
			v = list[s]
		}
	}
	return v
}

// ID returns data.id of a write.
func (a *Answer) ID() int64 {
	a.t.Helper()
	id, ok := a.JSON("data", "id").(float64)
	require.True(a.t, ok, "no data.id in %.2000s", a.Body)
	return int64(id)
}

// ETag returns the entity tag.
func (a *Answer) ETag() string { return a.Header.Get("ETag") }

// Faults returns the errors of a problem as "place: detail", in order.
func (a *Answer) Faults() []string {
	a.t.Helper()
	var problem struct {
		Errors []struct{ Pointer, In, Name, Detail string }
	}
	a.Into(&problem)
	faults := []string{}
	for _, e := range problem.Errors {
		place := e.Pointer
		if e.In != "" {
			place = e.In + " " + e.Name
		}
		faults = append(faults, place+": "+e.Detail)
	}
	return faults
}

// Query escapes names and values in turns as a query, with its question mark.
func Query(pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return "?" + values.Encode()
}

// Check holds an answer that came by another way than through the client against the contract. content is the
// body as it came.
func (c *Client) Check(r *http.Request, response *http.Response, content []byte) {
	c.t.Helper()
	c.check(r, response, content)
}

func (c *Client) check(r *http.Request, response *http.Response, content []byte) {
	c.t.Helper()
	sent := response.Header.Clone()
	decoded := decompress(c.t, sent, content)
	op := operationOf(c.contract, r)
	if op == nil {
		c.checkUnrouted(r, response, decoded)
		return
	}
	recorded.write(c.t, c.contract, exchange{
		op: op, request: r, status: response.StatusCode, header: sent, content: decoded,
	})
	assert.NoError(c.t, op.CheckResponse(r, response.StatusCode, sent, decoded),
		"%s %s answered what the contract does not declare: %.2000s", r.Method, r.URL.Path, decoded)
}
