package user

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
)

// StandIn returns the first live user of a role who is not suspended, for developers to act as, and makes one where
// there is none.
func (s *Service) StandIn(ctx context.Context, role Role) (User, error) {
	u, err := s.db.Queries(ctx).GetFirstUserByRole(ctx, role)
	if !errors.Is(err, pgx.ErrNoRows) {
		return u, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err = s.Create(ctx, Draft{Fields: Fields{
			Name: "Plaza " + string(role), Email: string(role) + "@plaza.example", Age: 30,
		}})
		if err != nil {
			return err
		}
		u, err = s.Update(ctx, u.ID, etag.Match{}, Patch{Role: &role})
		return err
	})
	if fault.Is(err, fault.Conflict) {
		err = fault.New(fault.Conflict, string(role)+"@plaza.example has another role: name a user")
	}
	return u, err
}
