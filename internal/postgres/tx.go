package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// maxRetries is how often a transaction is repeated after the first attempt.
	maxRetries = 3
	// firstPause is the longest pause before the first repetition; it doubles.
	firstPause = 10 * time.Millisecond
	// rollbackTimeout bounds a ROLLBACK. Where it runs out the connection is closed,
	// which rolls back too.
	rollbackTimeout = time.Second
	// answerTimeout is how much longer than the longest statement a COMMIT may take.
	answerTimeout = time.Second
	// unboundedCommitTimeout bounds a COMMIT where statements have no time-out.
	unboundedCommitTimeout = time.Minute
)

// ErrOutcomeUnknown is in the chain of the fault of a COMMIT whose answer was lost.
// The change may or may not have been made.
var ErrOutcomeUnknown = errors.New("postgres: the answer to COMMIT was lost")

// ErrWeakerTransaction is what InTxWith returns for options that the transaction
// which it would join does not keep.
var ErrWeakerTransaction = errors.New("postgres: cannot join a weaker transaction")

// Isolation is how much of other transactions one transaction sees.
type Isolation string

// The levels of PostgreSQL, weakest first.
const (
	ReadCommitted  Isolation = "read committed"
	RepeatableRead Isolation = "repeatable read"
	Serializable   Isolation = "serializable"
)

// TxOptions says how a transaction runs. The zero value is READ COMMITTED, for
// reading and writing.
type TxOptions struct {
	Isolation Isolation
	ReadOnly  bool
}

type transaction struct {
	*querier

	options TxOptions
	// after is what is to happen once it is committed.
	after []func(context.Context)
	// ended is what is to happen once it has ended, in whatever way.
	ended []func()
}

// txKey is the context key of the transaction on one DB: a transaction on the
// primary must not be taken for one on a replica.
type txKey struct{ db *DB }

func (d *DB) transaction(ctx context.Context) *transaction {
	tx, _ := ctx.Value(txKey{d}).(*transaction)
	return tx
}

// InTx runs fn in a READ COMMITTED transaction: the one that ctx carries, or else
// a new one, which is committed when fn returns nil and rolled back when it returns
// an error, panics, or ctx ends.
//
// A new transaction that fails with a serialization failure or a deadlock is
// repeated up to three times, so fn may run more than once and must leave nothing
// behind outside the database.
//
// It returns fn's error as it is, and for BEGIN and COMMIT the errors of a query.
// An answer to COMMIT that never came is a fault of kind Unavailable that wraps
// ErrOutcomeUnknown; it names no time to retry, because repeating the change blindly
// might make it twice.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return d.InTxWith(ctx, TxOptions{}, fn)
}

// InTxWith is InTx with options. It returns ErrWeakerTransaction if it would join a
// transaction that promises less than options ask for.
func (d *DB) InTxWith(ctx context.Context, options TxOptions, fn func(ctx context.Context) error) error {
	if tx := d.transaction(ctx); tx != nil {
		if !tx.options.promises(options) {
			return fmt.Errorf("%w: %s inside %s", ErrWeakerTransaction, options, tx.options)
		}
		return fn(ctx)
	}
	for pause := firstPause; ; pause *= 2 {
		err := d.attempt(ctx, options, fn)
		if !mayRepeat(err) || pause >= firstPause<<maxRetries {
			return err
		}
		if waitErr := wait(ctx, pause); waitErr != nil {
			return d.faults.toFault(fmt.Errorf("%w while waiting to repeat after: %s", waitErr, err.Error()))
		}
	}
}

// HasTx tells whether ctx carries a transaction.
func (d *DB) HasTx(ctx context.Context) bool { return d.transaction(ctx) != nil }

// AfterCommit runs do once the transaction in ctx is committed, with a context that carries none; at once where ctx
// carries none. It does not run where the transaction is rolled back, nor where the answer to COMMIT is lost.
func (d *DB) AfterCommit(ctx context.Context, do func(context.Context)) {
	if tx := d.transaction(ctx); tx != nil {
		tx.after = append(tx.after, do)
		return
	}
	do(ctx)
}

