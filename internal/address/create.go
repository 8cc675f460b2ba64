package address

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
)

// Create adds an address to a user. It returns fault.NotFound if there is no such user, and fault.Conflict if
// the user has 20 addresses already. The user's lock makes writers of one user's addresses wait in line.
func (s *Service) Create(ctx context.Context, userID int64, d Draft) (Address, error) {
	var made Address
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		q := s.db.Queries(ctx)
		if _, err := q.GetUserForUpdate(ctx, userID); err != nil {
			return missingUser(err)
		}
		var err error
		made, err = q.InsertAddress(ctx, db.InsertAddressParams{
			UserID: userID, Street: d.Street, City: d.City, Country: d.Country, PostalCode: d.PostalCode,
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.Conflict, "A user has at most 20 addresses")
		}
		return err
	})
	return made, err
}

// First is the first address of a user who is being made.
type First struct {
	UserID int64
	Draft  Draft
}

// InsertFirst stores the first addresses of users who are made in the same transaction, in one statement.
func InsertFirst(ctx context.Context, database *postgres.DB, first []First) error {
	if len(first) == 0 {
		return nil
	}
	var p db.InsertFirstAddressesParams
	for _, f := range first {
		p.UserIds = append(p.UserIds, f.UserID)
		p.Streets = append(p.Streets, f.Draft.Street)
		p.Cities = append(p.Cities, f.Draft.City)
		p.Countries = append(p.Countries, string(f.Draft.Country))
		p.PostalCodes = append(p.PostalCodes, f.Draft.PostalCode)
	}
	return database.Queries(ctx).InsertFirstAddresses(ctx, p)
}
