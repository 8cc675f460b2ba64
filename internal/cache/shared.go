package cache

import (
	"context"
	"crypto/rand"
	_ "embed" // the scripts
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"github.com/plaza-api/plaza/internal/redis"
)

const (
	// patience is how long a request waits for Redis.
	patience = 50 * time.Millisecond
	// leaseTime is how long a load may take whose result is kept; writingTime how long a transaction may.
	leaseTime   = 5 * time.Second
	writingTime = 30 * time.Second

	// keptPrefix begins the names of the keys of what is kept, writingPrefix those of what is being written. The rest of
	// a name is in braces, so that both are in one slot of a cluster.
	keptPrefix    = "plaza:kept:"
	writingPrefix = "plaza:writing:"
	// entryPrefix begins an entry, leasePrefix a lease.
	entryPrefix = "entry "
	leasePrefix = "lease "
)

var (
	//go:embed take.lua
	takeScript string
	//go:embed keep.lua
	keepScript string
)

// shared is the part of a cache that is in Redis.
type shared struct {
	*redis.Outage

	missed     missed
	cache      *Cache
	client     rueidis.Client
	noun       string // which is part of the keys
	build      string // by which the entries of other builds are told
	take, keep *rueidis.Lua
}

// Watch is what a cache has to hear from the Redis in which it shares entries. The noun is part of their keys.
func (c *Cache) Watch(noun string) redis.Watch {
	prefix := writingPrefix + "{" + noun + ":"
	return redis.Watch{
		Prefix: prefix,
		Changed: func(key string) {
			id, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimPrefix(key, prefix), "}"), 10, 64)
			if err != nil { // it is every
				c.distrust()
				return
			}
			c.entries.Invalidate(id)
		},
		Lost: c.distrust,
	}
}

// Share makes a cache keep its entries also in a Redis, whose client was opened with Watch of the same noun, for all
// servers of the same build. It is to be called before the cache is used, and returns what ends it.
func (c *Cache) Share(client rueidis.Client, noun, build string, log *slog.Logger) (stop func()) {
	s := &shared{
		cache: c, client: client, noun: noun, build: build,
		take: rueidis.NewLuaScript(takeScript), keep: rueidis.NewLuaScript(keepScript),
	}
	s.Outage = redis.NewOutage(s.care(), log)
	c.shared = s
	return s.Stop
}

// keys are the key of an entry, and the one that says that it is being written.
func (s *shared) keys(id int64) (kept, writing string) { return s.named(strconv.FormatInt(id, 10)) }

func (s *shared) named(id string) (kept, writing string) {
	name := "{" + s.noun + ":" + id + "}"
	return keptPrefix + name, writingPrefix + name
}

// fill gets an entry from Redis, or loads it. It returns *notKept where memory must not keep it.
func (s *shared) fill(ctx context.Context, id int64, h held, load Load) (held, error) {
	lease := leasePrefix + rand.Text()
	kept, err := s.ask(ctx, s.take, id, lease, milliseconds(leaseTime)).ToString()
	holds := rueidis.IsRedisNil(err)
	if err == nil {
		if e, until, ok := s.decode(kept); ok {
			s.cache.sharedHits.Add(1)
			h.Entry, h.until = e.kept(), until
			return h, nil
		}
	} else if !holds {
		s.Begin(ctx, err)
	}
	e, err := load(ctx)
	if err != nil {
		return h, err
	}
	h.Entry = e.kept()
	if h.until = s.cache.until(h.Entry); !holds || !s.store(ctx, id, lease, h) {
		return h, &notKept{h.Entry}
	}
	return h, nil
}

// store keeps an entry in Redis, and tells whether the lease for it still held.
func (s *shared) store(ctx context.Context, id int64, lease string, h held) bool {
	left := milliseconds(h.until.Sub(s.cache.now()))
	held, err := s.ask(ctx, s.keep, id, lease, s.encode(h), left).AsInt64()
	if err != nil {
		s.Begin(ctx, err)
	}
	return held == 1
}

// ask runs a script on a key. It goes on without the caller, who may be gone: that Redis is slow must not be concluded
// from a caller who is in a hurry.
func (s *shared) ask(ctx context.Context, script *rueidis.Lua, id int64, args ...string) rueidis.RedisResult {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	kept, writing := s.keys(id)
	return script.Exec(ctx, s.client, []string{kept, writing}, args)
}

// writing says in Redis that what has an id is being written.
func (s *shared) writing(ctx context.Context, id int64) {
	if s.postpone(id) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	kept, writing := s.keys(id)
	answers := s.client.DoMulti(ctx,
		s.client.B().Set().Key(writing).Value("").Px(writingTime).Build(), s.client.B().Unlink().Key(kept).Build())
	if err := first(answers); err != nil {
		s.begin(ctx, err, id)
	}
}

// written forgets entries.
func (s *shared) written(ctx context.Context, ids []int64) {
	if s.postpone(ids...) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := s.forget(ctx, ids); err != nil {
		s.begin(ctx, err, ids...)
	}
}

// encode writes an entry as Redis keeps it.
func (s *shared) encode(h held) string {
	head := entryPrefix + s.build + " " + strconv.FormatInt(h.until.UnixMilli(), 10) + " " + h.Tag + "\n"
	return head + string(h.Body)
}

// decode reads what encode of the same build has written.
func (s *shared) decode(kept string) (Entry, time.Time, bool) {
	head, body, _ := strings.Cut(kept, "\n")
	head, ours := strings.CutPrefix(head, entryPrefix+s.build+" ")
	until, tag, _ := strings.Cut(head, " ")
	at, err := strconv.ParseInt(until, 10, 64)
	if !ours || err != nil {
		return Entry{}, time.Time{}, false
	}
	e := Entry{Tag: tag}
	if body != "" {
		e.Body = []byte(body)
	}
	return e, time.UnixMilli(at), true
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(max(d.Milliseconds(), 1), 10) }
