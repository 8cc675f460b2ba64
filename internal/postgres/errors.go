package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/plaza-api/plaza/internal/fault"
)

// retryAfter is when trying again is worth it: the database is busy or restarting.
const retryAfter = time.Second

// The SQLSTATEs that are told apart (PostgreSQL's documentation, appendix A).
const (
	codeStringTooLong          = "22001"
	codeNumberOutOfRange       = "22003"
	codeCharacterNotInCharset  = "22021"
	codeInvalidText            = "22P02"
	codeUntranslatable         = "22P05"
	codeRestrictViolation      = "23001"
	codeNotNullViolation       = "23502"
	codeForeignKeyViolation    = "23503"
	codeUniqueViolation        = "23505"
	codeCheckViolation         = "23514"
	codeIdleInTransaction      = "25P03"
	codeSerializationFailure   = "40001"
	codeDeadlock               = "40P01"
	codeLockNotAvailable       = "55P03"
	codeQueryCanceled          = "57014"
	classConnectionException   = "08"
	classInsufficientResources = "53"
	classServerStopsOrStarts   = "57P"
)

// copyRoutine is where the server cancels a COPY because we told it to: a value
// could not be encoded.
const copyRoutine = "CopyGetData"

// translator turns what pgx and PostgreSQL report into faults.
type translator struct {
	properties map[string]string
}

// toFault returns err as a fault if it stands for something that a caller may be
// told, and otherwise wrapped. What is nil, pgx.ErrNoRows or a fault stays as it is.
func (t translator) toFault(err error) error {
	switch {
	case err == nil, errors.Is(err, pgx.ErrNoRows), fault.As(err) != nil:
		return err
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("postgres: %w", err)
	}
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		if known := t.fromServer(pgErr); known != nil {
			return known.Because(err)
		}
		return fmt.Errorf("postgres: %w", err)
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return timedOut().Because(err)
	case connectionLost(err):
		return unavailable().Because(err)
	}
	return fmt.Errorf("postgres: %w", err)
}

// fromServer returns nil for what is nobody's business but ours.
func (t translator) fromServer(e *pgconn.PgError) *fault.Fault {
	switch e.Code {
	case codeUniqueViolation, codeCheckViolation, codeNotNullViolation, codeForeignKeyViolation, codeRestrictViolation:
		return t.ofConstraint(e)
	case codeStringTooLong, codeNumberOutOfRange, codeCharacterNotInCharset, codeUntranslatable, codeInvalidText:
		return ofValue(e.Code)
	case codeQueryCanceled:
		if e.Routine == copyRoutine {
			return nil
		}
		return timedOut()
	case codeSerializationFailure, codeDeadlock, codeLockNotAvailable, codeIdleInTransaction:
		return unavailable()
	}
	for _, class := range []string{classConnectionException, classInsufficientResources, classServerStopsOrStarts} {
		if strings.HasPrefix(e.Code, class) {
			return unavailable()
		}
	}
	return nil
}

func (t translator) ofConstraint(e *pgconn.PgError) *fault.Fault {
	switch e.Code {
	case codeUniqueViolation:
		return t.about(fault.Conflict, "is already taken", "This already exists", uniqueColumn(e), e.TableName)
	case codeCheckViolation:
		return t.about(fault.Invalid, "is not allowed", "A value is not allowed", t.checkedColumn(e), e.TableName)
	case codeNotNullViolation:
		return t.about(fault.Invalid, "is required", "A required value is missing", e.ColumnName, e.TableName)
	default:
		return t.reference(e)
	}
}

// ofValue names no field: for these the server does not say which column it is.
func ofValue(code string) *fault.Fault {
	switch code {
	case codeStringTooLong:
		return fault.New(fault.Invalid, "A text is too long")
	case codeNumberOutOfRange:
		return fault.New(fault.Invalid, "A number is out of range")
	case codeInvalidText:
		return fault.New(fault.Invalid, "A value has the wrong format")
	default:
		return fault.New(fault.Invalid, "A text holds a character that is not allowed")
	}
}

// about makes a fault that says detail of the property that stores column, or
// generic where the contract knows none.
func (t translator) about(kind fault.Kind, detail, generic, column, table string) *fault.Fault {
	property, known := t.properties[table+"."+column]
	if !known {
		return fault.New(kind, generic)
	}
	escaped := strings.NewReplacer("~", "~0", "/", "~1").Replace(property)
	return fault.New(kind, property+" "+detail, fault.Field{Pointer: "/" + escaped, Detail: detail})
}

// reference tells a row that refers to a missing one from a row that cannot go
// because another refers to it. The server puts both into the same code, table and
// constraint.
func (t translator) reference(e *pgconn.PgError) *fault.Fault {
	if !missesParent(e) {
		return fault.New(fault.Conflict, "This is still in use")
	}
	return t.about(fault.NotFound, "does not exist", "what this refers to does not exist",
		constrainedColumn(e, "_fkey"), e.TableName)
}

// missesParent does not rely on the server's language alone: the detail,
// "Key (user_id)=(7) …", names the columns that refer when the parent is missing,
// and those referred to when a child is left; the constraint's name has the former.
func missesParent(e *pgconn.PgError) bool {
	if strings.HasPrefix(e.Message, "insert or update on table") {
		return true
	}
	_, key, _ := strings.Cut(e.Detail, "(")
	columns, _, _ := strings.Cut(key, ")")
	return e.ConstraintName == e.TableName+"_"+strings.ReplaceAll(columns, ", ", "_")+"_fkey"
}

// constrainedColumn reads the column from "<table>_<column><kind>".
func constrainedColumn(e *pgconn.PgError, kind string) string {
	return strings.TrimSuffix(strings.TrimPrefix(e.ConstraintName, e.TableName+"_"), kind)
}

func uniqueColumn(e *pgconn.PgError) string {
	return strings.TrimSuffix(constrainedColumn(e, "_key"), "_live")
}

// checkedColumn also understands names with the rule between column and kind, such
// as users_email_length_check.
func (t translator) checkedColumn(e *pgconn.PgError) string {
	column := constrainedColumn(e, "_check")
	for {
		if _, known := t.properties[e.TableName+"."+column]; known {
			return column
		}
		last := strings.LastIndexByte(column, '_')
		if last < 0 {
			return ""
		}
		column = column[:last]
	}
}

func unavailable() *fault.Fault {
	busy := fault.New(fault.Unavailable, "The service is not available at the moment")
	busy.RetryAfter = retryAfter
	return busy
}

func timedOut() *fault.Fault { return fault.New(fault.Timeout, "The request took too long") }

// connectionLost reports whether err says that a connection is gone. One that could
// not be made never gets here: acquireWithin tells of it.
func connectionLost(err error) bool {
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	for _, gone := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, pgconn.ErrConnClosed} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return false
}
