package mock

import "time"

// Next is how long the next answer is held back.
func (l Latency) Next() time.Duration { return l.next() }
