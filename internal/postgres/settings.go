package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

func (c Config) poolSettings() (*pgxpool.Config, error) {
	if c.URL == "" {
		return nil, errNoURL
	}
	settings, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("postgres: database URL: %w", err)
	}
	settings.MaxConns = c.MaxConns
	settings.MaxConnLifetime = c.MaxConnLifetime
	settings.MaxConnLifetimeJitter = c.MaxConnLifetime / 10
	settings.MaxConnIdleTime = c.MaxConnIdleTime
	settings.HealthCheckPeriod = c.HealthCheckPeriod
	// A dead connection must leave time to make another within the same acquire.
	settings.PingTimeout = c.AcquireTimeout / 2
	settings.AfterConnect = decodeTimesInUTC
	settings.BeforeClose = cancelUntilGone
	if settings.ConnConfig.ConnectTimeout == 0 {
		settings.ConnConfig.ConnectTimeout = connectTimeout
	}
	if c.Logger == nil {
		c.SlowQuery = never
	}
	if c.SlowQuery > 0 || c.Tracer != nil {
		settings.ConnConfig.Tracer = &statementTracer{threshold: c.SlowQuery, log: c.Logger, spans: c.Tracer, now: time.Now}
	}
	c.setRuntimeParams(settings.ConnConfig.RuntimeParams)
	return settings, nil
}

// setRuntimeParams states the session's settings in the start-up packet, which
// costs no round trip and cannot be forgotten on a new connection.
func (c Config) setRuntimeParams(params map[string]string) {
	setDefault := func(name, value string) {
		if _, stated := params[name]; !stated {
			params[name] = value
		}
	}
	setTimeout := func(name string, timeout time.Duration) {
		if timeout > 0 {
			setDefault(name, strconv.FormatInt(max(timeout.Milliseconds(), 1), 10))
		}
	}
	setDefault("application_name", "plaza")
	setTimeout("statement_timeout", c.StatementTimeout)
	setTimeout("lock_timeout", c.LockTimeout)
	setTimeout("idle_in_transaction_session_timeout", c.IdleInTransactionTimeout)
	// Every list has an index that is in its order, and every join a key. What the planner guesses of arguments that
	// it does not know must never make it read a whole table, to sort it or to merge it; without an index it still does.
	for _, way := range []string{"enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_mergejoin", "jit"} {
		setDefault(way, "off")
	}
	params["timezone"] = "UTC"
}

// decodeTimesInUTC replaces the codec that returns times in the zone of the machine.
func decodeTimesInUTC(_ context.Context, conn *pgx.Conn) error {
	instant := &pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	}
	conn.TypeMap().RegisterType(instant)
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "_timestamptz", OID: pgtype.TimestamptzArrayOID,
		Codec: &pgtype.ArrayCodec{ElementType: instant},
	})
	return nil
}
