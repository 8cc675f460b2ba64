package post

import (
	"context"

	"github.com/plaza-api/plaza/internal/etag"
)

// Delete hides a post of an author if match allows its version. It returns fault.NotFound or
// fault.StaleVersion.
func (s *Service) Delete(ctx context.Context, authorID, id int64, match etag.Match) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.lock(ctx, authorID, id, match); err != nil {
			return err
		}
		return s.db.Queries(ctx).DeletePost(ctx, id)
	})
}
