package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

const (
	// maxLog bounds server.log, in bytes; a fuller one is emptied.
	maxLog = 16 << 20
	// maxTail bounds what of the log an error quotes, in bytes.
	maxTail = 2 << 10
)

var errVanished = errors.New("the cluster's files are gone")

// plan gives the settings of a start where none is running, and whether a cluster
// may be made where there is none.
type plan func() (settings map[string]string, mayCreate bool, err error)

// found is the plan of Start, recalled that of a restart: a directory that was
// deleted under a running server must not come back empty.
func (s *Server) found() (map[string]string, bool, error) {
	return s.settings, true, s.place.remember(s.settings)
}

func (s *Server) recalled() (map[string]string, bool, error) {
	settings, err := s.place.recall()
	return settings, false, err
}

// ensure returns when the server runs and s.pid is its postmaster. One that another
// process is starting is waited for, and one that is stopping started again.
// change.lock is held.
func (s *Server) ensure(ctx context.Context, next plan) error {
	running := false
	err := poll(ctx, func() (bool, error) {
		pid, ready, err := s.place.postmaster()
		if running = ready && s.place.answers(ctx); running {
			s.pid = pid
		}
		return pid == 0 || running, err
	})
	if err != nil || running {
		return err
	}
	settings, mayCreate, err := next()
	if err != nil {
		return err
	}
	return s.begin(ctx, settings, mayCreate)
}

// begin starts the server where none is running.
func (s *Server) begin(ctx context.Context, settings map[string]string, mayCreate bool) error {
	version, err := s.place.version()
	if err != nil {
		return err
	}
	if version == "" && !mayCreate {
		return errVanished
	}
	programs, err := choose(ctx, candidates(os.Getenv("PATH")), version)
	if err != nil {
		return err
	}
	runner, err := accountFor(ctx, s.place, programs)
	if err != nil {
		return err
	}
	if err := s.place.clear(ctx); err != nil {
		return err
	}
	if version == "" {
		if err := create(ctx, s.place, programs, runner); err != nil {
			return err
		}
	}
	if err := makeSocketDirectory(s.place, runner); err != nil {
		return err
	}
	return s.launch(ctx, programs, runner, settings)
}

func (s *Server) launch(ctx context.Context, i installation, a account, settings map[string]string) error {
	s.trimLog()
	log, err := os.OpenFile(s.place.log, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the server's log: %w", err)
	}
	defer func() { _ = log.Close() }()
	before, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("read the server's log: %w", err)
	}
	// It outlives ctx and this process, so neither is allowed to end it.
	cmd := a.command(context.WithoutCancel(ctx), i.program("postgres"), s.place.arguments(settings)...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run postgres: %w", err)
	}
	s.child = cmd.Process.Pid
	// Nobody waits for it here: the watch reaps it when it ends.
	if err := cmd.Process.Release(); err != nil {
		return fmt.Errorf("release postgres: %w", err)
	}
	err = poll(ctx, func() (bool, error) {
		pid, ready, err := s.place.postmaster()
		if err == nil && s.reap(s.child) {
			err = fmt.Errorf("postgres ended: %s", tail(log, before))
		}
		return ready && pid == s.child, err
	})
	if err != nil && s.child == 0 { // ended by itself, so nobody will stop it
		err = errors.Join(err, s.place.removeSocket())
	}
	if err != nil {
		return err
	}
	s.pid = s.child
	s.log.InfoContext(ctx, "PostgreSQL started", "pid", s.pid, "version", i.major, "directory", s.place.home)
	return nil
}

// reap reports whether the postmaster pid has ended. A zombie that this Server
// started is taken off the process table; nobody else's child is touched.
func (s *Server) reap(pid int) bool {
	p, exists := look(pid)
	if exists && p.dead && pid == s.child {
		_, _ = syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
		s.child = 0
	}
	return !exists || p.dead
}

// trimLog empties a log that is full; PostgreSQL appends, and so goes on at its start.
func (s *Server) trimLog() {
	if info, err := os.Stat(s.place.log); err == nil && info.Size() > maxLog {
		_ = os.Truncate(s.place.log, 0)
	}
}

// tail is the end of what was logged since an offset.
func tail(log *os.File, since int64) string {
	text, err := io.ReadAll(io.NewSectionReader(log, since, maxLog))
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(text[max(0, len(text)-maxTail):]))
}
