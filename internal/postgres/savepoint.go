package postgres

import (
	"context"
	"errors"
)

// ErrNoTransaction is returned by InSavepoint outside a transaction.
var ErrNoTransaction = errors.New("postgres: a savepoint needs a transaction")

// InSavepoint runs fn in the transaction that ctx carries, and takes back what fn
// did when it returns an error or panics, so that the transaction remains usable:
// one bad row of a batch costs only itself. Savepoints nest.
//
// It returns fn's error as it is. A failure to take fn's work back leads the chain,
// because then the whole transaction is lost.
func (d *DB) InSavepoint(ctx context.Context, fn func(ctx context.Context) error) error {
	tx := d.transaction(ctx)
	if tx == nil {
		return ErrNoTransaction
	}
	// One name does for all: the innermost is meant, and each is released.
	if _, err := tx.Exec(ctx, "savepoint nested"); err != nil {
		return err
	}
	decided := false
	defer func() {
		if !decided {
			_ = tx.undo(ctx)
		}
	}()
	err := fn(ctx)
	decided = true
	if err == nil {
		if _, err = tx.Exec(ctx, "release savepoint nested"); err == nil {
			return nil
		}
	}
	if undoErr := tx.undo(ctx); undoErr != nil && ctx.Err() == nil {
		return errors.Join(undoErr, err)
	}
	return err
}

// undo also releases the savepoint: left in place, those of a long batch would pile
// up inside each other.
func (t *transaction) undo(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	_, err := t.Exec(ctx, "rollback to savepoint nested; release savepoint nested")
	return err
}
