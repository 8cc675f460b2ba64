package mock

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// longestLatency is more than any client waits.
const longestLatency = time.Hour

// errLatency tells how to write one.
var errLatency = errors.New("must be a time, as 200ms, or two, as 100ms..800ms, at most an hour")

// Latency is how long answers are held back: any time between two, all of them equally likely, in an order that is the
// same with every start.
type Latency struct {
	From, To time.Duration

	dice *dice
}

type dice struct {
	sync.Mutex

	random *rand.Rand
}

// UnmarshalText reads 200ms or 100ms..800ms.
func (l *Latency) UnmarshalText(text []byte) error {
	from, to, both := strings.Cut(string(text), "..")
	if !both {
		to = from
	}
	var errs [2]error
	l.From, errs[0] = time.ParseDuration(from)
	l.To, errs[1] = time.ParseDuration(to)
	if errors.Join(errs[:]...) != nil || l.From < 0 || l.To < l.From || l.To > longestLatency {
		return errLatency
	}
	l.dice = &dice{random: rand.New(rand.NewPCG(1, 1))} //nolint:gosec // nothing is kept secret by it
	return nil
}

// next is how long the next answer is held back.
func (l Latency) next() time.Duration {
	if l.dice == nil || l.To == l.From {
		return l.From
	}
	l.dice.Lock()
	defer l.dice.Unlock()
	return l.From + time.Duration(l.dice.random.Int64N(int64(l.To-l.From)+1))
}

// wait holds an answer back, until whoever waits for it has gone.
func (l Latency) wait(ctx context.Context) {
	held := l.next()
	if held == 0 {
		return
	}
	timer := time.NewTimer(held)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
