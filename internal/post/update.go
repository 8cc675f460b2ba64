package post

import (
	"context"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/etag"
)

// Update changes a post of an author if match allows its version. It returns fault.NotFound or
// fault.StaleVersion.
func (s *Service) Update(ctx context.Context, authorID, id int64, match etag.Match, p Patch) (Post, error) {
	var changed Post
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		held, err := s.lock(ctx, authorID, id, match)
		if err != nil {
			return err
		}
		next := db.UpdatePostParams{Title: held.Post.Title, Content: held.Post.Content, ID: id}
		if p.Title != nil {
			next.Title = *p.Title
		}
		if p.Content != nil {
			next.Content = *p.Content
		}
		row, err := s.db.Queries(ctx).UpdatePost(ctx, next)
		changed = withAuthor(row, held.AuthorName)
		return err
	})
	return changed, err
}

// lock reads a post that match allows and holds it until the transaction ends.
func (s *Service) lock(
	ctx context.Context, authorID, id int64, match etag.Match,
) (db.GetPostForUpdateRow, error) {
	held, err := s.db.Queries(ctx).GetPostForUpdate(ctx, db.GetPostForUpdateParams{ID: id, AuthorID: authorID})
	if err != nil {
		return db.GetPostForUpdateRow{}, missing(err)
	}
	return held, match.Check(held.Post.Version)
}