// AfterEnd runs do once the transaction in ctx has ended, be it committed, rolled back or not known to be either; at
// once where ctx carries none.
func (d *DB) AfterEnd(ctx context.Context, do func()) {
	if tx := d.transaction(ctx); tx != nil {
		tx.ended = append(tx.ended, do)
		return
	}
	do()
}

func (d *DB) attempt(ctx context.Context, options TxOptions, fn func(ctx context.Context) error) error {
	conn, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer release(conn)
	tx, err := conn.BeginTx(ctx, options.forPgx())
	if err != nil {
		return d.faults.toFault(err)
	}
	decided := false
	// Deferred rather than recovered: a panic goes on with its own stack.
	defer func() {
		if !decided {
			rollback(ctx, tx)
		}
	}()
	own := &transaction{querier: &querier{db: d, tx: tx}, options: options}
	defer func() {
		for _, do := range own.ended {
			do()
		}
	}()
	err = fn(context.WithValue(ctx, txKey{d}, own))
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return d.faults.toFault(fmt.Errorf("before COMMIT: %w", ctx.Err()))
	}
	decided = true
	if err := d.commit(ctx, tx); err != nil {
		return err
	}
	for _, do := range own.after {
		do(ctx)
	}
	return nil
}

// commit tells a COMMIT that was refused, which can be repeated, from one that may
// have happened.
func (d *DB) commit(ctx context.Context, tx pgx.Tx) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.commitTimeout)
	defer cancel()
	err := tx.Commit(ctx)
	pgErr, answered := errors.AsType[*pgconn.PgError](err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrTxCommitRollback):
		return fmt.Errorf("postgres: an error inside the transaction was ignored: %w", err)
	case answered && pgErr.SeverityUnlocalized == "ERROR":
		return d.faults.toFault(err)
	default:
		lost := unavailable()
		lost.RetryAfter = 0
		return lost.Because(fmt.Errorf("%w: %w", ErrOutcomeUnknown, err))
	}
}

func commitTimeout(statementTimeout time.Duration) time.Duration {
	if statementTimeout < 0 {
		return unboundedCommitTimeout
	}
	return statementTimeout + answerTimeout
}

// rollback gives no error: where it fails pgx closes the connection, and with that
// the server rolls back.
func rollback(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	_ = tx.Rollback(ctx)
}

func mayRepeat(err error) bool {
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pgErr.Code == codeSerializationFailure || pgErr.Code == codeDeadlock) &&
		!errors.Is(err, ErrOutcomeUnknown)
}

// wait pauses between half of longest and longest, so that those who collided do
// not meet again. It returns ctx's error if that ends first.
func wait(ctx context.Context, longest time.Duration) error {
	pause := longest/2 + rand.N(longest/2) //nolint:gosec // spreads, keeps no secret
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// promises reports whether a transaction with o is also one with asked.
func (o TxOptions) promises(asked TxOptions) bool {
	levels := []Isolation{"", ReadCommitted, RepeatableRead, Serializable}
	strong := max(slices.Index(levels, o.Isolation), 1) >= slices.Index(levels, asked.Isolation)
	return strong && (asked.ReadOnly || !o.ReadOnly)
}

func (o TxOptions) forPgx() pgx.TxOptions {
	options := pgx.TxOptions{IsoLevel: pgx.TxIsoLevel(o.Isolation)}
	if o.Isolation == "" {
		options.IsoLevel = pgx.ReadCommitted
	}
	if o.ReadOnly {
		options.AccessMode = pgx.ReadOnly
	}
	return options
}

// String returns o as PostgreSQL words it.
func (o TxOptions) String() string {
	options := o.forPgx()
	if o.ReadOnly {
		return string(options.IsoLevel) + ", " + string(options.AccessMode)
	}
	return string(options.IsoLevel)
}
