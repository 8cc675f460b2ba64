package address

import (
	"context"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
)

// Update changes an address if match allows its version. It returns fault.NotFound, fault.StaleVersion, or
// fault.Invalid if the postal code does not fit the country that comes of it.
func (s *Service) Update(ctx context.Context, userID, id int64, match etag.Match, p Patch) (Address, error) {
	var changed Address
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		a, err := s.lock(ctx, userID, id, match)
		if err != nil {
			return err
		}
		p.apply(&a)
		if faulty := CheckPostalCode(a.Country, a.PostalCode); faulty != nil {
			return fault.New(fault.Invalid, "The postal code does not fit the country", faulty...)
		}
		changed, err = s.db.Queries(ctx).UpdateAddress(ctx, db.UpdateAddressParams{
			Street: a.Street, City: a.City, Country: a.Country, PostalCode: a.PostalCode, ID: id,
		})
		return err
	})
	return changed, err
}

func (p Patch) apply(a *Address) {
	if p.Street != nil {
		a.Street = *p.Street
	}
	if p.City != nil {
		a.City = *p.City
	}
	if p.Country != nil {
		a.Country = *p.Country
	}
	if p.PostalCode != nil {
		a.PostalCode = *p.PostalCode
	}
}
