package mock

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/plaza-api/plaza/internal/contract"
)

// Options are what a mock is made of.
type Options struct {
	File    string         // the document
	Rules   contract.Rules // what Plaza's names and Go knows
	Latency Latency
	Log     io.Writer // one line a request
	Now     func() time.Time
}

// Server answers the operations of a document.
type Server struct {
	options Options
	served  atomic.Pointer[document]
}

// New reads the document. Its error tells that it cannot be read.
func New(options Options) (*Server, error) {
	s := &Server{options: options}
	if err := s.Reload(); err != nil {
		return nil, err
	}
	return s, nil
}

// Reload reads the document again. With an error the one before is served on.
func (s *Server) Reload() error {
	source, err := os.ReadFile(s.options.File)
	if err != nil {
		return fmt.Errorf("reading the contract: %w", err)
	}
	c, err := contract.LoadAny(s.name(), source, s.options.Rules)
	if err != nil {
		return err
	}
	s.served.Store(newDocument(c, s.options.Now))
	return nil
}

// Contract is what is served now.
func (s *Server) Contract() *contract.Contract { return s.served.Load().contract }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := s.options.Now()
	s.options.Latency.wait(r.Context())
	q := question{Request: r, id: requestID(r)}
	a := s.served.Load().answer(&q) //nolint:contextcheck // it is the request's
	a.send(w, r)
	s.log(r, a, s.options.Now().Sub(begun))
}

// log writes a line: what is long comes last, so that the rest stands in columns.
func (s *Server) log(r *http.Request, a answer, took time.Duration) {
	id := ""
	if a.operation != nil {
		id = a.operation.ID
	}
	const precision = 100 * time.Microsecond
	line := fmt.Sprintf("%s  %-7s  %d  %8s  %-24s  %s  %s", s.options.Now().Format(time.TimeOnly), r.Method, a.status,
		took.Round(precision), id, r.URL.EscapedPath(), a.note)
	_, _ = fmt.Fprintln(s.options.Log, strings.TrimRight(line, " ")) // there is nobody left to tell
}

// name is what the document is called.
func (s *Server) name() string { return filepath.Base(s.options.File) }

// question is a request with what was found out about it.
type question struct {
	*http.Request

	id    string
	path  map[string]string
	under string // the parameter that the path ends with; empty where it ends with a word
}

// requestID is the caller's X-Request-Id if it is one that Plaza takes, else a new one.
func requestID(r *http.Request) string {
	id := r.Header.Get("X-Request-Id")
	strange := func(c rune) bool {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		return !letter && (c < '0' || c > '9') && !strings.ContainsRune("-_.", c)
	}
	const longest = 64
	if id == "" || len(id) > longest || strings.ContainsFunc(id, strange) {
		return rand.Text()
	}
	return id
}
