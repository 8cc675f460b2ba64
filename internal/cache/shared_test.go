package cache_test

import (
	"context"
	"log/slog"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/redis"
	"github.com/plaza-api/plaza/internal/testkit"
)

// database is where one thing is stored, 1, in some version; version 0 is nothing.
type database struct{ version, reads atomic.Int64 }

func (d *database) load(context.Context) (cache.Entry, error) {
	d.reads.Add(1)
	return entry(d.version.Load()), nil
}

func entry(version int64) cache.Entry {
	if version == 0 {
		return cache.Entry{}
	}
	text := strconv.FormatInt(version, 10)
	return cache.Entry{Tag: `"` + text + `"`, Body: []byte("version\n" + text)}
}

// node is the cache of one of several servers.
type node struct {
	*cache.Cache

	t      testing.TB
	client rueidis.Client
	db     *database
	log    *testkit.Log
}

func newNode(t testing.TB, url string, db *database, build string) *node {
	t.Helper()
	n := &node{Cache: cache.New(keep, time.Now), t: t, db: db, log: &testkit.Log{}}
	var err error
	n.client, err = redis.Open(t.Context(), url, n.Watch("thing"))
	require.NoError(t, err)
	t.Cleanup(n.client.Close)
	t.Cleanup(n.ShareInAHurry(n.client, "thing", build, slog.New(slog.NewTextHandler(n.log, nil))))
	return n
}

// nodes are two servers of one build on a Redis.
func nodes(t testing.TB, url string) (*database, *node, *node) {
	t.Helper()
	db := &database{}
	db.version.Store(1)
	return db, newNode(t, url, db, "build"), newNode(t, url, db, "build")
}

// read returns the version that the node answers with.
func (n *node) read() int64 {
	n.t.Helper()
	e, err := n.Get(n.t.Context(), 1, n.db.load)
	require.NoError(n.t, err)
	for v := n.db.version.Load(); v >= 0; v-- {
		if string(e.Body) == string(entry(v).Body) && e.Tag == entry(v).Tag {
			return v
		}
	}
	require.Fail(n.t, "no version was ever so", "%q %q", e.Tag, e.Body)
	return 0
}

// write stores the next version, and returns it.
func (n *node) write() int64 {
	n.Writing(n.t.Context(), 1)
	version := n.db.version.Add(1)
	n.Written(n.t.Context(), 1)
	return version
}

// await asks until it is so, for ten seconds at most.
func await(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !so(); runtime.Gosched() {
		require.True(t, time.Now().Before(deadline), what)
	}
}

func TestServersShareWhatOneHasLoaded(t *testing.T) {
	t.Parallel()
	for name, version := range map[string]int64{"an entry": 1, "that there is nothing": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, a, b := nodes(t, testkit.Redis(t))
			db.version.Store(version)
			for range 3 {
				assert.Equal(t, version, a.read())
				assert.Equal(t, version, b.read())
			}
			assert.EqualValues(t, 1, db.reads.Load())
			assert.Equal(t, []uint64{2, 0, 1}, []uint64{a.Hits(), a.SharedHits(), a.Misses()})
			assert.Equal(t, []uint64{2, 1, 0}, []uint64{b.Hits(), b.SharedHits(), b.Misses()})
		})
	}
}

func TestTheEntriesOfAnotherBuildAreNotTaken(t *testing.T) {
	t.Parallel()
	url := testkit.Redis(t)
	db, a, _ := nodes(t, url)
	next := newNode(t, url, db, "next")
	a.read()
	next.read()
	assert.EqualValues(t, 2, db.reads.Load())
	next.write()
	assert.EqualValues(t, 2, next.read())
	await(t, "the write of another build is heard of", func() bool { return a.read() == 2 })
}

func TestAWriteIsReadAtOnceWhereItWasMadeAndSoonElsewhere(t *testing.T) {
	t.Parallel()
	_, a, b := nodes(t, testkit.Redis(t))
	for range 200 {
		b.read()
		written := a.write()
		require.Equal(t, written, a.read())
		await(t, "the other server reads it", func() bool { return b.read() == written })
		b.write()
		await(t, "and the other way round", func() bool { return a.read() == written+1 })
	}
	hits := b.Hits()
	await(t, "what was written is kept again", func() bool { b.read(); return b.Hits() > hits })
}

func TestWhatWasReadBeforeAWriteIsNotKeptAfterIt(t *testing.T) {
	t.Parallel()
	for name, slow := range map[string]func(a, b *node) (reader, writer *node){
		"of the same server": func(a, _ *node) (*node, *node) { return a, a },
		"of another":         func(a, b *node) (*node, *node) { return a, b },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, a, b := nodes(t, testkit.Redis(t))
			reader, writer := slow(a, b)
			_, err := reader.Get(t.Context(), 1, func(ctx context.Context) (cache.Entry, error) {
				e, err := db.load(ctx)
				if db.version.Load() == 1 {
					writer.write()
				}
				return e, err
			})
			require.NoError(t, err)
			assert.EqualValues(t, 2, newNode(t, url(reader), db, "build").read(), "Redis keeps the old one")
			await(t, "memory keeps the old one", func() bool { return reader.read() == 2 })
		})
	}
}

func TestWhileAWriteIsUnderWayNothingIsKept(t *testing.T) {
	t.Parallel()
	db, a, b := nodes(t, testkit.Redis(t))
	b.read()
	a.Writing(t.Context(), 1) // and is killed before it can say more
	db.version.Add(1)
	await(t, "the other server hears of it", func() bool { return b.read() == 2 })
	for range 3 {
		before := db.reads.Load()
		assert.EqualValues(t, 2, b.read())
		assert.Equal(t, before+1, db.reads.Load())
	}
}

func TestAllIsDistrustedWhenChangesMayHaveGoneUnnoticed(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(n *node) rueidis.Completed{
		"the connection is lost": func(n *node) rueidis.Completed {
			return n.client.B().ClientKill().TypeNormal().SkipmeYes().Build()
		},
		"all keys are deleted": func(n *node) rueidis.Completed { return n.client.B().Flushall().Build() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, a, b := nodes(t, testkit.Redis(t))
			b.read()
			db.version.Add(1) // nobody tells of it
			require.EqualValues(t, 1, b.read())
			require.NoError(t, a.client.Do(t.Context(), lose(a)).Error())
			await(t, "memory is not trusted", func() bool { return b.SharedHits()+b.Misses() == 2 || b.read() < 0 })
		})
	}
}

func TestManyWritesDuringAnOutageAreHandedIn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ first, ids int64 }{
		"the first": {1, 0}, "each": {0, 3000}, "all": {0, cache.MaxMissed + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testkit.NewRedisServer(t)
			db, a, b := nodes(t, server.URL)
			b.read()
			server.Stall()
			written := make([]int64, test.ids)
			for i := range written {
				written[i] = test.ids - int64(i)
			}
			db.version.Add(1)
			a.Written(t.Context(), test.first) // nobody has told yet that Redis is away
			require.True(t, a.Out())
			a.Written(t.Context(), written...)
			assert.EqualValues(t, 2, a.read())
			server.Resume()
			await(t, "it is over", func() bool { return !a.Out() && !b.Out() })
			assert.EqualValues(t, 2, a.read(), "Redis still knew the old one")
			await(t, "the other server reads it too", func() bool { return b.read() == 2 })
			assert.Contains(t, a.log.String(), "answers again")
		})
	}
}

// url is where a node's Redis is.
func url(n *node) string {
	for address := range n.client.Nodes() {
		return "unix://" + address
	}
	return ""
}
