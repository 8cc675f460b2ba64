package embedded

import (
	"context"
	"fmt"
	"time"
)

const (
	// watchInterval is how soon an unexpected end is seen.
	watchInterval = 100 * time.Millisecond
	// longestPause bounds the time between two attempts to restart.
	longestPause = 5 * time.Second
	// steady is how long a server has to live for its next end to be a fresh one.
	steady = 10 * time.Second
)

// watch restarts a server that ends while this Server is attached to it.
func (s *Server) watch(ctx context.Context) {
	defer close(s.watched)
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	var pause time.Duration
	for since := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		s.trimLog()
		if !s.reap(s.pid) {
			continue
		}
		if time.Since(since) > steady {
			pause = 0
		}
		pause = s.revive(ctx, pause)
		since = time.Now()
	}
}

// revive tries until the server runs again or ctx ends, each time after a longer
// pause than before. It returns the pause to begin with if that does not last.
func (s *Server) revive(ctx context.Context, pause time.Duration) time.Duration {
	s.log.WarnContext(ctx, "PostgreSQL ended unexpectedly", "pid", s.pid, "directory", s.place.home)
	for {
		select {
		case <-ctx.Done():
			return 0
		case <-time.After(pause):
		}
		pause = min(max(2*pause, watchInterval), longestPause)
		err := s.reattach(ctx)
		if err == nil {
			s.log.InfoContext(ctx, "PostgreSQL runs again", "pid", s.pid, "directory", s.place.home)
			return pause
		}
		if ctx.Err() == nil {
			s.log.ErrorContext(ctx, "PostgreSQL cannot be restarted", "error", err, "retry_after", pause)
		}
	}
}

func (s *Server) reattach(ctx context.Context) error {
	change, err := acquire(ctx, s.place.change)
	if err != nil {
		return fmt.Errorf("restart PostgreSQL: %w", err)
	}
	defer change.release()
	if !s.attached.standsAt(s.place.attached) {
		return errVanished
	}
	return s.ensure(ctx, s.recalled)
}
