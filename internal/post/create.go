package post

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
)

// Create writes a post of an author. It returns fault.NotFound if there is no such user.
func (s *Service) Create(ctx context.Context, authorID int64, d Draft) (Post, error) {
	row, err := s.db.Queries(ctx).InsertPost(ctx, db.InsertPostParams{
		AuthorID: authorID, Title: d.Title, Content: d.Content,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Post{}, fault.New(fault.NotFound, "No such user")
	}
	return Post(row), err
}
