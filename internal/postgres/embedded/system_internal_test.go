package embedded

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLockFollowsItsPath(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	held, err := acquire(t.Context(), path)
	require.NoError(t, err)
	defer held.release()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = acquire(ctx, path)
	require.ErrorIs(t, err, context.Canceled, "one holder at a time")
	_, err = share(path)
	require.ErrorIs(t, err, syscall.EWOULDBLOCK)

	require.NoError(t, os.Remove(path))
	assert.False(t, held.standsAt(path), "what was deleted locks nothing any more")
	fresh, err := acquire(t.Context(), path)
	require.NoError(t, err)
	assert.True(t, fresh.standsAt(path))
	fresh.release()
}

// asked is a context that tells when somebody waits on it.
type asked struct {
	context.Context //nolint:containedctx // it is one

	waiting chan struct{}
}

func (a asked) Done() <-chan struct{} {
	select {
	case a.waiting <- struct{}{}:
	default:
	}
	return a.Context.Done()
}

func TestLockIsNotTakenOnADeletedFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	held, err := acquire(t.Context(), path)
	require.NoError(t, err)
	ctx := asked{Context: t.Context(), waiting: make(chan struct{}, 1)}
	got := make(chan *lock, 1)
	go func() {
		l, err := acquire(ctx, path)
		assert.NoError(t, err)
		got <- l
	}()
	<-ctx.waiting // it has the old file open
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	held.release()
	l := <-got
	defer l.release()
	assert.True(t, l.standsAt(path))
}

func TestReleasedLockIsNoLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	l, err := acquire(t.Context(), path)
	require.NoError(t, err)
	l.release()
	assert.False(t, l.standsAt(path))
	_, err = l.tryExclusive()
	require.ErrorContains(t, err, path)
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		serve func(net.Conn)
		want  bool
	}{
		{"a server that speaks", func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 8))
			_, _ = c.Write([]byte("N"))
			_ = c.Close()
		}, true},
		{"a server that hangs up", func(c net.Conn) { _ = c.Close() }, false},
		{"no server", nil, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			l := layout{socket: t.TempDir()}
			if row.serve != nil {
				var config net.ListenConfig
				listener, err := config.Listen(t.Context(), "unix", l.socketFile())
				require.NoError(t, err)
				t.Cleanup(func() { _ = listener.Close() })
				go func() {
					if conn, err := listener.Accept(); err == nil {
						row.serve(conn)
					}
				}()
			}
			assert.Equal(t, row.want, l.answers(t.Context()))
		})
	}
}

// What the file system and the system refuse comes back with the name of the thing.
func TestErrorsNameTheThing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing")
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, recallErr := newLayout(missing).recall()
	for _, row := range []struct {
		name string
		err  error
		is   error
		says string
	}{
		{"sync of a tree", syncTree(missing), syscall.ENOENT, missing},
		{"sync of a directory", syncDirectory(missing), syscall.ENOENT, missing},
		{"cluster without a home", create(t.Context(), newLayout(missing), installation{}, account{}), syscall.ENOENT, missing},
		{"settings that were never kept", recallErr, syscall.ENOENT, missing},
		{"owner of what is no tree", account{uid: 54321, other: true}.own(file), nil, "not a directory"},
		{"signal that there is not", signal(os.Getpid(), 999), syscall.EINVAL, "signal process"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, row.err, row.says)
			if row.is != nil {
				require.ErrorIs(t, row.err, row.is)
			}
		})
	}
	require.NoError(t, account{uid: 54321, other: true}.own(missing), "nothing to give")
	require.NoError(t, signal(1<<22+1, syscall.SIGINT), "what is gone has obeyed")
}
