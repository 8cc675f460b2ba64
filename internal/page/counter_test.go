package page_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/page"
)

var errCount = errors.New("no count")

// A model of a list that changes all the time: what the counter says must have been true within five seconds.
func TestATotalIsNeverOlderThanFiveSeconds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(1_000_000, 0)
		rows, broken, counts := int64(0), false, 0
		began := map[int64]time.Time{0: now} // since when a total is true; each is true until the next step
		ended := map[int64]time.Time{}
		c := page.NewCounter(func() time.Time { return now }, func(context.Context) (int64, error) {
			counts++
			if broken {
				return 0, errCount
			}
			return rows, nil
		})
		for range rapid.IntRange(1, 50).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(7*time.Second)).Draw(t, "later")))
			ended[rows] = now
			rows++
			began[rows] = now
			broken = rapid.Bool().Draw(t, "broken")
			before := counts

			got, err := c.Total(context.Background())
			if err != nil {
				require.ErrorIs(t, err, errCount)
				require.True(t, broken && counts == before+1, "an error that was kept")
				continue
			}
			assert.True(t, got.Exact)
			if got.Rows != rows {
				assert.Less(t, now.Sub(ended[got.Rows]), 5*time.Second, "total %d, now %d", got.Rows, rows)
				assert.Equal(t, before, counts, "counted and said something else")
			}
		}
	})
}

func TestManyCallersShareOneCount(t *testing.T) {
	t.Parallel()
	for name, took := range map[string]time.Duration{"a quick count": time.Millisecond, "a slow count": 4 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var counts atomic.Int64
				c := page.NewCounter(time.Now, func(context.Context) (int64, error) {
					counts.Add(1)
					<-time.After(took)
					return 7, nil
				})
				var callers sync.WaitGroup
				for range 50 {
					callers.Go(func() {
						got, err := c.Total(t.Context())
						assert.Equal(t, page.Total{Rows: 7, Exact: true}, got, "%v", err)
					})
				}
				callers.Wait()
				assert.EqualValues(t, 1, counts.Load())
			})
		})
	}
}

func TestWhileOneCountsAgainTheOthersGoOnWithTheOldTotal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var counts atomic.Int64
		c := page.NewCounter(time.Now, func(context.Context) (int64, error) {
			defer func() { <-time.After(time.Second) }()
			return counts.Add(1), nil
		})
		requireTotal(t, c, 1)
		<-time.After(3 * time.Second)
		go requireTotal(t, c, 2)
		synctest.Wait() // it counts

		began := time.Now()
		requireTotal(t, c, 1)

		assert.Equal(t, began, time.Now(), "waited for the count")
		<-time.After(2 * time.Second)
		requireTotal(t, c, 2)
		assert.EqualValues(t, 2, counts.Load())
	})
}

func TestACallerWhoIsCancelledLeavesAndTheOthersStay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := page.NewCounter(time.Now, func(ctx context.Context) (int64, error) {
			select {
			case <-ctx.Done():
				return 0, context.Cause(ctx)
			case <-time.After(time.Second):
				return 7, nil
			}
		})
		counting, leave := context.WithCancel(t.Context())
		waiting, giveUp := context.WithCancelCause(t.Context())
		errs := make(chan error, 2)
		go func() { _, err := c.Total(counting); errs <- err }()
		synctest.Wait()
		go func() { _, err := c.Total(waiting); errs <- err }()
		stays := make(chan struct{})
		go func() { defer close(stays); requireTotal(t, c, 7) }()
		synctest.Wait()

		giveUp(errCount)
		require.ErrorIs(t, <-errs, errCount, "one who waits for the count of another")
		leave()
		require.ErrorIs(t, <-errs, context.Canceled, "one who counts")
		<-stays
	})
}

func requireTotal(t *testing.T, c *page.Counter, want int64) {
	t.Helper()
	got, err := c.Total(t.Context())
	assert.Equal(t, page.Total{Rows: want, Exact: true}, got, "%v", err)
}
