package check_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/check"
)

func TestProgressTellsTheLayerAndItsTimeAndLeavesNothing(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	now := time.Unix(0, 0)
	ticks := make(chan time.Time)
	clock := func() time.Time {
		now = now.Add(time.Second)
		return now
	}
	progress := check.NewProgress(&out, 2, clock, ticks)
	progress.Begin("lint")
	ticks <- time.Time{} // whichever: what is shown is of the clock
	progress.Begin("sql")
	progress.End()
	assert.Equal(t, "\r\x1b[K1 of 2  lint  1 s\r\x1b[K1 of 2  lint  2 s\r\x1b[K2 of 2  sql  1 s\r\x1b[K", out.String())
}
