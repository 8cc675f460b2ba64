package gotest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	plaza "github.com/plaza-api/plaza/gen/client"
	"github.com/plaza-api/plaza/internal/testkit"
)

// register makes a client for a service.
func register(t *testing.T, s *testkit.Server) plaza.ClientSecret {
	t.Helper()
	made, err := connect(t, s).Clients.Create(t.Context(), plaza.ClientCreate{
		Name: "Night Report", Kind: plaza.ClientKindService, Scopes: []string{"users:read"},
	})
	require.NoError(t, err)
	return made
}

// exchanges counts how often tokens were asked for.
func (a *attempts) exchanges() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	count := 0
	for _, r := range a.sent {
		if r.URL.Path == "/oauth/token" {
			count++
		}
	}
	return count
}

func TestAServiceGetsOneTokenForAllCalls(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	made := register(t, s)
	p, _, sent := through(t, s, nil, plaza.ClientCredentials(made.Client.ID, made.ClientSecret, "users:read"))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := p.Users.ListPage(t.Context())
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.Equal(t, 1, sent.exchanges())
}

func TestAServiceWhoseTokenWasEndedGetsAnother(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	made := register(t, s)
	id, secret := made.Client.ID, made.ClientSecret
	p, _, sent := through(t, s, nil, plaza.ClientCredentials(id, secret, "users:read"))
	_, err := p.Users.ListPage(t.Context())
	require.NoError(t, err)

	token := sent.headers("Authorization")[1][len("Bearer "):]
	err = p.OAuth.RevokeToken(t.Context(), plaza.RevocationRequest{Token: token}, plaza.WithBasicAuth(id, secret))
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		told, err := p.OAuth.IntrospectToken(t.Context(), plaza.IntrospectionRequest{Token: token},
			plaza.WithBasicAuth(id, secret))
		return assert.NoError(t, err) && !told.Active
	}, 10*time.Second, 10*time.Millisecond)

	_, err = p.Users.ListPage(t.Context(), plaza.WithRetries(0))
	require.NoError(t, err)
	assert.Equal(t, 2, sent.exchanges())
}

// turns gives these tokens, one after the other, and the last one from then on.
type turns []string

func (t *turns) Token() (*oauth2.Token, error) {
	token := &oauth2.Token{AccessToken: (*t)[0]}
	if len(*t) > 1 {
		*t = (*t)[1:]
	}
	return token, nil
}

func TestATokenIsReplacedOnEachPageOfAListThatNeedsIt(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	p := connect(t, s)
	create(t, p)
	create(t, p)
	good := s.Token(t, "admin", admin)
	source := &turns{"ended", good, good, "over", good}
	people, err := plaza.Collect(connect(t, s, plaza.WithTokenSource(source)).Users.List(t.Context(),
		plaza.ListUsersParams{Size: 1}))
	require.NoError(t, err)
	assert.Len(t, people, 2)
}

func TestAServiceThatIsRefused(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	made := register(t, s)
	for name, row := range map[string]struct{ secret, scope, code string }{
		"for its secret": {"wrong", "users:read", "invalid_client"},
		"for its scope":  {made.ClientSecret, "users:write", "invalid_scope"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := connect(t, s, plaza.ClientCredentials(made.Client.ID, row.secret, row.scope))
			_, err := p.Users.ListPage(t.Context())
			var refused *plaza.AuthError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, row.code, refused.Code)
			assert.Equal(t, "exchangeToken", refused.Operation)

			// The same by a source of golang.org/x/oauth2.
			other := clientcredentials.Config{
				ClientID: made.Client.ID, ClientSecret: row.secret, Scopes: []string{row.scope}, TokenURL: s.URL + "/oauth/token",
				AuthStyle: oauth2.AuthStyleInHeader,
			}
			ctx := context.WithValue(t.Context(), oauth2.HTTPClient, s.HTTP())
			_, err = connect(t, s, plaza.WithTokenSource(other.TokenSource(ctx))).Users.ListPage(t.Context())
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, row.code, refused.Code)
			assert.Equal(t, "listUsers", refused.Operation)
		})
	}
}

// source is a source of tokens.
type source func() (*oauth2.Token, error)

// Token returns one.
func (s source) Token() (*oauth2.Token, error) { return s() }

func TestASourceWithoutATokenEndsTheCall(t *testing.T) {
	t.Parallel()
	none := errors.New("nobody has signed in")
	p, _, sent := through(t, testkit.NewServer(t), nil,
		plaza.WithTokenSource(source(func() (*oauth2.Token, error) { return nil, none })))
	_, err := p.Users.ListPage(t.Context())
	require.ErrorIs(t, err, none)
	require.EqualError(t, err, "plaza: listUsers: getting a token: nobody has signed in")
	assert.Empty(t, sent.headers("Accept"), "nothing was sent")
	_, err = p.Posts.ListPage(t.Context())
	require.NoError(t, err, "nobody asks for one")
}

func TestASourceIsAskedForAnotherTokenAfter401(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	good := s.Token(t, "admin", admin)
	texts := []string{"ended", good, good}
	p, _, sent := through(t, s, nil, plaza.WithTokenSource(source(func() (*oauth2.Token, error) {
		token := &oauth2.Token{AccessToken: texts[0]}
		texts = texts[1:]
		return token, nil
	})))
	_, err := p.Users.ListPage(t.Context(), plaza.WithRetries(0))
	require.NoError(t, err)
	assert.Equal(t, []string{"Bearer ended", "Bearer " + good}, sent.headers("Authorization"))

	p, _, sent = through(t, s, nil, bearer("ended"))
	_, err = p.Users.ListPage(t.Context())
	require.ErrorAs(t, err, new(*plaza.AuthError))
	assert.Len(t, sent.headers("Accept"), 1, "there is no other")

	made := 0
	p, _, sent = through(t, s, nil, plaza.WithTokenSource(source(func() (*oauth2.Token, error) {
		made++
		return &oauth2.Token{AccessToken: fmt.Sprint("ended", made)}, nil
	})))
	_, err = p.Users.ListPage(t.Context())
	require.ErrorAs(t, err, new(*plaza.AuthError))
	assert.Len(t, sent.headers("Accept"), 2, "another one is tried once")
}

func TestTheExchangeOfAServiceIsRepeated(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	made := register(t, s)
	p, proxy, sent := through(t, s, mendAt(2), plaza.ClientCredentials(made.Client.ID, made.ClientSecret))
	proxy.CutAnswers()
	_, err := p.Users.ListPage(t.Context(), plaza.OnResponse(func(r *http.Response) {
		assert.Equal(t, http.StatusOK, r.StatusCode)
	}))
	require.NoError(t, err)
	assert.Equal(t, 2, sent.exchanges())
}

func TestTheExchangeOfAServiceHasAttemptsOfItsOwn(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	made := register(t, s)
	p, proxy, sent := through(t, s, mendAt(2), plaza.ClientCredentials(made.Client.ID, made.ClientSecret),
		plaza.WithAttemptTimeout(soon))
	proxy.Stall()
	_, err := p.Users.ListPage(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 2, sent.exchanges())
}

func TestTheExchangeOfAServiceIsNotRepeatedByWhoAskedForIt(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	made := register(t, s)
	p, proxy, sent := through(t, s, nil, plaza.ClientCredentials(made.Client.ID, made.ClientSecret))
	proxy.CutAnswers()
	_, err := p.Users.ListPage(t.Context())
	var lost *plaza.NetworkError
	require.ErrorAs(t, err, &lost)
	assert.Equal(t, "exchangeToken", lost.Operation)
	assert.Equal(t, 3, sent.exchanges())
}
