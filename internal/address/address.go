package address

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
)

// Address is where a user lives.
type Address = db.Address

// Country is one of the countries that addresses are in (ISO 3166-1 alpha-2).
type Country = db.Country

// Draft is what makes an address.
type Draft struct {
	Street     string
	City       string
	Country    Country
	PostalCode string
}

// Patch is a change of an address; nil leaves a field as it is.
type Patch struct {
	Street     *string
	City       *string
	Country    *Country
	PostalCode *string
}

// Service reads and writes addresses.
type Service struct {
	db *postgres.DB
}

// New makes a service on database.
func New(database *postgres.DB) *Service {
	return &Service{db: database}
}

// Get returns an address of a user, or fault.NotFound.
func (s *Service) Get(ctx context.Context, userID, id int64) (Address, error) {
	a, err := s.db.Queries(ctx).GetAddress(ctx, db.GetAddressParams{ID: id, UserID: userID})
	if err != nil {
		return Address{}, missing(err)
	}
	return a, nil
}

// List returns all addresses of a user, the newest first, or fault.NotFound if there is no such user.
func (s *Service) List(ctx context.Context, userID int64) ([]Address, error) {
	q := s.db.Queries(ctx)
	list, err := q.ListAddresses(ctx, userID)
	if err != nil || len(list) > 0 {
		return list, err
	}
	if _, err := q.GetUser(ctx, userID); err != nil {
		return nil, missingUser(err)
	}
	return list, nil
}

// lock reads an address that match allows and holds it until the transaction ends.
func (s *Service) lock(ctx context.Context, userID, id int64, match etag.Match) (Address, error) {
	a, err := s.db.Queries(ctx).GetAddressForUpdate(ctx, db.GetAddressForUpdateParams{ID: id, UserID: userID})
	if err != nil {
		return Address{}, missing(err)
	}
	return a, match.Check(a.Version)
}

func missing(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.New(fault.NotFound, "No such address")
	}
	return err
}

func missingUser(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.New(fault.NotFound, "No such user")
	}
	return err
}
