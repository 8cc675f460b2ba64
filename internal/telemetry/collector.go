package telemetry

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

const (
	defaultSendTimeout = 10 * time.Second
	// answerLimit bounds what is read of a collector's answer, in bytes.
	answerLimit = 64 << 10
	// quiet is how long nothing more is said about a collector that takes nothing.
	quiet = time.Minute
)

// collector is where spans are sent: OTLP in protobuf over HTTP, as OpenTelemetry's own otlptracehttp does it. That one
// links gRPC, which it does not use here: 4.5 MB of program, against 1.5 MB.
// Spans that a collector does not take are not sent again.
type collector struct {
	config TraceConfig
	client *http.Client
	log    *slog.Logger
	now    func() time.Time
	life   context.Context //nolint:containedctx // ends all sending
	giveUp context.CancelFunc

	mu   sync.Mutex
	lost int       // spans since it was said last
	said time.Time // when it was said last
}

func newCollector(c TraceConfig, log *slog.Logger) *collector {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // net/http says so
	c.Timeout = cmp.Or(c.Timeout, defaultSendTimeout)
	life, giveUp := context.WithCancel(context.Background())
	return &collector{
		config: c,
		client: &http.Client{
			Transport: transport, Timeout: c.Timeout,
			// What was meant for one address, headers with keys among it, is not sent to another.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		log: log, now: time.Now, life: life, giveUp: giveUp,
	}
}

// Start implements otlptrace.Client. There is nothing to begin.
func (*collector) Start(context.Context) error { return nil }

// Stop implements otlptrace.Client. Nothing is being sent any more.
func (c *collector) Stop(context.Context) error {
	c.giveUp()
	c.client.CloseIdleConnections()
	return nil
}

// UploadTraces implements otlptrace.Client. It returns no error: that spans were lost is in the log, once a minute
// at most.
func (c *collector) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	if err := c.send(ctx, spans); err != nil {
		c.sayLost(count(spans), err)
	}
	return nil
}

func (c *collector) send(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.life, cancel)() //nolint:contextcheck // either ends it
	// On the wire this is an ExportTraceServiceRequest, whose package would link gRPC.
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil {
		return fmt.Errorf("encode spans: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.Endpoint, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("collector: %w", err)
	}
	for name, value := range c.config.Headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	answer, err := c.client.Do(r)
	if err != nil {
		return fmt.Errorf("collector: %w", err)
	}
	defer answer.Body.Close()                                            //nolint:errcheck // nobody needs it
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, answerLimit)) // so that the connection can be used again
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("collector: it answered %s", answer.Status)
	}
	return nil
}

func (c *collector) sayLost(spans int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost += spans
	now := c.now()
	if !c.said.IsZero() && now.Sub(c.said) < quiet {
		return
	}
	c.log.Warn("spans were lost", "spans", c.lost, "error", err)
	c.lost, c.said = 0, now
}

func count(all []*tracepb.ResourceSpans) (spans int) {
	for _, r := range all {
		for _, s := range r.GetScopeSpans() {
			spans += len(s.GetSpans())
		}
	}
	return spans
}
