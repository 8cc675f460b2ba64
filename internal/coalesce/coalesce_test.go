package coalesce_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/coalesce"
)

const (
	eventually = 5 * time.Second
	tick       = time.Millisecond
	broken     = 666 // the id at which a query fails
)

var errQuery = errors.New("query")

// table is a source whose queries wait until the test lets them go. Ids above 1,000 are not there.
type table struct {
	mu      sync.Mutex
	queries [][]int64
	begun   chan []int64
	goOn    chan struct{}
}

func newTable() *table { return &table{begun: make(chan []int64), goOn: make(chan struct{})} }

func (s *table) load(ctx context.Context, ids []int64) (map[int64]string, error) {
	s.mu.Lock()
	s.queries = append(s.queries, slices.Clone(ids))
	s.mu.Unlock()
	s.begun <- ids
	select {
	case <-s.goOn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if ids[0] == broken {
		return nil, errQuery
	}
	found := map[int64]string{}
	for _, id := range ids {
		if id <= 1000 {
			found[id] = "row"
		}
	}
	return found, nil
}

// busy begins a query, of the id 1.
func busy(t *testing.T, g *coalesce.Group[string], s *table, callers *sync.WaitGroup) {
	t.Helper()
	callers.Go(func() { requireRow(t, g, 1) })
	<-s.begun
}

func requireRow(t *testing.T, g *coalesce.Group[string], id int64) {
	t.Helper()
	row, found, err := g.Get(t.Context(), id)
	assert.True(t, err == nil && found == (id <= 1000) && (row == "row") == found, "%d: %q %v %v", id, row, found, err)
}

func TestALoneReadLeavesAtOnceAndThoseWhoWaitLeaveTogether(t *testing.T) {
	t.Parallel()
	s := newTable()
	g := coalesce.Patient(coalesce.New(s.load))
	var callers sync.WaitGroup
	busy(t, g, s, &callers)
	waiting := coalesce.Waiting(g)
	for id := range int64(300) { // 10 to 309, and one that is not there
		callers.Go(func() { requireRow(t, g, id+10) })
	}
	callers.Go(func() { requireRow(t, g, 5000) })
	require.Eventually(t, func() bool { return waiting() == 301 }, eventually, tick)
	s.goOn <- struct{}{}
	joined := <-s.begun
	s.goOn <- struct{}{}
	callers.Wait()
	assert.Len(t, s.queries, 2, "of 302 reads")
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(joined))), 301)
}

func TestAQueryThatFailsFailsThoseWhoWaitedForIt(t *testing.T) {
	t.Parallel()
	s := newTable()
	g := coalesce.Patient(coalesce.New(s.load))
	var callers sync.WaitGroup
	busy(t, g, s, &callers)
	waiting := coalesce.Waiting(g)
	callers.Go(func() {
		_, _, err := g.Get(t.Context(), broken)
		assert.ErrorIs(t, err, errQuery)
	})
	require.Eventually(t, func() bool { return waiting() == 1 }, eventually, tick)
	s.goOn <- struct{}{}
	<-s.begun
	s.goOn <- struct{}{}
	callers.Wait()
}

func TestACallerWhoLeavesHurtsNobody(t *testing.T) {
	t.Parallel()
	s := newTable()
	g := coalesce.Patient(coalesce.New(s.load))
	var callers sync.WaitGroup
	busy(t, g, s, &callers)
	waiting := coalesce.Waiting(g)
	leaving, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, _, err := g.Get(leaving, 3)
		left <- err
	}()
	require.Eventually(t, func() bool { return waiting() == 1 }, eventually, tick)
	callers.Go(func() { requireRow(t, g, 4) })
	require.Eventually(t, func() bool { return waiting() == 2 }, eventually, tick)
	leave()
	require.ErrorIs(t, <-left, context.Canceled)
	s.goOn <- struct{}{}
	<-s.begun
	s.goOn <- struct{}{}
	callers.Wait()

	// A lone read ends with its own caller, and gives its place back.
	for range 3 {
		go func() { <-s.begun }()
		_, _, err := g.Get(leaving, 3)
		require.Error(t, err)
	}
}

type callerKey struct{}

func TestAQueryHasTheValuesOfWhoCameFirst(t *testing.T) {
	t.Parallel()
	s := newTable()
	var asked []any
	g := coalesce.Patient(coalesce.New(func(ctx context.Context, ids []int64) (map[int64]string, error) {
		asked = append(asked, ctx.Value(callerKey{}))
		return s.load(ctx, ids)
	}))
	var callers sync.WaitGroup
	get := func(caller string, id int64) {
		callers.Go(func() {
			_, _, err := g.Get(context.WithValue(t.Context(), callerKey{}, caller), id)
			assert.NoError(t, err)
		})
	}
	waiting := coalesce.Waiting(g)
	get("alone", 1)
	<-s.begun
	get("first", 2)
	require.Eventually(t, func() bool { return waiting() == 1 }, eventually, tick)
	get("second", 3)
	require.Eventually(t, func() bool { return waiting() == 2 }, eventually, tick)
	s.goOn <- struct{}{}
	<-s.begun
	s.goOn <- struct{}{}
	callers.Wait()
	assert.Equal(t, []any{"alone", "first"}, asked)
}

func TestAQueryThatPanicsIsAnErrorOfThoseWhoWaited(t *testing.T) {
	t.Parallel()
	s := newTable()
	panics := coalesce.Patient(coalesce.New(func(ctx context.Context, ids []int64) (map[int64]string, error) {
		found, err := s.load(ctx, ids)
		if ids[0] == 3 {
			panic("broken")
		}
		return found, err
	}))
	var callers sync.WaitGroup
	busy(t, panics, s, &callers)
	waiting := coalesce.Waiting(panics)
	callers.Go(func() {
		_, _, err := panics.Get(t.Context(), 3)
		assert.ErrorContains(t, err, "broken")
	})
	require.Eventually(t, func() bool { return waiting() == 1 }, eventually, tick)
	s.goOn <- struct{}{}
	<-s.begun
	s.goOn <- struct{}{}
	callers.Wait()
}

func TestAQueryThatIsStuckHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	s := newTable()
	g := coalesce.New(s.load)
	var callers sync.WaitGroup
	busy(t, g, s, &callers)
	callers.Go(func() { requireRow(t, g, 2) })
	assert.Equal(t, []int64{2}, <-s.begun, "while the first is under way")
	s.goOn <- struct{}{}
	s.goOn <- struct{}{}
	callers.Wait()
}
