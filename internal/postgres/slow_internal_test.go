package postgres

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
)

func TestSlowQueryThreshold(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		took   time.Duration
		logged bool
	}{
		{"leaves out what is faster", 100*time.Millisecond - 1, false},
		{"logs what takes as long", 100 * time.Millisecond, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			tracer := &statementTracer{
				threshold: defaultSlowQuery,
				log:       slog.New(slog.NewTextHandler(&log, nil)),
				now:       func() time.Time { return now },
			}
			ctx := tracer.TraceQueryStart(t.Context(), nil, pgx.TraceQueryStartData{SQL: "-- name: GetUser :one\nSELECT 1"})
			now = now.Add(row.took)
			tracer.TraceQueryEnd(ctx, nil, pgx.TraceQueryEndData{})
			assert.Equal(t, row.logged, log.Len() > 0)
		})
	}
	t.Run("ignores the end of what it did not see begin", func(t *testing.T) {
		t.Parallel()
		var log bytes.Buffer
		tracer := &statementTracer{log: slog.New(slog.NewTextHandler(&log, nil)), now: time.Now}
		tracer.TraceQueryEnd(t.Context(), nil, pgx.TraceQueryEndData{})
		assert.Empty(t, log.String())
	})
}
