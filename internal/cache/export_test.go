package cache

import "time"

// MaxPostponed is how many ids are remembered during an outage.
const MaxPostponed = maxPostponed

// Hurry makes a cache wait for less after an outage.
func (c *Cache) Hurry(pause, calm time.Duration) { c.shared.pause, c.shared.calm = pause, calm }

// Out tells whether there is an outage.
func (c *Cache) Out() bool { return c.shared.out.Load() }
