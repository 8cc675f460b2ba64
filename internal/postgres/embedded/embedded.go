package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"
)

// Database is the database that every cluster is born with.
const Database = "plaza"

const (
	superuser = "postgres"
	port      = 5432 // only a part of the socket's name

	// fastStop is how long a fast shutdown may take where the caller set no
	// deadline: the checkpoint it ends with writes at most shared_buffers.
	fastStop = 30 * time.Second
	// hardStop is how long processes have for each harsher signal.
	hardStop = 5 * time.Second
)

// Options say where a server lives and how it runs.
type Options struct {
	// DataDir is the directory to use, made when it is missing.
	DataDir string
	// Settings are added to PostgreSQL's configuration. They count for the Start that
	// finds no server running; one that attaches takes the server as it is.
	Settings map[string]string
	// Log gets a line for each start, stop and unexpected end; nil is silent.
	Log *slog.Logger
}

// Server is one holder of a running PostgreSQL.
type Server struct {
	place    layout
	settings map[string]string
	log      *slog.Logger
	attached *lock

	// pid is the postmaster, and child the one that this Server itself started, which
	// it has to reap. Both belong to the watch until that has ended.
	pid, child int

	endWatch context.CancelFunc
	watched  chan struct{}
	stop     sync.Once
	stopErr  error
}

// Start attaches to the PostgreSQL that runs on o.DataDir, or starts one. It returns
// when connections are accepted; ctx bounds the start alone, not the server's life.
//
// Its errors are ErrNotInstalled, ErrVersion, ErrUnreachable and ErrOccupied, each
// wrapped with what to do; ctx's own; and those of the file system.
func Start(ctx context.Context, o Options) (*Server, error) {
	if err := checkSettings(o.Settings); err != nil {
		return nil, err
	}
	place, err := locate(o.DataDir)
	if err != nil {
		return nil, err
	}
	s := &Server{
		place:    place,
		settings: maps.Clone(o.Settings),
		log:      o.Log,
		watched:  make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := s.attach(ctx); err != nil {
		return nil, fmt.Errorf("start PostgreSQL in %s: %w", place.home, err)
	}
	watch, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.endWatch = cancel
	go s.watch(watch)
	return s, nil
}

// URL is the address of a database of this server, for pgx and libpq. It stays
// the same when the server restarts.
func (s *Server) URL(database string) string {
	query := url.Values{
		"host":    {s.place.socket},
		"port":    {strconv.Itoa(port)},
		"sslmode": {"disable"},
	}
	address := url.URL{
		Scheme:   "postgres",
		User:     url.User(superuser),
		Path:     "/" + database,
		RawQuery: query.Encode(),
	}
	return address.String()
}

// Stop lets go of the server; the last holder shuts it down, which ends all
// connections. When ctx ends before the shutdown does (30 s at most), PostgreSQL is
// stopped at once and recovers at the next start; nothing committed is lost.
// Further calls return what the first one returned.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() {
		s.endWatch()
		<-s.watched
		s.stopErr = s.detach(ctx)
	})
	return s.stopErr
}

func (s *Server) attach(ctx context.Context) error {
	change, err := acquire(ctx, s.place.change)
	if err != nil {
		return err
	}
	defer change.release()
	if s.attached, err = share(s.place.attached); err != nil {
		return err
	}
	if err := s.ensure(ctx, s.found); err != nil {
		return errors.Join(err, s.leave(context.WithoutCancel(ctx)))
	}
	return nil
}

func (s *Server) detach(ctx context.Context) error {
	change, err := acquire(ctx, s.place.change)
	if errors.Is(err, os.ErrNotExist) {
		// The directory was deleted: nobody else can come in any more.
		return s.leave(ctx)
	}
	if err != nil {
		s.attached.release()
		return fmt.Errorf("leave PostgreSQL in %s: %w", s.place.home, err)
	}
	defer change.release()
	if err := s.leave(ctx); err != nil {
		return fmt.Errorf("stop PostgreSQL in %s: %w", s.place.home, err)
	}
	return nil
}

// leave is called with change.lock held. A failed attempt at the exclusive lock may
// lose the shared one (flock converts in two steps), which is no harm here.
func (s *Server) leave(ctx context.Context) error {
	defer s.attached.release()
	last, err := s.attached.tryExclusive()
	if err != nil || !last {
		return err
	}
	return s.halt(ctx)
}
