package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/plaza-api/plaza/internal/sampling"
	"github.com/plaza-api/plaza/internal/telemetry"
)

// samplesGrace is how long the answers that wait to be looked at may take when the server stops.
const samplesGrace = 2 * time.Second

// startSampler begins to hold answers against the contract; nil where none are to be.
func startSampler(c Config, metrics *telemetry.Metrics, log *slog.Logger) *sampling.Sampler {
	if c.Sampling == 0 {
		return nil
	}
	s := sampling.New(c.Sampling, metrics.Mismatch, log)
	metrics.Count("plaza_responses_sampled_total", "How many answers were held against the contract.", s.Checked)
	metrics.Count("plaza_response_samples_dropped_total",
		"How many answers were to be held against the contract and came too fast.", s.Dropped)
	metrics.Count("plaza_response_samples_skipped_total",
		"How many answers were to be held against the contract and are too large.", s.Skipped)
	s.Start()
	return s
}

func stopSampler(ctx context.Context, s *sampling.Sampler) {
	if s == nil {
		return
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), samplesGrace)
	defer cancel()
	s.Stop(limited)
}
