package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/telemetry"
	"github.com/plaza-api/plaza/internal/user"
)

const (
	readHeaderTimeout = 5 * time.Second // what a client has to send the header of a request
	idleTimeout       = 120 * time.Second
	defaultGrace      = 15 * time.Second
	productionNotice  = 3 * time.Second
)

// Options are what Run needs.
type Options struct {
	Config Config
	// Stdout gets a few lines for the person who started the server, in development.
	Stdout io.Writer
	Log    *slog.Logger
	// Ready is called with the address when requests are answered; nil is fine.
	Ready func(addr string)
	// Grace is how long requests that have begun may take when the server stops; 0 is 15 s.
	Grace time.Duration
	// Notice is how long the server says that it is not ready, and goes on answering, before it takes no new
	// connections, so that load balancers can tell; 0 is 3 s in production and none in development.
	Notice time.Duration
}

// Run serves the API until ctx ends, and returns nil when it has stopped in order, be it while it was starting.
// Its errors name the part that did not start, or that failed.
func Run(ctx context.Context, o Options) error {
	if err := o.Config.servable(); err != nil {
		return err
	}
	spec, err := loadContract() //nolint:contextcheck // nothing in it waits
	if err != nil {
		return err
	}
	traces, err := telemetry.NewTraces(ctx, o.Config.Traces, spec.Version, o.Log)
	if err != nil {
		return err
	}
	o.Log = traces.Log(o.Log)
	database, err := OpenDatabase(ctx, o.Config, o.Log)
	if err != nil {
		return errors.Join(o.notStarted(ctx, err), traces.Close(ctx))
	}
	err = o.runOn(ctx, database, spec, traces.Tracer(), func(api *httpapi.Server, metrics *telemetry.Metrics) error {
		stop, err := o.serveAdmin(ctx, metrics)
		if err != nil {
			return err
		}
		defer stop()
		return o.serve(ctx, api, spec)
	})
	return errors.Join(err, database.Close(ctx), traces.Close(ctx))
}

// Inspect hands look the server that Run would serve, on the same database, and its contract. Nothing listens.
func Inspect(ctx context.Context, o Options, look func(*httpapi.Server, *contract.Contract) error) error {
	spec, err := loadContract() //nolint:contextcheck // nothing in it waits
	if err != nil {
		return err
	}
	database, err := OpenDatabase(ctx, o.Config, o.Log)
	if err != nil {
		return err
	}
	err = o.runOn(ctx, database, spec, nil, func(api *httpapi.Server, _ *telemetry.Metrics) error {
		return look(api, spec)
	})
	return errors.Join(err, database.Close(ctx))
}

// runOn makes the server on a database, and hands it to use.
func (o Options) runOn(
	ctx context.Context, database *Database, spec *contract.Contract, tracer trace.Tracer,
	use func(*httpapi.Server, *telemetry.Metrics) error,
) error {
	if err := database.Prepare(ctx, o.Config.Environment, o.Log); err != nil {
		return o.notStarted(ctx, fmt.Errorf("database: %w", err))
	}
	pool, err := postgres.Open(ctx, postgres.Config{
		URL: database.URL, ReplicaURLs: o.Config.ReplicaURLs, Logger: o.Log, Tracer: tracer, Properties: spec.Columns(),
	})
	if err != nil {
		return o.notStarted(ctx, fmt.Errorf("database: %w", err))
	}
	defer pool.Close()
	common, err := openShared(ctx, o.Config, spec, o.Log)
	if err != nil {
		return o.notStarted(ctx, err)
	}
	defer common.close()
	who, err := openAccess(ctx, o.Config, spec, pool, o.Log)
	if err != nil {
		return o.notStarted(ctx, err)
	}
	if err := o.furnish(ctx, pool, who.identity); err != nil {
		return o.notStarted(ctx, err)
	}
	metrics := telemetry.NewMetrics()
	sampler := startSampler(o.Config, metrics, o.Log) //nolint:contextcheck // it has none
	defer stopSampler(ctx, sampler)
	api, err := wire( //nolint:contextcheck // requests have one
		o.Config, spec, pool, who, common, metrics, sampler, tracer, o.Log)
	if err != nil {
		return err
	}
	err = use(api, metrics)
	if who.identity != nil {
		who.identity.Wait()
	}
	return err
}

// furnish makes what the reference page needs to sign people in, and what a developer does: an admin, and a client for
// applications on the same machine.
func (o Options) furnish(ctx context.Context, pool *postgres.DB, service *identity.Service) error {
	if service == nil {
		return nil
	}
	if o.Config.Docs {
		if err := service.EnsureDocs(ctx); err != nil {
			return err
		}
	}
	if o.Config.Environment == Production {
		return nil
	}
	if _, err := user.New(pool).StandIn(ctx, user.Role(token.RoleAdmin)); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	return service.EnsureConsole(ctx)
}

// notStarted returns why the start failed, unless somebody wanted it to end.
func (o Options) notStarted(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	o.Log.InfoContext(ctx, "stopped before it was ready", "while", err)
	return nil
}

// serve listens, answers until ctx ends, and lets what is in flight end.
func (o Options) serve(ctx context.Context, api *httpapi.Server, spec *contract.Contract) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Config.HTTPAddr)
	if err != nil {
		return fmt.Errorf("PLAZA_HTTP_ADDR: %w", err)
	}
	// Requests outlive ctx: they have their own limit, after which they are cancelled.
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	server := &http.Server{
		Handler:           api,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    httpapi.MaxHeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	// What the start needed goes back to the system: the contract's text and the migrations', several times what stays.
	// What lies in pools takes two collections.
	runtime.GC()
	debug.FreeOSMemory()
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	o.announce(ctx, listener.Addr().String(), spec.Version)
	select {
	case err := <-ended:
		return fmt.Errorf("HTTP server: %w", err)
	case <-ctx.Done():
	}
	api.Stop()
	o.Log.InfoContext(ctx, "stopping")
	<-time.After(o.notice())
	err = o.drain(ctx, server)
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

func (o Options) notice() time.Duration {
	if o.Notice == 0 && o.Config.Environment == Production {
		return productionNotice
	}
	return o.Notice
}

// drain waits for the requests in flight, and cuts off those that take too long.
func (o Options) drain(ctx context.Context, server *http.Server) error {
	grace := cmp.Or(o.Grace, defaultGrace)
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := server.Shutdown(limited)
	if errors.Is(err, context.DeadlineExceeded) {
		o.Log.WarnContext(ctx, "requests cut off", "after", grace)
		err = server.Close()
	}
	if err != nil {
		return fmt.Errorf("stop the HTTP server: %w", err)
	}
	return nil
}
