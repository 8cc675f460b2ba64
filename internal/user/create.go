package user

import (
	"context"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/address"
)

// Create makes a user, and with an address the first one, in one transaction. It returns fault.Conflict if a
// live user has the e-mail address.
func (s *Service) Create(ctx context.Context, d Draft) (User, error) {
	if d.Address == nil {
		return s.insert(ctx, d.Fields)
	}
	var made User
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		var err error
		if made, err = s.insert(ctx, d.Fields); err != nil {
			return err
		}
		return address.InsertFirst(ctx, s.db, []address.First{{UserID: made.ID, Draft: *d.Address}})
	})
	return made, err
}

func (s *Service) insert(ctx context.Context, f Fields) (User, error) {
	f = f.settle()
	made, err := s.db.Queries(ctx).InsertUser(ctx, db.InsertUserParams{
		Name: f.Name, Email: f.Email, Age: f.Age, Status: f.Status, Tags: f.Tags,
	})
	if err == nil {
		s.written(ctx, made.ID)
	}
	return made, err
}
