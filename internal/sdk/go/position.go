package plaza

import (
	"strconv"
	"strings"
	"time"
)

// positionHeader tells how far a server of the database has to be.
const positionHeader = "X-Database-Position"

// positionKept is for how long a position is shown. Servers of the database that are further behind answer nobody.
const positionKept = 30 * time.Second

type position struct {
	text  string
	place uint64 // in the database's log
	at    time.Time
}

// remember keeps the position that a write has answered. Of writes at once the last to be answered may not be the last;
// what is old all servers have by now.
func (c *core) remember(text string) {
	high, low, _ := strings.Cut(text, "/")
	upper, _ := strconv.ParseUint(high, 16, 32)
	lower, _ := strconv.ParseUint(low, 16, 32)
	told := &position{text, upper<<32 | lower, time.Now()}
	for {
		last := c.position.Load()
		if last != nil && told.place < last.place && told.at.Sub(last.at) < positionKept/2 {
			return
		}
		if c.position.CompareAndSwap(last, told) {
			return
		}
	}
}
