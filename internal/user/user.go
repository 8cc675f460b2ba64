package user

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/coalesce"
	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
)

// User is a person.
type User = db.User

// Status tells whether a user takes part.
type Status = db.UserStatus

// Role tells what a user may do beyond what is their own.
type Role = db.UserRole

// Fields are what a person can say of a user.
type Fields struct {
	Name   string
	Email  string
	Age    int32
	Status Status // empty is active
	Tags   []string
}

// Draft is what makes a user.
type Draft struct {
	Fields

	Address *address.Draft
}

// Patch is a change of a user; nil leaves a field as it is.
type Patch struct {
	Name   *string
	Email  *string
	Age    *int32
	Status *Status
	Role   *Role
	Tags   *[]string
}

// Kept is where users are kept by those who read them.
type Kept interface {
	// Writing is called before a change is committed, by one writer of a user after the other.
	Writing(ctx context.Context, id int64)
	// Written is called when the transaction has ended in which users were changed or made, and before it is answered.
	Written(ctx context.Context, ids ...int64)
}

type nothingKept struct{}

func (nothingKept) Writing(context.Context, int64)    {}
func (nothingKept) Written(context.Context, ...int64) {}

// Service reads and writes users.
type Service struct {
	db    *postgres.DB
	kept  Kept
	byID  *coalesce.Group[User]
	total *coalesce.Group[int64] // of all live users, by the position that the reader needs
}

// New makes a service on database.
func New(database *postgres.DB) *Service {
	s := &Service{db: database, kept: nothingKept{}}
	s.byID, s.total = coalesce.New(s.list), coalesce.New(s.count)
	return s
}

// Keep makes the service tell of its writes whoever keeps users. It is to be called before the service is used.
func (s *Service) Keep(kept Kept) *Service {
	s.kept = kept
	return s
}

// written tells, once the transaction has ended, of users who are made or changed in it.
func (s *Service) written(ctx context.Context, ids ...int64) {
	s.db.AfterEnd(ctx, func() { s.kept.Written(ctx, ids...) })
}

// Get returns a user, or fault.NotFound. Those who read at once share a query, unless they are in a transaction.
func (s *Service) Get(ctx context.Context, id int64) (User, error) {
	if s.db.HasTx(ctx) {
		u, err := s.db.Queries(ctx).GetUser(ctx, id)
		return u, missing(err)
	}
	u, found, err := s.byID.Get(ctx, id)
	if err == nil && !found {
		err = Missing()
	}
	return u, err
}

// count returns how many live users there are, for readers who need some positions: what the most exacting one may
// see, they all may.
func (s *Service) count(ctx context.Context, needed []int64) (map[int64]int64, error) {
	ctx = postgres.WithReplica(ctx, postgres.Position(slices.Max(needed)))
	rows, err := s.db.Queries(ctx).CountUsers(ctx)
	counts := make(map[int64]int64, len(needed))
	for _, position := range needed {
		counts[position] = rows
	}
	return counts, err
}

// list returns the live users of some ids, as the primary has them: readers share what it returns, and it is kept.
func (s *Service) list(ctx context.Context, ids []int64) (map[int64]User, error) {
	ctx = postgres.WithReplica(ctx, postgres.Latest)
	rows, err := s.db.Queries(ctx).ListUsersByIDs(ctx, ids)
	users := make(map[int64]User, len(rows))
	for _, u := range rows {
		users[u.ID] = u
	}
	return users, err
}

// ByEmail returns the live user of an e-mail address, whatever its case, or fault.NotFound.
func (s *Service) ByEmail(ctx context.Context, email string) (User, error) {
	u, err := s.db.Queries(ctx).GetUserByEmail(ctx, email)
	if err != nil {
		return User{}, missing(err)
	}
	return u, nil
}

// GetWithPosts returns a user and the latest 20 posts, in one round trip, or fault.NotFound.
func (s *Service) GetWithPosts(ctx context.Context, id int64) (User, []post.Post, error) {
	row, err := s.db.Queries(ctx).GetUserWithPosts(ctx, id)
	if err != nil {
		return User{}, nil, missing(err)
	}
	var posts []post.Post
	if err := json.Unmarshal(row.Posts, &posts); err != nil {
		return User{}, nil, fmt.Errorf("posts of user %d: %w", id, err)
	}
	return row.User, posts, nil
}

// lock reads a user whom match allows, to change it, and holds the row until the transaction ends.
func (s *Service) lock(ctx context.Context, id int64, match etag.Match) (User, error) {
	u, err := s.db.Queries(ctx).GetUserForUpdate(ctx, id)
	if err != nil {
		return User{}, missing(err)
	}
	if err := match.Check(u.Version); err != nil {
		return User{}, err
	}
	s.writing(ctx, id)
	return u, nil
}

// writing tells that a user is being changed, by who holds the row, and that it was, once the transaction has ended.
func (s *Service) writing(ctx context.Context, id int64) {
	s.kept.Writing(ctx, id)
	s.written(ctx, id)
}

// Missing returns the fault.NotFound of a user who is not there.
func Missing() error { return fault.New(fault.NotFound, "No such user") }

func missing(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return Missing()
	}
	return err
}
