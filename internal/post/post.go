package post

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
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
	db *postgres.DB
}

// New makes a service on database.
func New(database *postgres.DB) *Service { return &Service{db: database} }

// Get returns a post, or fault.NotFound.
func (s *Service) Get(ctx context.Context, id int64) (Post, error) {
	p, err := s.db.Queries(ctx).GetPost(ctx, id)
	if err != nil {
		return Post{}, missing(err)
	}
	return p, nil
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
