package check

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// scratchName begins the names of scratch folders; scratchLock is locked (flock) in each for as long as somebody uses
// it, also where that one is killed.
const (
	scratchName = "plaza-check-"
	scratchLock = "lock"
)

// Scratch returns a fresh folder, which Close removes. What processes left that were killed goes first.
func (p *Project) Scratch(name string) (string, error) {
	if p.scratch == "" {
		if err := p.openScratch(); err != nil {
			return "", fmt.Errorf("scratch folder: %w", err)
		}
	}
	folder, err := os.MkdirTemp(p.scratch, name+"-")
	if err != nil {
		return "", fmt.Errorf("scratch folder: %w", err)
	}
	return folder, nil
}

func (p *Project) openScratch() error {
	removeAbandoned()
	folder, err := os.MkdirTemp("", scratchName)
	if err != nil {
		return err //nolint:wrapcheck // by the caller
	}
	p.closers = append(p.closers, func() error { return removeScratch(folder) })
	// It gets its name when it is locked: nobody finds it before.
	path := filepath.Join(folder, scratchLock)
	lock, err := os.OpenFile(path+".new", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err //nolint:wrapcheck // by the caller
	}
	p.closers = append(p.closers, lock.Close)
	if !locks(lock) {
		return fmt.Errorf("%s cannot be locked", lock.Name())
	}
	p.scratch = folder
	return os.Rename(lock.Name(), path) //nolint:wrapcheck // by the caller
}

// removeAbandoned removes the scratch folders of which nobody holds the lock any more. A PostgreSQL that still runs in
// one ends when it finds its folder gone.
func removeAbandoned() {
	paths, _ := filepath.Glob(filepath.Join(os.TempDir(), scratchName+"*", scratchLock)) // the pattern is one
	for _, path := range paths {
		lock, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			continue // of another user, or gone meanwhile
		}
		if locks(lock) {
			_ = removeScratch(filepath.Dir(path)) // what is left the next one removes
		}
		_ = lock.Close() // nothing was written
	}
}

// removeScratch removes a folder, its lock at last: whoever is killed before leaves what removeAbandoned finds.
func removeScratch(folder string) error {
	parts, err := filepath.Glob(filepath.Join(folder, "*-*")) // as Scratch calls them
	for _, part := range parts {
		err = errors.Join(err, os.RemoveAll(part))
	}
	return errors.Join(err, os.RemoveAll(folder))
}

// locks tells whether a file could be locked.
func locks(file *os.File) bool {
	return unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil
}
