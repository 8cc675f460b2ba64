package post

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/page"
)

// List returns a page of all posts, the newest first, or fault.Invalid if there is no such page.
func (s *Service) List(ctx context.Context, r page.Request) (page.Page[Post], error) {
	const list = "posts"
	w, err := r.Window(list, page.Newest()).OrInvalid()
	if err != nil {
		return page.Page[Post]{}, err
	}
	q := s.db.Queries(ctx)
	rows, err := q.ListPosts(ctx, db.ListPostsParams{
		BeforeCreatedAt: w.After.Time, BeforeID: w.After.ID, Skip: w.Skip, Size: w.Limit(),
	})
	if err != nil {
		return page.Page[Post]{}, err
	}
	total, err := q.CountPosts(ctx)
	return page.Make(r, list, rows, place, page.Total{Rows: total, Exact: true}), err
}

// ListByAuthor returns a page of an author's posts, the newest first. It returns fault.NotFound if there is no
// such user, and fault.Invalid if there is no such page.
func (s *Service) ListByAuthor(ctx context.Context, authorID int64, r page.Request) (page.Page[Post], error) {
	list := "posts of " + strconv.FormatInt(authorID, 10)
	w, err := r.Window(list, page.Newest()).OrInvalid()
	if err != nil {
		return page.Page[Post]{}, err
	}
	q := s.db.Queries(ctx)
	if _, err := q.GetUser(ctx, authorID); err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			err = fault.New(fault.NotFound, "No such user")
		}
		return page.Page[Post]{}, err
	}
	rows, err := q.ListPostsByAuthor(ctx, db.ListPostsByAuthorParams{
		AuthorID: authorID, BeforeCreatedAt: w.After.Time, BeforeID: w.After.ID, Skip: w.Skip, Size: w.Limit(),
	})
	if err != nil {
		return page.Page[Post]{}, err
	}
	rowsInAll, err := q.CountPostsByAuthor(ctx, db.CountPostsByAuthorParams{
		AuthorID: authorID, Most: page.CountLimit + 1,
	})
	return page.Make(r, list, rows, place, page.Counted(rowsInAll)), err
}

// place tells where a post stands in a list.
func place(p Post) page.Position {
	return page.Position{Time: p.CreatedAt, ID: p.ID}
}
