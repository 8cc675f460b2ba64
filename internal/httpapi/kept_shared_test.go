package httpapi_test

import (
	"fmt"
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

// two are two servers on one database and one Redis, which each reaches through a proxy of its own.
type two struct {
	redis   *testkit.RedisServer
	servers [2]*testkit.Server
	proxies [2]*testkit.Proxy
	path    string // of a user
}

func newTwo(t *testing.T) *two {
	t.Helper()
	database := testkit.Database(t)
	pair := &two{redis: testkit.NewRedisServer(t)}
	pair.path = fmt.Sprintf("/users/%d", testkit.User(t, database).ID)
	for i := range pair.servers {
		url, proxy := pair.redis.Proxied()
		pair.proxies[i] = proxy
		pair.servers[i] = testkit.NewServerOn(t, database, testkit.Sharing(t, database, url))
	}
	return pair
}

// read returns the user's version as a server answers it.
func (p *two) read(t testing.TB, server int) int64 {
	t.Helper()
	version, _ := p.servers[server].Get(p.path).Is(http.StatusOK).JSON("version").(float64)
	return int64(version)
}

// write changes the user through a server, and returns the new version.
func (p *two) write(t testing.TB, server, age int) int64 {
	t.Helper()
	answer := p.servers[server].Patch(p.path, "*", object{"age": 20 + age%50}).Is(http.StatusOK)
	version, _ := answer.JSON("data", "version").(float64)
	return int64(version)
}

// await reads from a server until it answers with a version, for ten seconds at most.
func (p *two) await(t testing.TB, server int, version int64) {
	t.Helper()
	for began := time.Now(); p.read(t, server) != version; {
		require.Less(t, time.Since(began), 10*time.Second, "the other server never hears of a write")
	}
}

func TestOfTwoServersEachReadsWhatItWroteAndTheOtherSoon(t *testing.T) {
	t.Parallel()
	pair := newTwo(t)
	for i := range 200 {
		writer, other := i%2, 1-i%2
		pair.read(t, other)
		written := pair.write(t, writer, i)
		require.Equal(t, written, pair.read(t, writer))
		pair.await(t, other, written)
	}
	pair.servers[0].Delete(pair.path).Is(http.StatusNoContent)
	pair.servers[0].Get(pair.path).Is(http.StatusNotFound)
}

func TestAnswersStayRightWhateverBecomesOfRedis(t *testing.T) {
	t.Parallel()
	for name, hurt := range map[string]struct{ begin, end func(p *two) }{
		"it is killed and started again": {
			func(p *two) { p.redis.Kill() }, func(p *two) { p.redis.Start() },
		},
		"it stalls": {
			func(p *two) { p.proxies[0].Stall(); p.proxies[1].Stall() },
			func(p *two) { p.proxies[0].Mend(); p.proxies[1].Mend() },
		},
		"it is slow": {
			func(p *two) { p.proxies[0].Slow("200"); p.proxies[1].Slow("200") },
			func(p *two) { p.proxies[0].Mend(); p.proxies[1].Mend() },
		},
		"it is flushed over and over": {
			func(p *two) {
				for range 50 {
					p.redis.Flush()
				}
			},
			func(*two) {},
		},
		"both servers lose their connections": {
			func(p *two) { p.proxies[0].Cut(); p.proxies[1].Cut() },
			func(p *two) { p.proxies[0].Mend(); p.proxies[1].Mend() },
		},
		"one server loses its connection": {
			func(p *two) { p.proxies[0].Cut() }, func(p *two) { p.proxies[0].Mend() },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pair := newTwo(t)
			stop := pair.load(t)
			pair.after(t, 50)
			hurt.begin(pair)
			pair.after(t, 50)
			hurt.end(pair)
			pair.after(t, 50)
			stop()
			last := pair.write(t, 0, 1)
			pair.await(t, 1, last)
		})
	}
}

// after waits until more was written.
func (p *two) after(t testing.TB, writes int64) {
	t.Helper()
	want := p.stored(t) + writes
	for began := time.Now(); p.stored(t) < want; runtime.Gosched() {
		require.Less(t, time.Since(began), 20*time.Second)
	}
}

// stored is the version in the database.
func (p *two) stored(t testing.TB) int64 {
	t.Helper()
	var version int64
	row := p.servers[0].DB.Conn(t.Context()).QueryRow(t.Context(), "SELECT max(version) FROM users")
	require.NoError(t, row.Scan(&version))
	return version
}

// load writes and reads through both servers until it is stopped. Whoever has written reads that or something newer,
// and nothing fails.
func (p *two) load(t *testing.T) (stop func()) {
	t.Helper()
	var workers sync.WaitGroup
	var stopped atomic.Bool
	for server := range p.servers {
		workers.Go(func() {
			for age := 0; !stopped.Load(); age++ {
				written := p.write(t, server, age)
				assert.GreaterOrEqual(t, p.read(t, server), written, "whoever has written reads it")
			}
		})
		for range 2 {
			workers.Go(func() {
				for !stopped.Load() {
					p.read(t, server)
				}
			})
		}
	}
	return func() {
		stopped.Store(true)
		workers.Wait()
	}
}
