package post

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/coalesce"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
)

// Post is what a reader may see of a post, with its author's name.
type Post = db.LivePost

// Draft is what makes a post.
type Draft struct {
	Title   string
	Content string
}

// Patch is a change of a post; nil leaves a field as it is.
type Patch struct {
	Title   *string
	Content *string
}

// Service reads and writes posts.
type Service struct {
	db   *postgres.DB
	byID *coalesce.Group[Post]
}

// New makes a service on database.
func New(database *postgres.DB) *Service {
	s := &Service{db: database}
	s.byID = coalesce.New(s.list)
	return s
}

// Get returns a post, or fault.NotFound. Those who read at once share a query, so it is not for transactions.
func (s *Service) Get(ctx context.Context, id int64) (Post, error) {
	p, found, err := s.byID.Get(ctx, id)
	if err == nil && !found {
		err = missing(pgx.ErrNoRows)
	}
	return p, err
}

// list returns the live posts of some ids.
func (s *Service) list(ctx context.Context, ids []int64) (map[int64]Post, error) {
	rows, err := s.db.Queries(ctx).ListPostsByIDs(ctx, ids)
	posts := make(map[int64]Post, len(rows))
	for _, p := range rows {
		posts[p.ID] = p
	}
	return posts, err
}

func missing(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.New(fault.NotFound, "No such post")
	}
	return err
}

func withAuthor(p db.Post, name string) Post {
	return Post{
		ID: p.ID, AuthorID: p.AuthorID, AuthorName: name, Title: p.Title, Content: p.Content,
		Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}
