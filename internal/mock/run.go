package mock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/fsnotify/fsnotify"

	"github.com/plaza-api/plaza/internal/example"
)

const (
	// headerTimeout bounds how long a caller takes to send the header fields.
	headerTimeout = 10 * time.Second
	// stopTimeout is how long answers that are held back may delay the end.
	stopTimeout = 2 * time.Second
	// saved is how long a file has to be left alone before it is read: editors save in several steps.
	saved = 50 * time.Millisecond
)

// Run serves at address, tells stdout where, and reads the document again whenever it is saved, until ctx ends.
func (s *Server) Run(ctx context.Context, address string, stdout io.Writer) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watching files: %w", err)
	}
	defer watcher.Close() //nolint:errcheck // nothing is lost
	// The folder: an editor that saves by renaming puts another file in the place of the one that was watched.
	if err := watcher.Add(filepath.Dir(s.options.File)); err != nil {
		return fmt.Errorf("watching %s: %w", s.options.File, err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: headerTimeout}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	s.announce(ctx, "http://"+listener.Addr().String(), stdout)
	go s.watch(ctx, watcher)
	select {
	case err = <-ended:
	case <-ctx.Done():
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		if err = server.Shutdown(stopping); err != nil {
			err = server.Close()
		}
	}
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

// watch reads the document again once it was saved.
func (s *Server) watch(ctx context.Context, watcher *fsnotify.Watcher) {
	quiet := time.NewTimer(0)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case event, open := <-watcher.Events:
			if !open {
				return
			}
			if filepath.Base(event.Name) == s.name() && !event.Has(fsnotify.Chmod) {
				quiet.Reset(saved)
			}
		case <-quiet.C:
			s.say(s.Reload()) //nolint:contextcheck // nothing in it waits
		}
	}
}

// say tells what came of reading the document again.
func (s *Server) say(err error) {
	text := fmt.Sprintf("%s was saved: %d operations", s.name(), len(s.Contract().Operations))
	if err != nil {
		text = fmt.Sprintf("%s is served as it was, as it cannot be read now:\n%v", s.name(), err)
	}
	_, _ = fmt.Fprintf(s.options.Log, "%s  %s\n", s.options.Now().Format(time.TimeOnly), text) // nobody else to tell
}

// announce tells where the mock is, and one call that it answers.
func (s *Server) announce(ctx context.Context, address string, stdout io.Writer) {
	c := s.Contract()
	_, _ = fmt.Fprintf(stdout, "%s %s is mocked at %s: %d operations of %s\n",
		visible(c.Document.Info.Title), visible(c.Version), address, len(c.Operations), s.name())
	for _, o := range c.Operations {
		if o.Method != http.MethodGet || !strings.Contains(o.Path, "{") {
			continue
		}
		r, err := example.Request(ctx, c, o, address, nil)
		if err != nil {
			continue
		}
		example.SignIn(c, o, r)
		call := []string{"curl -s " + quoted(r.URL.String())}
		for _, name := range slices.Sorted(maps.Keys(r.Header)) {
			call = append(call, "-H "+quoted(name+": "+r.Header.Get(name)))
		}
		_, _ = fmt.Fprintf(stdout, "\n    %s\n\n", strings.Join(call, " "))
		return
	}
}

// quoted is text as a shell takes it, whatever a document has written into it.
func quoted(text string) string {
	return "'" + strings.ReplaceAll(visible(text), "'", `'\''`) + "'"
}

// visible is text without what a terminal would obey.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
}
