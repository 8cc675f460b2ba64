package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/valyala/fasthttp"
)

// Connections is how many requests are under way at once in a closed loop.
const Connections = 32

var errAnswer = errors.New("not the answer that is measured")

// maker fills in the request of the n-th call; r is the calling connection's own.
type maker func(q *fasthttp.Request, n uint64, r *rand.Rand)

// Load is what a server did under requests.
type Load struct {
	Requests  int
	Took      time.Duration
	Latencies *hdrhistogram.Histogram // in microseconds
	CPU       time.Duration           // of the server's process
}

// Rate is how many requests were answered a second.
func (l Load) Rate() float64 { return float64(l.Requests) / l.Took.Seconds() }

// Quantile is how long so many percent of the requests took at most.
func (l Load) Quantile(percent float64) time.Duration {
	return time.Duration(l.Latencies.ValueAtQuantile(percent)) * time.Microsecond
}

func newHistogram() *hdrhistogram.Histogram {
	const longest, digits = int64(time.Minute / time.Microsecond), 3
	return hdrhistogram.New(1, longest, digits)
}

// closed sends the next request on each connection when the last one is answered.
func (s *server) closed(ctx context.Context, fill maker, status int, length time.Duration) (Load, error) {
	until := time.Now().Add(length)
	return s.load(ctx, fill, status, func(uint64) (time.Time, bool) {
		now := time.Now()
		return now, now.Before(until)
	})
}

// open sends so many requests a second, whether or not those before are answered. A request that has to wait for a free
// connection began when it was due: what a stall delays is counted (coordinated omission).
func (s *server) open(ctx context.Context, fill maker, status int, rate float64, length time.Duration) (Load, error) {
	begun := time.Now()
	return s.load(ctx, fill, status, func(n uint64) (time.Time, bool) {
		due := begun.Add(time.Duration(float64(n) / rate * float64(time.Second)))
		if due.Sub(begun) > length {
			return due, false
		}
		time.Sleep(time.Until(due))
		return due, true
	})
}

// load sends requests from all connections until next says that it is enough; next also says since when one counts.
func (s *server) load(
	ctx context.Context, fill maker, status int, next func(n uint64) (time.Time, bool),
) (Load, error) {
	client := &fasthttp.HostClient{Addr: s.addr, MaxConns: Connections, NoDefaultUserAgentHeader: true}
	defer client.CloseIdleConnections()
	var calls atomic.Uint64
	var mu sync.Mutex
	total := Load{Latencies: newHistogram()}
	before, err := s.cpu()
	if err != nil {
		return Load{}, err
	}
	begun := time.Now()
	var all sync.WaitGroup
	var failed error
	for i := range Connections {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), uint64(begun.UnixNano()))) //nolint:gosec // nobody guesses it
			latencies, err := s.connection(ctx, client, fill, status, r, func() (uint64, time.Time, bool) {
				n := calls.Add(1)
				since, more := next(n)
				return n, since, more
			})
			mu.Lock()
			defer mu.Unlock()
			total.Latencies.Merge(latencies)
			if err != nil {
				failed = err
			}
		})
	}
	all.Wait()
	total.Took = time.Since(begun)
	total.Requests = int(total.Latencies.TotalCount())
	after, err := s.cpu()
	total.CPU = after - before
	if failed != nil {
		return Load{}, failed
	}
	return total, err
}

// connection sends requests one after the other.
func (s *server) connection(
	ctx context.Context, client *fasthttp.HostClient, fill maker, status int, r *rand.Rand,
	next func() (uint64, time.Time, bool),
) (*hdrhistogram.Histogram, error) {
	latencies := newHistogram()
	request, response := &fasthttp.Request{}, &fasthttp.Response{}
	for ctx.Err() == nil {
		n, since, more := next()
		if !more {
			return latencies, nil
		}
		request.Reset()
		request.Header.SetHost(s.addr)
		request.Header.Set("Authorization", s.authorization)
		fill(request, n, r)
		if err := client.Do(request, response); err != nil {
			return latencies, fmt.Errorf("%s: %s: %w", s.name, request.RequestURI(), err)
		}
		if response.StatusCode() != status {
			return latencies, fmt.Errorf("%s: %s: %w: %d %s",
				s.name, request.RequestURI(), errAnswer, response.StatusCode(), response.Body())
		}
		if err := latencies.RecordValue(max(time.Since(since).Microseconds(), 1)); err != nil {
			return latencies, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return latencies, context.Cause(ctx)
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
