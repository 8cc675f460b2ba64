package user

import (
	"context"
)

// Restore brings a deleted user back; one who is not deleted stays as is, so that a repeated call is harmless.
// It returns fault.NotFound, or fault.Conflict if the e-mail address has been taken since.
func (s *Service) Restore(ctx context.Context, id int64) (User, error) {
	var restored User
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		q := s.db.Queries(ctx)
		u, err := q.GetDeletedUserForUpdate(ctx, id)
		if err != nil {
			return missing(err)
		}
		if u.DeletedAt == nil {
			restored = u
			return nil
		}
		s.writing(ctx, id)
		restored, err = q.UpdateUserRestored(ctx, id)
		return err
	})
	return restored, err
}
