package testkit

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/idempotency"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/identity/password"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/mail"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/redis"
	"github.com/plaza-api/plaza/internal/user"
)

var loadContract = sync.OnceValues(func() (*contract.Contract, error) { //nolint:gochecknoglobals // read once
	return contract.Load(contractfile.YAML, httpapi.Rules())
})

// Contract returns the contract of this build.
func Contract(t testing.TB) *contract.Contract {
	t.Helper()
	c, err := loadContract()
	require.NoError(t, err)
	return c
}

// Server is a whole server on a database of its own, reached through Client, which is signed in as an admin.
type Server struct {
	*Client

	DB  *postgres.DB
	API *httpapi.Server
	Log *Log
	// Identity signs people in, and Mail has what it has mailed.
	Identity *identity.Service
	Mail     *mail.Capture

	issuer *token.Issuer
}

// admin is the id of the user as whom a server's client is signed in, and of no row: what tests do to users does not
// end its tokens.
const admin = 1 << 52

// secret is the secret key of tests.
func secret() []byte { return bytes.Repeat([]byte("s"), 32) } // its length

// Token makes an access token that this server takes, with every scope unless scopes are named.
func (s *Server) Token(t testing.TB, role string, userID int64, scopes ...string) string {
	t.Helper()
	if scopes == nil {
		scopes = Scopes(t)
	}
	text, err := s.issuer.AccessToken(t.Context(), token.Claims{
		UserID: userID, ClientID: "tests", Role: role, Scopes: scopes, TTL: time.Hour,
	})
	require.NoError(t, err)
	return text
}

// Member returns a client that is signed in as a member, who need not exist.
func (s *Server) Member(t testing.TB, userID int64) *Client {
	t.Helper()
	return s.In(t).As(s.Token(t, "member", userID))
}

// Nobody returns a client that is not signed in.
func (s *Server) Nobody(t testing.TB) *Client {
	t.Helper()
	return s.In(t).As("")
}

// Scopes are all that the contract knows.
func Scopes(t testing.TB) []string {
	t.Helper()
	return contract.ScopeNames(Contract(t).Scopes())
}

// NewServer starts a server. change may alter what it is made of.
func NewServer(t testing.TB, change ...func(*httpapi.Config)) *Server {
	t.Helper()
	return NewServerOn(t, Database(t), change...)
}

// NewServerOn starts a server on a database.
func NewServerOn(t testing.TB, database *postgres.DB, change ...func(*httpapi.Config)) *Server {
	t.Helper()
	log := &Log{}
	logger := slog.New(slog.NewJSONHandler(log, nil))
	// The listener comes first: its address is the issuer's.
	listener := httptest.NewUnstartedServer(nil)
	issuer := "http://" + listener.Listener.Addr().String()
	keys := token.NewKeys(database, secret(), time.Now)
	tokens := token.NewVerifier(database, keys, issuer, time.Now)
	mails := mail.NewCapture(t.TempDir())
	signIn, err := identity.New(identity.Config{
		DB: database, Keys: keys, Issuer: issuer, Secret: secret(), Scopes: Contract(t).Scopes(),
		Passwords: password.New(password.AtOnce()), Mail: mails, Log: logger, Now: time.Now,
	}, tokens)
	require.NoError(t, err)
	kept := cache.New(Contract(t).Operation("getUser").Policy.Cache.Keep, time.Now)
	config := httpapi.Config{
		Contract:     Contract(t),
		Users:        user.New(database).Keep(kept),
		KeptUsers:    kept,
		Addresses:    address.New(database),
		Posts:        post.New(database),
		Identity:     signIn,
		Failures:     ratelimit.NewMemory(time.Now),
		Dependencies: []httpapi.Dependency{{Name: "database", Ping: database.Ping}},
		Tokens:       tokens,
		Answers:      idempotency.New(database),
		RateLimits:   httpapi.RateLimitsOff, // tests make more calls than people
		Log:          logger,
		Now:          time.Now,
		Docs:         true,
	}
	if len(database.Replicas()) > 0 {
		config.Position = database.Position
	}
	for _, f := range change {
		f(&config)
	}
	api, err := httpapi.New(config)
	require.NoError(t, err)
	listener.Config.Handler = api
	listener.Config.MaxHeaderBytes = httpapi.MaxHeaderBytes
	listener.Start()
	t.Cleanup(func() { listener.Close(); signIn.Wait() })
	s := &Server{
		Client: NewClient(t, listener.URL), DB: database, API: api, Log: log, Identity: signIn, Mail: mails,
		issuer: token.NewIssuer(keys, issuer, time.Now),
	}
	s.Client = s.As(s.Token(t, "admin", admin))
	return s
}

// Log keeps what is written to it; it may be written and read at once.
type Log struct {
	mu  sync.Mutex
	all bytes.Buffer
}

// Write adds a line.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(line)
}

// String returns all lines.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

var _ http.Handler = (*httpapi.Server)(nil)

// Sharing makes a server keep what it answers in a Redis, for all servers there. It is to be used on one database.
func Sharing(t testing.TB, database *postgres.DB, url string) func(*httpapi.Config) {
	t.Helper()
	kept := cache.New(Contract(t).Operation("getUser").Policy.Cache.Keep, time.Now)
	client, err := redis.Open(t.Context(), url, kept.Watch("user"))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	t.Cleanup(kept.Share(client, "user", "tests", slog.New(slog.DiscardHandler)))
	return func(c *httpapi.Config) {
		c.KeptUsers, c.Users = kept, user.New(database).Keep(kept)
	}
}
