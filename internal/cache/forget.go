package cache

import (
	"context"
	"slices"
	"time"

	"github.com/redis/rueidis"
)

const (
	// handInSize is how many entries are deleted at once after an outage, and handInTimeout how long that may take.
	handInSize    = 1000
	handInTimeout = time.Second
	// every stands in a name for all ids.
	every = "every"
)

// forget deletes entries from Redis.
func (s *shared) forget(ctx context.Context, ids []int64) error {
	commands := make(rueidis.Commands, 0, 2*len(ids))
	for _, id := range ids {
		kept, writing := s.keys(id)
		// In this order: what is kept must not be read when nobody seems to write it. The other key may not be there, and
		// the servers are to hear of it all the same.
		commands = append(commands, s.client.B().Unlink().Key(kept).Build(),
			s.client.B().Set().Key(writing).Value("").Px(time.Millisecond).Build())
	}
	return first(s.client.DoMulti(ctx, commands...))
}

// first returns the first error among answers.
func first(answers []rueidis.RedisResult) error {
	for _, answer := range answers {
		if err := answer.Error(); err != nil {
			return err //nolint:wrapcheck // the log says of what it is
		}
	}
	return nil
}

// forgetMissed forgets what was written while Redis did not answer.
func (s *shared) forgetMissed(ctx context.Context, ids []int64, all bool) error {
	if all {
		return s.forgetAll(ctx)
	}
	for chunk := range slices.Chunk(ids, handInSize) {
		ctx, cancel := context.WithTimeout(ctx, handInTimeout)
		err := s.forget(ctx, chunk)
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetAll deletes all entries of the noun from Redis, and tells all servers.
func (s *shared) forgetAll(ctx context.Context) error {
	for _, node := range s.client.Nodes() {
		scanner := rueidis.NewScanner(func(cursor uint64) (rueidis.ScanEntry, error) {
			ctx, cancel := context.WithTimeout(ctx, handInTimeout)
			defer cancel()
			scan := node.B().Scan().Cursor(cursor).Match(keptPrefix + "{" + s.noun + ":*").Count(handInSize).Build()
			found, err := node.Do(ctx, scan).AsScanEntry()
			if err != nil {
				return found, err //nolint:wrapcheck // tried again, whatever it is
			}
			commands := make(rueidis.Commands, len(found.Elements))
			for i, key := range found.Elements {
				commands[i] = node.B().Unlink().Key(key).Build()
			}
			return found, first(node.DoMulti(ctx, commands...))
		})
		for range scanner.Iter() { // what was found is deleted already
		}
		if err := scanner.Err(); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, handInTimeout)
	defer cancel()
	_, writing := s.named(every)
	return first(s.client.DoMulti(ctx, s.client.B().Set().Key(writing).Value("").Px(time.Millisecond).Build()))
}
