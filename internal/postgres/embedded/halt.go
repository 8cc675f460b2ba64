package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// ErrOccupied says that a server answers on the socket that this process cannot see,
// because it runs in another container or below another path.
var ErrOccupied = errors.New("the data directory is in use by a PostgreSQL out of reach")

// halt ends the server. change.lock is held, and nobody is attached.
func (s *Server) halt(ctx context.Context) error {
	pid, err := s.target()
	if err != nil || pid == 0 {
		return err
	}
	if err := signal(pid, syscall.SIGINT); err != nil {
		return err
	}
	ended := func() bool { return s.reap(pid) }
	if !wait(ctx, fastStop, ended) {
		s.log.WarnContext(ctx, "PostgreSQL did not stop in time; it will recover at its next start", "pid", pid)
		rest := context.WithoutCancel(ctx)
		for _, harder := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGKILL} {
			if err := signal(pid, harder); err != nil {
				return err
			}
			if wait(rest, hardStop, ended) {
				break
			}
		}
	}
	s.log.InfoContext(ctx, "PostgreSQL stopped", "pid", pid)
	return s.place.removeSocket()
}

// target is the postmaster to end, 0 when there is none. Where postmaster.pid names
// none, the one we know of has not written it yet, or lost it with its directory;
// and what stands in a directory that replaced ours is not ours to end.
func (s *Server) target() (int, error) {
	if s.attached.standsAt(s.place.attached) {
		pid, _, err := s.place.postmaster()
		if pid != 0 || err != nil {
			return pid, err
		}
	}
	known := cmp.Or(s.child, s.pid)
	if known == 0 || s.reap(known) || !s.place.serves(known) {
		return 0, nil
	}
	return known, nil
}

// clear removes what a server that was killed left: processes first, then the files
// by which PostgreSQL would think that it still runs.
func (l layout) clear(ctx context.Context) error {
	if err := l.endLeftovers(ctx); err != nil {
		return err
	}
	dialer := net.Dialer{Timeout: hardStop}
	if conn, err := dialer.DialContext(ctx, "unix", l.socketFile()); err == nil {
		_ = conn.Close()
		return fmt.Errorf("%w: stop what answers on %s", ErrOccupied, l.socketFile())
	}
	for _, path := range []string{l.pidFile(), l.socketFile(), l.socketFile() + ".lock"} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("clear up after a crash: %w", err)
		}
	}
	return nil
}

// endLeftovers ends a postmaster without its pid file and processes without their
// postmaster. Both hold the shared memory that a new server would refuse to share.
func (l layout) endLeftovers(ctx context.Context) error {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		left, err := l.leftovers()
		if err != nil || len(left) == 0 {
			return err
		}
		for _, p := range left {
			harder := sig
			if sig == syscall.SIGINT && p.childOf(l) {
				harder = syscall.SIGQUIT // to them SIGINT only cancels the statement
			}
			if err := signal(p.pid, harder); err != nil {
				return err
			}
		}
		wait(ctx, hardStop, func() bool {
			left, err = l.leftovers()
			return err != nil || len(left) == 0
		})
		if ctx.Err() != nil {
			return fmt.Errorf("end the processes of a crashed server: %w", context.Cause(ctx))
		}
	}
	return nil
}

// removeSocket leaves nothing behind outside of the data directory.
func (l layout) removeSocket() error {
	if err := os.RemoveAll(l.socket); err != nil {
		return fmt.Errorf("remove the socket's directory: %w", err)
	}
	return nil
}
