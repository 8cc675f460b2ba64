package check

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settleTime is how long the contract has to rest after a save: editors write in steps.
const settleTime = 30 * time.Millisecond

// clearScreen clears a terminal and its scrollback, and puts the cursor at the top.
const clearScreen = "\x1b[H\x1b[2J\x1b[3J"

// Watched returns those of the layers that run with every save.
func Watched(layers []Layer) []Layer {
	var watched []Layer
	for _, l := range layers {
		if l.Watched {
			watched = append(watched, l)
		}
	}
	return watched
}

// Watch runs layers now and after each save of the contract, and writes each report as text, until ctx ends. What is
// wrong with the contract is in the report; the error is one of the file system, or of w. A terminal is cleared before
// each report.
func Watch(ctx context.Context, p *Project, layers []Layer, w io.Writer, style Style, terminal bool) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watching the contract: %w", err)
	}
	defer watcher.Close() //nolint:errcheck // nothing hangs on it
	file := p.Path(p.ContractFile)
	// The folder, as many editors save by putting another file in the place of the old one.
	if err := watcher.Add(filepath.Dir(file)); err != nil {
		return fmt.Errorf("watching %s: %w", filepath.Dir(file), err)
	}
	for {
		if terminal {
			if _, err := io.WriteString(w, clearScreen); err != nil {
				return fmt.Errorf("clearing the terminal: %w", err)
			}
		}
		if err := p.answer(ctx, layers, w, style); err != nil {
			return err
		}
		if saved, err := awaitSave(ctx, watcher, file); !saved || err != nil {
			return err
		}
	}
}

// answer reads the contract again and writes one report.
func (p *Project) answer(ctx context.Context, layers []Layer, w io.Writer, style Style) error {
	p.Reset()
	report := Run(ctx, p, layers, nil)
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the person has seen enough, which is how a watch ends
	}
	if _, err := fmt.Fprintf(w, "%s  %s\n\n", p.Now().Format(time.TimeOnly), p.ContractFile); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return Write(w, "text", report, style)
}

// awaitSave waits for a save, and until the file rests; false where ctx ended first.
func awaitSave(ctx context.Context, watcher *fsnotify.Watcher, file string) (bool, error) {
	var rested <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return false, nil
		case <-rested:
			return true, nil
		case event := <-watcher.Events:
			if filepath.Clean(event.Name) == file && !event.Has(fsnotify.Chmod) {
				rested = time.After(settleTime)
			}
		case err := <-watcher.Errors:
			return false, fmt.Errorf("watching the contract: %w", err)
		}
	}
}
