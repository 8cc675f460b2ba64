package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// lock is a flock on a file of its own: two Servers of one process exclude each
// other like two processes do.
type lock struct{ file *os.File }

// acquire waits for the exclusive lock on path until ctx ends.
func acquire(ctx context.Context, path string) (*lock, error) {
	for {
		l, err := openLock(path)
		if err != nil {
			return nil, err
		}
		if err := poll(ctx, l.tryExclusive); err != nil {
			l.release()
			return nil, fmt.Errorf("wait for %s: %w", path, err)
		}
		if l.standsAt(path) {
			return l, nil
		}
		// The directory was deleted or replaced while we waited.
		l.release()
	}
}

// share takes the shared lock on path. Nobody holds it exclusively for longer than
// change.lock, which the caller has.
func share(path string) (*lock, error) {
	l, err := openLock(path)
	if err != nil {
		return nil, err
	}
	if err := l.flock(unix.LOCK_SH | unix.LOCK_NB); err != nil {
		l.release()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return l, nil
}

func openLock(path string) (*lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	return &lock{file: file}, nil
}

// tryExclusive reports whether the lock is now held exclusively.
func (l *lock) tryExclusive() (bool, error) {
	err := l.flock(unix.LOCK_EX | unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", l.file.Name(), err)
	}
	return true, nil
}

// release gives the lock up. It unlocks before it closes: a child that another
// goroutine is just forking still has the descriptor and would keep the lock.
func (l *lock) release() {
	_ = l.flock(unix.LOCK_UN)
	_ = l.file.Close()
}

func (l *lock) standsAt(path string) bool {
	held, err := l.file.Stat()
	if err != nil {
		return false
	}
	now, err := os.Stat(path)
	return err == nil && os.SameFile(held, now)
}

func (l *lock) flock(how int) error {
	for {
		err := unix.Flock(int(l.file.Fd()), how)
		if !errors.Is(err, unix.EINTR) {
			return err //nolint:wrapcheck // wrapped with the path by each caller
		}
	}
}
