// Package gotest_test holds the Go SDK, gen/client, against real servers. It is no part of that module, which must not
// require this one.
package gotest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	plaza "github.com/plaza-api/plaza/gen/client"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// admin is who is signed in, and no user.
const admin = 1 << 52

// connect returns an SDK that is signed in as an admin, and whose answers are held against the contract.
func connect(t *testing.T, s *testkit.Server, options ...plaza.Option) *plaza.API {
	t.Helper()
	token := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.Token(t, "admin", admin)})
	options = append([]plaza.Option{plaza.WithHTTPClient(s.HTTP()), plaza.WithTokenSource(token)}, options...)
	p, err := plaza.New(s.URL, options...)
	require.NoError(t, err)
	return p
}

var people atomic.Int64 // makes each one different

// person is somebody who can sign up.
func person() plaza.UserSignUp {
	return plaza.UserSignUp{Name: "Ann Lee", Email: fmt.Sprintf("ann%d@example.com", people.Add(1)), Age: 34}
}

// create signs somebody up.
func create(t *testing.T, p *plaza.API) plaza.User {
	t.Helper()
	user, err := p.Users.Create(t.Context(), person())
	require.NoError(t, err)
	return user
}

// attempts is a transport that keeps the requests, and calls before ahead of each with its number, from 1.
type attempts struct {
	before func(number int)

	mu   sync.Mutex
	sent []*http.Request
}

// RoundTrip sends a request over a connection of its own.
func (a *attempts) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	a.sent = append(a.sent, r)
	number := len(a.sent)
	a.mu.Unlock()
	if a.before != nil {
		a.before(number)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	return transport.RoundTrip(r)
}

// headers returns a header field of each request, in their order.
func (a *attempts) headers(name string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	values := []string{}
	for _, r := range a.sent {
		values = append(values, r.Header.Get(name))
	}
	return values
}

// through returns an SDK that reaches a server through a proxy, and its attempts.
func through(t *testing.T, s *testkit.Server, before func(*testkit.Proxy, int), options ...plaza.Option) (
	*plaza.API, *testkit.Proxy, *attempts,
) {
	t.Helper()
	proxy := testkit.NewProxy(t, strings.TrimPrefix(s.URL, "http://"))
	a := &attempts{before: func(number int) {
		if before != nil {
			before(proxy, number)
		}
	}}
	token := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.Token(t, "admin", admin)})
	options = append([]plaza.Option{
		plaza.WithHTTPClient(&http.Client{Transport: a}), plaza.WithTokenSource(token),
	}, options...)
	p, err := plaza.New("http://"+proxy.Address+"/", options...)
	require.NoError(t, err)
	return p, proxy, a
}

// mendAt mends the proxy before an attempt.
func mendAt(number int) func(*testkit.Proxy, int) {
	return func(p *testkit.Proxy, attempt int) {
		if attempt == number {
			p.Mend()
		}
	}
}
