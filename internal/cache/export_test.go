package cache

import (
	"log/slog"
	"time"

	"github.com/redis/rueidis"

	"github.com/plaza-api/plaza/internal/redis"
)

// MaxMissed is how many ids are remembered during an outage.
const MaxMissed = maxMissed

// ShareInAHurry is Share, but waits for less after an outage.
func (c *Cache) ShareInAHurry(client rueidis.Client, noun, build string, log *slog.Logger) (stop func()) {
	c.Share(client, noun, build, log)()
	care := c.shared.care()
	care.Pause, care.Calm = 10*time.Millisecond, 100*time.Millisecond
	c.shared.Outage = redis.NewOutage(care, log)
	return c.shared.Stop
}

// Out tells whether there is an outage.
func (c *Cache) Out() bool { return c.shared.Out() }
