package token

import (
	"context"
	"crypto/sha256"
	"strings"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/plaza-api/plaza/internal/postgres"
)

const (
	// maxRemembered is how many tokens are remembered; beyond, those that were used least are checked anew.
	maxRemembered = 100_000
	// readEvery is how old what is known of revocations may be before the next request reads what is new.
	readEvery = 500 * time.Millisecond
	// tooOld is how old it may never be.
	tooOld = time.Second
	// overlap is how long a revocation may take to be committed.
	overlap = 30 * time.Second
)

// known is a token that was found good.
type known struct {
	caller Caller
	rests  []string // on what; each may end
	issued time.Time
	until  time.Time
}

// memory remembers tokens that were good, and what has ended since.
type memory struct {
	db     *postgres.DB
	now    func() time.Time
	tokens *otter.Cache[[sha256.Size]byte, known]

	turn  chan struct{}         // holds one token while somebody reads
	state atomic.Pointer[ended] // nil until the first reading
}

// ended is from when on the older tokens of a caller are of no use.
type ended struct {
	since  map[string]time.Time
	newest time.Time // of the database's clock
	at     time.Time // when the reading began
}

func newMemory(database *postgres.DB, now func() time.Time) *memory {
	return &memory{
		db: database, now: now, turn: make(chan struct{}, 1),
		tokens: otter.Must(&otter.Options[[sha256.Size]byte, known]{MaximumSize: maxRemembered}),
	}
}

// caller returns whose a token is, from memory or by check.
func (m *memory) caller(
	ctx context.Context, raw string, check func(context.Context, string) (known, error),
) (Caller, error) {
	if len(raw) > maxLength {
		return Caller{}, refuse("it is too long", nil)
	}
	id := sha256.Sum256([]byte(raw))
	k, remembered := m.tokens.GetIfPresent(id)
	if !remembered {
		var err error
		if k, err = check(ctx, raw); err != nil {
			return Caller{}, err
		}
		m.tokens.Set(id, k)
	}
	if !m.now().Before(k.until) {
		m.tokens.Invalidate(id)
		return Caller{}, refuse("it has expired", nil)
	}
	state, err := m.revocations(ctx)
	if err != nil {
		return Caller{}, err
	}
	for _, subject := range k.rests {
		if since, found := state.since[subject]; found && (k.issued.Before(since) || endsForGood(subject)) {
			m.tokens.Invalidate(id)
			return Caller{}, refuse("it was ended", nil)
		}
	}
	return k.caller, nil
}

// endsForGood tells whether what a token rests on never comes back, so that nothing that rests on it is good, however
// new: a token may be made while its session ends.
func endsForGood(subject string) bool {
	return strings.HasPrefix(subject, "session:") || strings.HasPrefix(subject, "grant:") ||
		strings.HasPrefix(subject, "token:")
}

// revocations returns what has ended, known for a second at most. Whoever finds it half as old reads what is new;
// the others go on, and wait only when it is too old.
func (m *memory) revocations(ctx context.Context) (*ended, error) {
	last := m.state.Load()
	if last != nil && m.now().Sub(last.at) < readEvery {
		return last, nil
	}
	if last != nil && m.now().Sub(last.at) < tooOld {
		select {
		case m.turn <- struct{}{}:
		default:
			return last, nil
		}
	} else {
		select {
		case m.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	defer func() { <-m.turn }()
	if now := m.state.Load(); now != last && m.now().Sub(now.at) < tooOld {
		return now, nil
	}
	read, err := m.read(ctx, last)
	if err != nil {
		return nil, err
	}
	m.state.Store(read)
	return read, nil
}

// read adds to last what has ended since. A token lives MaxTTL at most: what is older says nothing.
func (m *memory) read(ctx context.Context, last *ended) (*ended, error) {
	next := &ended{at: m.now()}
	if last == nil {
		last = &ended{}
	}
	rows, err := m.db.Queries(ctx).ListRevocations(ctx, last.newest.Add(-overlap))
	if err != nil {
		return nil, err
	}
	if next.since, next.newest = last.since, last.newest; len(rows) == 0 {
		return next, nil
	}
	next.since = make(map[string]time.Time, len(last.since)+len(rows))
	for key, since := range last.since {
		if next.at.Sub(since) < MaxTTL+overlap {
			next.since[key] = since
		}
	}
	for _, row := range rows {
		if row.CreatedAt.After(next.since[row.Subject]) {
			next.since[row.Subject] = row.CreatedAt
		}
		if row.CreatedAt.After(next.newest) {
			next.newest = row.CreatedAt
		}
	}
	return next, nil
}
