package embedded

import (
	"context"
	"path/filepath"
)

// Alive reports whether a process runs; a zombie does not.
func Alive(pid int) bool {
	p, found := look(pid)
	return found && !p.dead
}

// SocketDirectory is where the server of dir has its socket.
func SocketDirectory(dir string) string { return newLayout(filepath.Join(dir, "postgres")).socket }

// HoldChange keeps everybody from starting and stopping the server of dir.
func HoldChange(ctx context.Context, dir string) (release func(), err error) {
	l, err := acquire(ctx, newLayout(filepath.Join(dir, "postgres")).change)
	if err != nil {
		return nil, err
	}
	return l.release, nil
}
