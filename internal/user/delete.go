package user

import (
	"context"

	"github.com/plaza-api/plaza/internal/etag"
)

// Delete hides a user, with addresses and posts, if match allows the version, and frees the e-mail address. It
// returns fault.NotFound or fault.StaleVersion.
func (s *Service) Delete(ctx context.Context, id int64, match etag.Match) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.lock(ctx, id, match); err != nil {
			return err
		}
		return s.db.Queries(ctx).DeleteUser(ctx, id)
	})
}
