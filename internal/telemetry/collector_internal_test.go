package telemetry

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// spans are n spans.
func spans(n int) []*tracepb.ResourceSpans {
	return []*tracepb.ResourceSpans{{ScopeSpans: []*tracepb.ScopeSpans{{Spans: make([]*tracepb.Span, n)}}}}
}

func TestLostSpansAreInTheLogOnceAMinute(t *testing.T) {
	t.Parallel()
	collects := httptest.NewServer(http.NotFoundHandler())
	defer collects.Close()
	var log bytes.Buffer
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := newCollector(TraceConfig{Endpoint: collects.URL}, slog.New(slog.NewTextHandler(&log, nil)))
	c.now = func() time.Time { return now }
	for _, step := range []struct {
		after time.Duration
		said  string
	}{
		{0, `msg="spans were lost" spans=3 error="collector: it answered 404 Not Found"`},
		{time.Second, ""},
		{time.Minute - time.Second - 1, ""},
		{1, `msg="spans were lost" spans=9 `},
		{time.Second, ""},
	} {
		log.Reset()
		now = now.Add(step.after)
		require.NoError(t, c.UploadTraces(t.Context(), spans(3)))
		assert.Contains(t, log.String(), step.said)
		assert.Equal(t, step.said == "", log.Len() == 0, log.String())
	}
	require.NoError(t, c.Stop(t.Context()))
}

func TestWhatIsMeantForOneCollectorIsNotSentToAnother(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was sent on") }))
	defer other.Close()
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "secret", r.Header.Get("Api-Key"))
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	}))
	defer first.Close()
	c := newCollector(TraceConfig{Endpoint: first.URL, Headers: map[string]string{"api-key": "secret"}}, slog.New(slog.DiscardHandler))
	require.ErrorContains(t, c.send(t.Context(), spans(1)), "it answered 307")
	require.NoError(t, c.Stop(t.Context()))
	require.ErrorIs(t, c.send(t.Context(), spans(1)), context.Canceled)
}
