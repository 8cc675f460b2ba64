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
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
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

// Server is a whole server on a database of its own, reached through Client.
type Server struct {
	*Client

	DB  *postgres.DB
	API *httpapi.Server
	Log *Log
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
	config := httpapi.Config{
		Contract:     Contract(t),
		Users:        user.New(database),
		Addresses:    address.New(database),
		Posts:        post.New(database),
		Dependencies: []httpapi.Dependency{{Name: "database", Ping: database.Ping}},
		RateLimits:   httpapi.RateLimitsOff, // tests make more calls than people
		Log:          slog.New(slog.NewJSONHandler(log, nil)),
		Now:          time.Now,
		Docs:         true,
	}
	for _, f := range change {
		f(&config)
	}
	api, err := httpapi.New(config)
	require.NoError(t, err)
	listener := httptest.NewUnstartedServer(api)
	listener.Config.MaxHeaderBytes = httpapi.MaxHeaderBytes
	listener.Start()
	t.Cleanup(listener.Close)
	return &Server{Client: NewClient(t, listener.URL), DB: database, API: api, Log: log}
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
