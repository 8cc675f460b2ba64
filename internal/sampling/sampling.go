package sampling

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync/atomic"

	"github.com/plaza-api/plaza/internal/contract"
)

const (
	// MaxBody is the largest body that is looked at, in bytes, not compressed.
	MaxBody = 1 << 20
	// maxWaiting is how many answers wait at most, and maxWaitingBytes how large their bodies are together.
	maxWaiting, maxWaitingBytes = 256, 16 << 20
	// maxTold is how many faults of one answer stand in the log.
	maxTold = 10
)

// Answer is a copy of what a server has answered.
type Answer struct {
	Operation *contract.Operation
	Method    string
	Status    int
	Header    http.Header
	Body      []byte // compressed only where the header says so
	RequestID string
}

// Sampler checks answers, one at a time. Its methods may be called concurrently.
type Sampler struct {
	share    float64
	mismatch func(operation string, status int)
	log      *slog.Logger

	queue   chan Answer
	bytes   atomic.Int64 // of the bodies in the queue
	stop    chan context.Context
	stopped chan struct{}

	checked, dropped, skipped atomic.Uint64 // since the start
}

// New makes a sampler of a share of all answers, 0 to 1. mismatch is told each one that the contract does not allow.
func New(share float64, mismatch func(operation string, status int), log *slog.Logger) *Sampler {
	return &Sampler{
		share: share, mismatch: mismatch, log: log,
		queue: make(chan Answer, maxWaiting), stop: make(chan context.Context, 1), stopped: make(chan struct{}),
	}
}

// Picks tells whether the next answer is to be offered.
func (s *Sampler) Picks() bool {
	return s.share > 0 && rand.Float64() < s.share //nolint:gosec // nobody gains by knowing
}

// Offer takes an answer, which must not change any more, and never waits.
func (s *Sampler) Offer(a Answer) {
	size := int64(len(a.Body))
	if s.bytes.Add(size) <= maxWaitingBytes {
		select {
		case s.queue <- a:
			return
		default:
		}
	}
	s.bytes.Add(-size)
	s.dropped.Add(1)
}

// Skip counts an answer that was picked and is larger than MaxBody.
func (s *Sampler) Skip() { s.skipped.Add(1) }

// Checked is how many answers were held against the contract.
func (s *Sampler) Checked() uint64 { return s.checked.Load() }

// Dropped is how many answers did not fit into the queue, or were left in it at the end.
func (s *Sampler) Dropped() uint64 { return s.dropped.Load() }

// Skipped is how many answers were too large to look at.
func (s *Sampler) Skipped() uint64 { return s.skipped.Load() }

// Start begins to check what is offered. It is called once, and Stop after it.
func (s *Sampler) Start() { go s.work() }

// Stop checks what was offered before, until ctx ends, and returns when nothing is at work any more.
func (s *Sampler) Stop(ctx context.Context) {
	s.stop <- ctx
	<-s.stopped
}

func (s *Sampler) work() {
	defer close(s.stopped)
	for {
		select {
		case a := <-s.queue:
			s.check(a)
		case ctx := <-s.stop:
			s.drain(ctx)
			return
		}
	}
}

func (s *Sampler) drain(ctx context.Context) {
	for {
		select {
		case a := <-s.queue:
			if ctx.Err() == nil {
				s.check(a)
			} else {
				s.dropped.Add(1)
			}
		default:
			return
		}
	}
}

// check holds one answer against the contract.
func (s *Sampler) check(a Answer) {
	s.bytes.Add(-int64(len(a.Body)))
	about := []any{"operation", a.Operation.ID, "status", a.Status, "request_id", a.RequestID}
	defer func() { // in a goroutine of its own a panic would end the server
		if reason := recover(); reason != nil {
			s.log.Error("an answer could not be held against the contract", append(about, "panic", fmt.Sprintf("%T", reason))...)
		}
	}()
	body, err := plain(a)
	if errors.Is(err, errLarge) {
		s.skipped.Add(1)
		return
	}
	defer s.checked.Add(1) // when all of it is told
	var faults []string
	if err != nil {
		faults = []string{"body: is not what Content-Encoding says"}
	} else if m, ok := errors.AsType[*contract.Mismatch](
		a.Operation.CheckResponse(&http.Request{Method: a.Method}, a.Status, a.Header, body)); ok {
		faults = m.Faults
	}
	if len(faults) == 0 {
		return
	}
	s.mismatch(a.Operation.ID, a.Status)
	about = append(about, "faults", faults[:min(len(faults), maxTold)])
	s.log.Warn("the answer is not what the contract declares", about...)
}

var errLarge = errors.New("larger than MaxBody")

// plain is the body as it was before compression. Its error is errLarge, or tells that it is not compressed at all.
func plain(a Answer) ([]byte, error) {
	if a.Header.Get("Content-Encoding") != "gzip" || len(a.Body) == 0 {
		return a.Body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(a.Body))
	if err != nil {
		return nil, err //nolint:wrapcheck // nobody reads it
	}
	body, err := io.ReadAll(io.LimitReader(z, MaxBody+1))
	if len(body) > MaxBody {
		return nil, errLarge
	}
	return body, err //nolint:wrapcheck // ditto
}
