package plaza

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// tokens gives access tokens for calls.
type tokens interface {
	// token returns another one than refused, which was answered 401, if there is one.
	token(ctx context.Context, c *core, refused string) (*oauth2.Token, error)
}

// WithTokenSource signs calls in with the tokens of a source, which is asked for each attempt: oauth2.ReuseTokenSource
// and what oauth2.Config makes keep a token while it is good.
func WithTokenSource(source oauth2.TokenSource) Option {
	return optionFunc(func(c *core) { c.tokens = given{source} })
}

type given struct{ source oauth2.TokenSource }

func (g given) token(context.Context, *core, string) (*oauth2.Token, error) {
	return g.source.Token() //nolint:wrapcheck // the call does
}

// ClientCredentials signs calls in as a service, a client of the kind service. A token is kept for as long as it is
// good, and another one is got where the server has ended it.
func ClientCredentials(clientID, clientSecret string, scopes ...string) Option {
	return optionFunc(func(c *core) {
		scope := strings.Join(scopes, " ")
		c.tokens = &service{id: clientID, secret: clientSecret, scope: scope, turn: make(chan struct{}, 1)}
	})
}

// service is a client that signs in by its secret.
type service struct {
	id, secret, scope string

	turn chan struct{} // holds one while somebody reads or writes last
	last *oauth2.Token
}

func (s *service) token(ctx context.Context, c *core, refused string) (*oauth2.Token, error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-s.turn }()
	if s.last.Valid() && s.last.AccessToken != refused {
		return s.last, nil
	}
	request := TokenRequest{GrantType: "client_credentials", Scope: s.scope}
	exchange := newCall(c, &exchangeToken, []CallOption{WithBasicAuth(s.id, s.secret)}).with(request)
	exchange.safe = true
	answer, err := send[TokenResponse](ctx, exchange)
	if err != nil {
		return nil, err
	}
	lifetime := time.Duration(answer.ExpiresIn) * time.Second
	s.last = &oauth2.Token{AccessToken: answer.AccessToken, TokenType: "Bearer", Expiry: time.Now().Add(lifetime)}
	return s.last, nil
}

// authorize adds a token to a request that asks for one.
func (c *call) authorize(ctx context.Context, request *http.Request) error {
	if c.tokens == nil || !c.operation.authorized || request.Header.Get("Authorization") != "" {
		return nil
	}
	token, err := c.tokens.token(ctx, c.core, "")
	if err != nil {
		return c.tokenless(ctx, err)
	}
	token.SetAuthHeader(request)
	c.token = token.AccessToken
	return nil
}

// renew tells whether, after 401, there is another token to try, once.
func (c *call) renew(ctx context.Context, f *Error) bool {
	if f.Status != http.StatusUnauthorized || c.token == "" || c.renewed {
		return false
	}
	c.renewed = true
	token, err := c.tokens.token(ctx, c.core, c.token)
	return err == nil && token.AccessToken != c.token
}

// newKey makes an Idempotency-Key: a random UUID.
func newKey() string {
	var id [16]byte
	rand.Read(id[:])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
