package httpapi_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/sampling"
	"github.com/plaza-api/plaza/internal/testkit"
)

// sampled are the answers of a server that looks at each, and which of them were not what its contract declares.
type sampled struct {
	*sampling.Sampler

	log testkit.Log

	mu         sync.Mutex
	mismatches []string // as "operation status"
}

func newSampled(t testing.TB, share float64) *sampled {
	t.Helper()
	s := &sampled{}
	s.Sampler = sampling.New(share, func(operation string, status int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.mismatches = append(s.mismatches, fmt.Sprint(operation, " ", status))
	}, slog.New(slog.NewJSONHandler(&s.log, nil)))
	s.Start()
	t.Cleanup(func() { s.Stop(t.Context()) })
	return s
}

func (s *sampled) on(c *httpapi.Config) { c.Sampler = s.Sampler }

// after returns the mismatches when so many answers are checked.
func (s *sampled) after(t *testing.T, checked int) []string {
	t.Helper()
	require.Eventually(t, func() bool { return s.Checked() >= uint64(checked) }, 10*time.Second, time.Millisecond)
	assert.EqualValues(t, checked, s.Checked())
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mismatches)
}

// withoutDisplayName is a contract that does not know a field which the server answers: as if it leaked it.
func withoutDisplayName(t *testing.T) func(*httpapi.Config) {
	t.Helper()
	return edited(t, `        display_name:
          description: The name with the e-mail address
          type: string
          maxLength: 357
          x-computed: true
          example: Ann Lee (ann@example.com)
`, "", "display_name, ", "")
}

func TestAnAnswerWithAFieldThatTheContractDoesNotKnowIsToldOf(t *testing.T) {
	t.Parallel()
	answers := newSampled(t, 1)
	s := testkit.NewServer(t, answers.on, withoutDisplayName(t))
	u := testkit.User(t, s.DB)
	path := fmt.Sprintf("/users/%d", u.ID)

	tag := s.Get(path, "X-Request-Id", "leaking").Is(http.StatusOK).ETag()
	require.Equal(t, []string{"getUser 200"}, answers.after(t, 1))
	line := answers.log.String()
	assert.Contains(t, line, `"level":"WARN"`)
	assert.Contains(t, line, `"operation":"getUser","status":200,"request_id":"leaking"`)
	assert.Contains(t, line, `"faults":["body /display_name: is not a known field"]`)
	assert.NotContains(t, line, u.Name)
	assert.NotContains(t, line, u.Email)

	s.Send(http.MethodHead, path, nil).Is(http.StatusOK)
	s.Get(path, "If-None-Match", tag).Is(http.StatusNotModified)
	s.Get("/users/999").Is(http.StatusNotFound)
	s.Nobody(t).Get(path).Is(http.StatusUnauthorized)
	assert.Equal(t, []string{"getUser 200"}, answers.after(t, 5), "nothing leaks where there is no body, or a problem")

	s.Get("/nowhere").Is(http.StatusNotFound)
	s.Get("/users?size=1").Is(http.StatusOK)
	assert.Equal(t, []string{"getUser 200", "listUsers 200"}, answers.after(t, 6), "what is no operation is not looked at")
}

func TestACompressedAnswerIsLookedAtAsItWasBefore(t *testing.T) {
	t.Parallel()
	answers := newSampled(t, 1)
	s := testkit.NewServer(t, answers.on, withoutDisplayName(t))
	large := testkit.User(t, s.DB, long)
	testkit.User(t, s.DB, long)
	// A list is compressed on its way out, one user as it is kept.
	for _, path := range []string{"/users", fmt.Sprintf("/users/%d", large.ID), fmt.Sprintf("/users/%d", large.ID)} {
		assert.Equal(t, "gzip", s.Get(path, "Accept-Encoding", "gzip").Is(http.StatusOK).Header.Get("Content-Encoding"))
	}
	assert.ElementsMatch(t, []string{"listUsers 200", "getUser 200", "getUser 200"}, answers.after(t, 3))
	assert.NotContains(t, answers.log.String(), "Content-Encoding")
}

func TestARightServerHasNoMismatch(t *testing.T) {
	t.Parallel()
	answers, asked := newSampled(t, 1), 0
	s := furnished(t, answers.on)
	for _, op := range testkit.Contract(t).Operations {
		if op.Method == http.MethodDelete || op.ID == "getDocsAsset" {
			continue
		}
		asked++
		example(op).send(named(t, s, op))
	}
	assert.Empty(t, answers.after(t, asked))
	assert.Empty(t, answers.log.String())
}

func TestALargeAnswerIsSkipped(t *testing.T) {
	t.Parallel()
	answers := newSampled(t, 1)
	s := testkit.NewServer(t, answers.on)
	require.Greater(t, len(s.Get("/docs/swagger-ui-bundle.js").Is(http.StatusOK).Body), sampling.MaxBody)
	require.Eventually(t, func() bool { return answers.Skipped() == 1 }, 10*time.Second, time.Millisecond)
	assert.Zero(t, answers.Checked())
}

func BenchmarkSampling(b *testing.B) {
	for _, share := range []float64{-1, 0, 0.01, 1} {
		name := fmt.Sprint("share ", share)
		if share < 0 {
			name = "without"
		}
		b.Run(name, func(b *testing.B) {
			answers := newSampled(b, share)
			s := testkit.NewServer(b, func(c *httpapi.Config) {
				if share >= 0 {
					c.Sampler = answers.Sampler
				}
			})
			u := testkit.User(b, s.DB)
			token := s.Token(b, "admin", u.ID)
			r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, fmt.Sprintf("/users/%d", u.ID), http.NoBody)
			require.NoError(b, err)
			r.Header.Set("Authorization", "Bearer "+token)
			b.ReportAllocs()
			for b.Loop() {
				w := &recorder{header: http.Header{}}
				s.API.ServeHTTP(w, r)
				if w.status != http.StatusOK {
					b.Fatal(w.status, w.body.String())
				}
			}
			b.ReportMetric(float64(answers.Checked())/float64(b.N), "checked/op")
		})
	}
}

// recorder takes an answer, and deadlines.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header              { return r.header }
func (r *recorder) Write(p []byte) (int, error)      { return r.body.Write(p) }
func (r *recorder) WriteHeader(status int)           { r.status = status }
func (r *recorder) SetReadDeadline(time.Time) error  { return nil }
func (r *recorder) SetWriteDeadline(time.Time) error { return nil }
