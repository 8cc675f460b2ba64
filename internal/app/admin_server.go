package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"

	"github.com/plaza-api/plaza/internal/telemetry"
)

// serveAdmin serves metrics and profiles where those who run the server look at them, until stop is called. The
// address is not for the world.
func (o Options) serveAdmin(ctx context.Context, metrics *telemetry.Metrics) (stop func(), err error) {
	if o.Config.AdminAddr == "" {
		return func() {}, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Config.AdminAddr)
	if err != nil {
		return nil, fmt.Errorf("PLAZA_ADMIN_ADDR: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics.Handler())
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: readHeaderTimeout, ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener) // until it is closed
	}()
	o.Log.InfoContext(ctx, "metrics and profiles", "address", listener.Addr().String())
	return func() {
		_ = server.Close() // a profile that is being taken is cut off
		<-ended
	}, nil
}
