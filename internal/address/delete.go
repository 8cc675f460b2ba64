package address

import (
	"context"

	"github.com/plaza-api/plaza/internal/etag"
)

// Delete deletes an address for good if match allows its version. It returns fault.NotFound or
// fault.StaleVersion.
func (s *Service) Delete(ctx context.Context, userID, id int64, match etag.Match) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.lock(ctx, userID, id, match); err != nil {
			return err
		}
		return s.db.Queries(ctx).DeleteAddress(ctx, id)
	})
}
