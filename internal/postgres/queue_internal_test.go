package postgres

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestAQueueIsBoundedInTheLongRun(t *testing.T) {
	t.Parallel()
	began := time.Unix(1_800_000_000, 0)
	q := &queue{most: 3}
	for range 10 {
		assert.True(t, q.join(began), "a burst passes")
	}
	assert.True(t, q.join(began.Add(longRun)))
	assert.False(t, q.join(began.Add(longRun+1)), "who has waited all the time is many")
	for range 8 {
		q.leave()
	}
	assert.EqualValues(t, 3, q.waiting.Load(), "who was refused does not wait")
	assert.False(t, q.join(began.Add(time.Hour)))
	q.leave()
	assert.True(t, q.join(began.Add(time.Hour)), "there is room again")
	for range 3 {
		q.leave()
	}
	for range 10 {
		assert.True(t, q.join(began.Add(time.Hour)), "the next burst passes too")
	}
}
