package postgres_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
)

func TestSlowQueryLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	db := setup(t, func(c *postgres.Config) {
		c.SlowQuery, c.Logger = time.Nanosecond, slog.New(slog.NewJSONHandler(&log, nil))
	})
	for _, row := range []struct {
		name, query string
		queries     float64
		failed      bool
		run         func(context.Context, postgres.Querier) error
	}{
		{"names a query", "GetUser", 1, false, func(ctx context.Context, conn postgres.Querier) error {
			var text string
			return conn.QueryRow(ctx, "-- name: GetUser :one\nSELECT $1::text", "secret").Scan(&text)
		}},
		{"says that it failed", "UpdateUser", 1, true, func(ctx context.Context, conn postgres.Querier) error {
			_, err := conn.Exec(ctx, "-- name: UpdateUser :exec\nSELECT $1::text::int", "secret")
			require.Error(t, err)
			return nil
		}},
		{
			"gives the first word of a query without a name", "select", 1, false,
			func(ctx context.Context, conn postgres.Querier) error {
				_, err := conn.Exec(ctx, " SELECT 'secret'")
				return err
			},
		},
		{"counts the queries of a batch", "InsertUser", 2, false, func(ctx context.Context, conn postgres.Querier) error {
			batch := &pgx.Batch{}
			batch.Queue("-- name: InsertUser :batchexec\nINSERT INTO users (email) VALUES ($1)", "secret1")
			batch.Queue("-- name: InsertUser :batchexec\nINSERT INTO users (email) VALUES ($1)", "secret2")
			return conn.SendBatch(ctx, batch).Close()
		}},
		{"names the table of a copy", "copy users", 1, false, func(ctx context.Context, conn postgres.Querier) error {
			_, err := conn.CopyFrom(ctx, pgx.Identifier{"users"}, []string{"email"}, pgx.CopyFromRows([][]any{{"secret3"}}))
			return err
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			log.Reset()
			require.NoError(t, row.run(t.Context(), db.Conn(t.Context())))
			assert.NotContains(t, log.String(), "secret")
			var line map[string]any
			require.NoError(t, json.Unmarshal(log.Bytes(), &line), log.String())
			assert.Equal(t, "slow query", line["msg"])
			assert.Equal(t, "WARN", line["level"])
			assert.Equal(t, row.query, line["query"])
			assert.InDelta(t, row.queries, line["queries"], 0)
			assert.Equal(t, row.failed, line["failed"])
			assert.Positive(t, line["duration"])
		})
	}
}
