package user

import (
	"context"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/etag"
)

// Update changes a user if match allows the version. It returns fault.NotFound, fault.StaleVersion, or
// fault.Conflict if a live user has the e-mail address.
func (s *Service) Update(ctx context.Context, id int64, match etag.Match, p Patch) (User, error) {
	var changed User
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.lock(ctx, id, match)
		if err != nil {
			return err
		}
		f, role := p.applied(u).settle(), u.Role
		if p.Role != nil {
			role = *p.Role
		}
		changed, err = s.db.Queries(ctx).UpdateUser(ctx, db.UpdateUserParams{
			Name: f.Name, Email: f.Email, Age: f.Age, Status: f.Status, Role: role, Tags: f.Tags, ID: id,
		})
		return err
	})
	return changed, err
}

// applied returns what p makes of a user.
func (p Patch) applied(u User) Fields {
	f := Fields{Name: u.Name, Email: u.Email, Age: u.Age, Status: u.Status, Tags: u.Tags}
	if p.Name != nil {
		f.Name = *p.Name
	}
	if p.Email != nil {
		f.Email = *p.Email
	}
	if p.Age != nil {
		f.Age = *p.Age
	}
	if p.Status != nil {
		f.Status = *p.Status
	}
	if p.Tags != nil {
		f.Tags = *p.Tags
	}
	return f
}
