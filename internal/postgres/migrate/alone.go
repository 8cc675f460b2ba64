package migrate

import (
	"context"
	"fmt"
)

// lockKey is what pg_advisory_xact_lock is called with: "plaza" in ASCII, and a 1.
const lockKey = 0x706c617a6131

// alone calls do while nobody else migrates the database. The lock's transaction does
// nothing else: it has no snapshot, so CREATE INDEX CONCURRENTLY need not wait for it.
func (m *Migrator) alone(ctx context.Context, do func() error) error {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("migrate: connect: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // it changed nothing; the lock ends with it
	for _, statement := range []string{
		"SET LOCAL idle_in_transaction_session_timeout = 0",
		"SET LOCAL statement_timeout = 0",
		"SET LOCAL lock_timeout = 0",
		fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", lockKey),
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("migrate: wait for another migration to end: %w", err)
		}
	}
	return do()
}
