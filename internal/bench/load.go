package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// Connections is how many requests are under way at once, unless a plan says otherwise.
const Connections = 32

var errAnswer = errors.New("not the answer that is measured")

// plan says how requests are sent.
type plan struct {
	connections int // how many requests are under way at once, at most
	length      time.Duration
	// rate is how many requests are due a second, whether or not those before are answered (an open loop). A request that
	// has to wait for a free connection began when it was due: what a stall delays is counted (coordinated omission).
	// 0: each connection sends the next one when the last one is answered (a closed loop).
	rate float64
	// patience is how late a request may be and still be sent, and that of a caller who may be refused: answers that are
	// not those of the visitor are counted. 0: all are sent, and a wrong answer ends the load.
	patience time.Duration
}

// closed is a closed loop of so long.
func closed(length time.Duration) plan { return plan{connections: Connections, length: length} }

// open is an open loop of so long, of so many requests a second.
func open(rate float64, length time.Duration) plan {
	return plan{connections: Connections, length: length, rate: rate}
}

// due is when the n-th call begins, and whether there is one.
func (p plan) due(begun time.Time, n uint64) (time.Time, bool) {
	if p.rate == 0 {
		now := time.Now()
		return now, now.Sub(begun) < p.length
	}
	at := begun.Add(time.Duration(float64(n) / p.rate * float64(time.Second)))
	if at.Sub(begun) > p.length {
		return at, false
	}
	time.Sleep(time.Until(at))
	return at, true
}

// run is a load while requests are sent.
type run struct {
	plan
	*server

	client *fasthttp.HostClient
	begun  time.Time
	calls  atomic.Uint64

	mu   sync.Mutex
	load Load
}

// answerTimeout is how long an answer is waited for by those who have patience.
const answerTimeout = 5 * time.Second

// load sends requests as visitors make them, one for each connection.
func (s *server) load(ctx context.Context, visit visitors, p plan) (Load, error) {
	r := &run{plan: p, server: s, load: Load{Answers: map[Answer]*histogram{}}}
	r.client = &fasthttp.HostClient{Addr: s.addr, MaxConns: p.connections, NoDefaultUserAgentHeader: true}
	if p.patience > 0 {
		r.client.ReadTimeout, r.client.MaxIdemponentCallAttempts = answerTimeout, 1
	}
	defer r.client.CloseIdleConnections()
	before, err := s.cpu()
	if err != nil {
		return Load{}, err
	}
	r.begun = time.Now()
	var all sync.WaitGroup
	failures := make([]error, p.connections)
	for i := range p.connections {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), uint64(r.begun.UnixNano()))) //nolint:gosec // nobody guesses it
			failures[i] = r.connection(ctx, visit(i, random))
		})
	}
	all.Wait()
	r.load.Took = time.Since(r.begun)
	after, err := s.cpu()
	r.load.CPU = after - before
	for _, failure := range failures {
		if failure != nil {
			return Load{}, failure
		}
	}
	return r.load, err
}

// connection sends requests one after the other.
func (r *run) connection(ctx context.Context, v visitor) error {
	request, response := &fasthttp.Request{}, &fasthttp.Response{}
	for ctx.Err() == nil {
		n := r.calls.Add(1)
		since, more := r.due(r.begun, n)
		if !more {
			return nil
		}
		if r.patience > 0 && time.Since(since) > r.patience {
			r.count(&r.load.Unsent)
			continue
		}
		request.Reset()
		request.Header.SetHost(r.addr)
		request.Header.Set("Authorization", r.authorization)
		operation := v.ask(request, n)
		err := r.client.Do(request, response)
		if err != nil && r.patience > 0 {
			r.count(&r.load.Unanswered)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", r.name, request.RequestURI(), err)
		}
		status := response.StatusCode()
		right := v.hear(response)
		if !right && r.patience == 0 && status == fasthttp.StatusServiceUnavailable {
			r.count(&r.load.Refused)
			continue
		}
		if !right && r.patience == 0 {
			return fmt.Errorf("%s: %s: %w: %d %s", r.name, request.RequestURI(), errAnswer, status, response.Body())
		}
		if err := r.record(Answer{operation, status}, time.Since(since)); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

func (r *run) count(n *int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*n++
}

func (r *run) record(a Answer, took time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load.Requests++
	h, known := r.load.Answers[a]
	if !known {
		h = newHistogram()
		r.load.Answers[a] = h
	}
	if err := h.RecordValue(max(took.Microseconds(), 1)); err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	return nil
}

// tag is the entity tag of what is at a path.
func (s *server) tag(path string) (string, error) {
	request, response := &fasthttp.Request{}, &fasthttp.Response{}
	request.SetRequestURI("http://" + s.addr + path)
	request.Header.Set("Authorization", s.authorization)
	if err := fasthttp.Do(request, response); err != nil {
		return "", fmt.Errorf("%s: %w", s.name, err)
	}
	tag := string(response.Header.Peek("ETag"))
	if tag == "" {
		return "", fmt.Errorf("%s: %s: %w: %d", s.name, path, errAnswer, response.StatusCode())
	}
	return tag, nil
}
