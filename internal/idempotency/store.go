package idempotency

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
)

// Header is the name of the header that carries a key.
const Header = "Idempotency-Key"

// Key names a request that may come again.
type Key struct {
	Caller      string // empty: nobody is signed in
	Key         string // of the caller's choice
	Fingerprint [sha256.Size]byte
}

// Answer is what a request got, with status 200 to 299.
type Answer struct {
	Status      int
	ContentType string
	Location    string
	ETag        string
	Body        []byte
}

// Store keeps answers.
type Store struct{ db *postgres.DB }

// New makes a store on database.
func New(database *postgres.DB) *Store { return &Store{db: database} }

// retryAfter is when to ask again for what is at work.
const retryAfter = time.Second

// Do returns what fn answers, or what it answered when the request came before, and which of the two. fn runs in the
// transaction that keeps its answer; it may run more than once.
//
// It returns fault.Conflict while the same key is at work, fault.Invalid where it was used for another request, and
// fn's error, of which nothing is kept.
func (s *Store) Do(
	ctx context.Context, key Key, fn func(context.Context) (Answer, error),
) (answer Answer, replayed bool, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		q, id := s.db.Queries(ctx), key.id()
		locked, err := q.GetIdempotencyKeyLock(ctx, int64(binary.BigEndian.Uint64(id))) //nolint:gosec // any number does
		if err != nil {
			return err
		}
		if !locked {
			atWork := fault.New(fault.Conflict, "A request with this Idempotency-Key is at work: try again when it is done")
			atWork.RetryAfter = retryAfter
			return atWork
		}
		stored, err := q.GetIdempotencyKey(ctx, id)
		if !errors.Is(err, pgx.ErrNoRows) {
			answer, replayed = fromRow(stored), true
			if err == nil && [sha256.Size]byte(stored.Fingerprint) != key.Fingerprint {
				err = fault.New(fault.Invalid, "This Idempotency-Key was used for another request",
					fault.Field{In: "header", Name: Header, Detail: "was used for another request"})
			}
			return err
		}
		if answer, err = fn(ctx); err != nil {
			return err
		}
		if err := q.DeleteExpiredIdempotencyKeys(ctx, id); err != nil {
			return err
		}
		return q.InsertIdempotencyKey(ctx, db.InsertIdempotencyKeyParams{
			ID: id, Fingerprint: key.Fingerprint[:], Status: int32(answer.Status), //nolint:gosec // three digits
			ContentType: answer.ContentType, Location: answer.Location, Etag: answer.ETag,
			Body: append([]byte{}, answer.Body...), // never null
		})
	})
	if err != nil {
		return Answer{}, false, err
	}
	return answer, replayed, nil
}

// id is what the record of a key is found by.
func (k Key) id() []byte {
	h := sha256.New()
	h.Write([]byte(k.Caller + "\x00" + k.Key + "\x00")) // neither holds the character
	if k.Caller == "" {
		h.Write(k.Fingerprint[:])
	}
	return h.Sum(nil)
}

func fromRow(row db.IdempotencyKey) Answer {
	return Answer{
		Status: int(row.Status), ContentType: row.ContentType, Location: row.Location, ETag: row.Etag, Body: row.Body,
	}
}
