package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/fault"
)

// notReadyRetry is when to ask a server again that is not ready.
const notReadyRetry = time.Second

// system are the operations of the tag system.
type system struct {
	answers

	dependencies []Dependency
	stopping     *atomic.Bool
	log          *slog.Logger
}

func (system) GetHealth(context.Context, api.GetHealthRequestObject) (api.GetHealthResponseObject, error) {
	body, err := encode(api.Health{Status: api.HealthStatusAlive})
	return answer{status: http.StatusOK, body: body}, err
}

func (h system) GetReadiness(
	ctx context.Context, _ api.GetReadinessRequestObject,
) (api.GetReadinessResponseObject, error) {
	if h.stopping.Load() {
		return nil, notReady("The server is stopping")
	}
	if down := h.down(ctx); len(down) > 0 {
		return nil, notReady("No answer from: " + strings.Join(down, ", "))
	}
	ready := api.Readiness{Status: api.ReadinessStatusReady, Dependencies: []api.Dependency{}}
	for _, d := range h.dependencies {
		ready.Dependencies = append(ready.Dependencies, api.Dependency{Name: d.Name, Status: api.DependencyStatusReady})
	}
	body, err := encode(ready)
	return answer{status: http.StatusOK, body: body}, err
}

// down asks every dependency at once and names those that do not answer.
func (h system) down(ctx context.Context) []string {
	errs := make([]error, len(h.dependencies))
	var asked sync.WaitGroup
	for i, d := range h.dependencies {
		asked.Go(func() { errs[i] = d.Ping(ctx) })
	}
	asked.Wait()
	var down []string
	for i, err := range errs {
		if err != nil {
			h.log.ErrorContext(ctx, "dependency", "name", h.dependencies[i].Name, "error", err)
			down = append(down, h.dependencies[i].Name)
		}
	}
	return down
}

func notReady(why string) error {
	f := fault.New(fault.Unavailable, why)
	f.RetryAfter = notReadyRetry
	return f
}
