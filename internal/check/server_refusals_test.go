package check_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
	"github.com/plaza-api/plaza/internal/httpapi"
)

func TestAServerThatIsNotReady(t *testing.T) {
	t.Parallel()
	s := deployed(t, func(c *httpapi.Config) {
		c.Dependencies = []httpapi.Dependency{{Name: "queue", Ping: func(context.Context) error { return errors.New("gone") }}}
	})
	assert.Equal(t, map[string][]string{
		"server/ready": {"/readyz answers 503 (No answer from: queue): look at what it depends on"},
	}, verdict(t, project(t), check.ServerOptions{URL: s.URL}))
}

// recorded is a request as a careless server got it.
type recorded struct {
	method, path, authorization, mediaType, match string
	body                                          []byte
}

// number is an id in a path.
var number = regexp.MustCompile(`\d+`)

// harmless tells whether a request could have an effect on a server that looks at nothing.
func (r recorded) harmless() bool {
	if slices.Contains([]string{http.MethodGet, http.MethodHead, "PROPFIND"}, r.method) {
		return len(r.body) == 0
	}
	noDocument := len(bytes.Trim(r.body, "\x00")) == 0 && len(r.body) > 0
	ids := number.FindAllString(r.path, -1)
	ofNobody := !slices.ContainsFunc(ids, func(id string) bool { return id != "9007199254740991" })
	switch {
	case r.method == http.MethodDelete:
		return false
	case r.authorization == "":
		return noDocument && r.mediaType == "text/plain" && r.match == "" && ofNobody
	default:
		return r.method == http.MethodPatch && len(ids) > 0 && ofNobody &&
			(noDocument && r.match == `"9007199254740991-0000000000000000"` || string(r.body) == "{}")
	}
}

func TestNothingCouldBeWrittenOnAServerThatTakesEverything(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var all []recorded
	careless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, recorded{r.Method, r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), r.Header.Get("If-Match"), body})
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{"status": "alive"})
	}))
	t.Cleanup(careless.Close)
	for _, token := range []string{"", "any"} {
		found := verdict(t, project(t), check.ServerOptions{URL: careless.URL, Token: token})
		refusals := strings.Join(found["server/refusal"], "\n")
		assert.Contains(t, refusals, "createClient took a call without a token: it answers 200 where 401 is due")
		assert.Contains(t, refusals, "getReadiness took a method that its path does not have: it answers 200 where 405 is due")
		assert.Equal(t, token != "", strings.Contains(refusals, "updateUser took a change without If-Match: it answers 200 where 428 is due"))
	}
	methods := map[string]int{}
	for _, r := range all {
		methods[r.method]++
		assert.True(t, r.harmless(), "%s %s (%s, %q)", r.method, r.path, r.mediaType, r.body)
	}
	assert.Positive(t, methods[http.MethodPost])
	assert.Positive(t, methods[http.MethodPatch])
	assert.Less(t, len(all), 2*150, "few requests")
}

func TestAServerThatDoesNotAnswerIsNoVerdict(t *testing.T) {
	t.Parallel()
	s := deployed(t)
	secret := httptest.NewUnstartedServer(s.API)
	secret.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // of the handshake that is broken off
	secret.StartTLS()
	t.Cleanup(secret.Close)
	closed := httptest.NewServer(nil)
	closed.Close()
	stalled := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(stalled.Close)
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	t.Cleanup(busy.Close)
	moved := httptest.NewServer(http.RedirectHandler("https://plaza.example/healthz", http.StatusMovedPermanently))
	t.Cleanup(moved.Close)
	site := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(site.Close)
	p := project(t)
	for address, want := range map[string]string{
		closed.URL:  "no answer from " + closed.URL,
		stalled.URL: "no answer from " + stalled.URL,
		secret.URL:  "shows a certificate of nobody whom this machine trusts",
		strings.Replace(s.URL, "http:", "https:", 1): "speaks no TLS: ask it with http://",
		busy.URL:              "was asked too often (429): try again later",
		moved.URL:             "leads to https://plaza.example/healthz: ask there",
		site.URL:              "no Plaza answers at " + site.URL + ": /healthz is 404, text/plain, and names no contract",
		"plaza.example":       "is no address of a server",
		"ftp://plaza.example": "is no address of a server",
	} {
		report := check.Run(t.Context(), p, []check.Layer{check.ServerLayer(check.ServerOptions{URL: address, Timeout: time.Second})}, nil)
		assert.Equal(t, check.ExitUnable, report.ExitCode(), address)
		require.ErrorContains(t, report.Results[0].Err, want)
	}
	report := check.Run(t.Context(), p, []check.Layer{check.ServerLayer(check.ServerOptions{URL: s.URL, Token: "old"})}, nil)
	assert.ErrorContains(t, report.Results[0].Err, "does not take the token (The access token is not valid): get another one")
}

func TestWhoIsAskedTooOftenIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := deployed(t)
	var mu sync.Mutex
	refused := map[string]bool{}
	hurried := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		first := !refused[r.Method+r.URL.Path]
		refused[r.Method+r.URL.Path] = true
		mu.Unlock()
		if first {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		s.API.ServeHTTP(w, r)
	}))
	t.Cleanup(hurried.Close)
	assert.Empty(t, verdict(t, project(t), check.ServerOptions{URL: hurried.URL, Token: adminOf(t, s)}))
}
