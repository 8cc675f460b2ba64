package httpapi_test

import (
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
)

// two are two servers that share a Redis.
type two struct{ *testkit.Pair }

// await reads from a server until it answers with a version, for ten seconds at most.
func (p two) await(t testing.TB, server int, version int64) {
	t.Helper()
	for began := time.Now(); p.Read(server) != version; {
		require.Less(t, time.Since(began), 10*time.Second, "the other server never hears of a write")
	}
}

func TestOfTwoServersEachReadsWhatItWroteAndTheOtherSoon(t *testing.T) {
	t.Parallel()
	pair := two{testkit.NewPair(t)}
	for i := range 200 {
		writer, other := i%2, 1-i%2
		pair.Read(other)
		written := pair.Write(writer, i)
		require.Equal(t, written, pair.Read(writer))
		pair.await(t, other, written)
	}
	pair.Servers[0].Delete(pair.Path).Is(http.StatusNoContent)
	pair.Servers[0].Get(pair.Path).Is(http.StatusNotFound)
}

func TestAnswersStayRightWhateverBecomesOfRedis(t *testing.T) {
	t.Parallel()
	for name, hurt := range map[string]struct{ begin, end func(p two) }{
		"it is killed and started again": {
			func(p two) { p.Redis.Kill() }, func(p two) { p.Redis.Start() },
		},
		"it stalls": {
			func(p two) { p.Proxies[0].Stall(); p.Proxies[1].Stall() },
			func(p two) { p.Proxies[0].Mend(); p.Proxies[1].Mend() },
		},
		"it is slow": {
			func(p two) { p.Proxies[0].Slow("200"); p.Proxies[1].Slow("200") },
			func(p two) { p.Proxies[0].Mend(); p.Proxies[1].Mend() },
		},
		"it is flushed over and over": {
			func(p two) {
				for range 50 {
					p.Redis.Flush()
				}
			},
			func(two) {},
		},
		"both servers lose their connections": {
			func(p two) { p.Proxies[0].Cut(); p.Proxies[1].Cut() },
			func(p two) { p.Proxies[0].Mend(); p.Proxies[1].Mend() },
		},
		"one server loses its connection": {
			func(p two) { p.Proxies[0].Cut() }, func(p two) { p.Proxies[0].Mend() },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pair := two{testkit.NewPair(t)}
			stop := pair.load(t)
			pair.after(t, 50)
			hurt.begin(pair)
			pair.after(t, 50)
			hurt.end(pair)
			pair.after(t, 50)
			stop()
			last := pair.Write(0, 1)
			pair.await(t, 1, last)
		})
	}
}

// after waits until more was written.
func (p two) after(t testing.TB, writes int64) {
	t.Helper()
	want := p.stored(t) + writes
	for began := time.Now(); p.stored(t) < want; runtime.Gosched() {
		require.Less(t, time.Since(began), 20*time.Second)
	}
}

// stored is the version in the database.
func (p two) stored(t testing.TB) int64 {
	t.Helper()
	var version int64
	row := p.Servers[0].DB.Conn(t.Context()).QueryRow(t.Context(), "SELECT max(version) FROM users")
	require.NoError(t, row.Scan(&version))
	return version
}

// load writes and reads through both servers until it is stopped. Whoever has written reads that or something newer,
// and nothing fails.
func (p two) load(t *testing.T) (stop func()) {
	t.Helper()
	var workers sync.WaitGroup
	var stopped atomic.Bool
	for server := range p.Servers {
		workers.Go(func() {
			for age := 0; !stopped.Load(); age++ {
				written := p.Write(server, age)
				assert.GreaterOrEqual(t, p.Read(server), written, "whoever has written reads it")
			}
		})
		for range 2 {
			workers.Go(func() {
				for !stopped.Load() {
					p.Read(server)
				}
			})
		}
	}
	return func() {
		stopped.Store(true)
		workers.Wait()
	}
}
