package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAnAddressFromBirthToDeath(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	testkit.User(t, s.DB)
	testkit.User(t, s.DB)
	made := s.Post("/users/1/addresses", home(object{"street": " 24 Sussex Drive "})).Is(http.StatusCreated)
	assert.Equal(t, "/users/1/addresses/1", made.Header.Get("Location"))
	assert.Equal(t, "Address created", made.JSON("message"))
	assert.Equal(t, object{
		"id": 1.0, "user_id": 1.0, "street": "24 Sussex Drive", "city": "Ottawa", "country": "CA", "postal_code": "K1M 1M4",
		"version": 1.0, "created_at": made.JSON("data", "created_at"), "updated_at": nil,
	}, made.JSON("data"))
	read := s.Get("/users/1/addresses/1").Is(http.StatusOK)
	assert.Equal(t, made.JSON("data"), read.JSON())
	assert.Equal(t, made.ETag(), read.ETag())
	s.Get("/users/1/addresses/1", "If-None-Match", read.ETag()).Is(http.StatusNotModified)

	t.Run("is nobody else's", func(t *testing.T) {
		s.Get("/users/2/addresses/1").Is(http.StatusNotFound)
		s.Patch("/users/2/addresses/1", "*", object{}).Is(http.StatusNotFound)
		s.Delete("/users/2/addresses/1").Is(http.StatusNotFound)
	})
	t.Run("changes by merge patch", func(t *testing.T) {
		s.Patch("/users/1/addresses/1", `"9-x"`, object{"city": "Hull"}).Is(http.StatusPreconditionFailed)
		changed := s.Patch("/users/1/addresses/1", read.ETag(), object{"city": "Hull"}).Is(http.StatusOK)
		assert.Equal(t, "Address updated", changed.JSON("message"))
		assert.Equal(t, "Hull", changed.JSON("data", "city"))
		assert.Equal(t, "24 Sussex Drive", changed.JSON("data", "street"))
		assert.EqualValues(t, 2, changed.JSON("data", "version"))
		assert.NotNil(t, changed.JSON("data", "updated_at"))
		s.Patch("/users/1/addresses/1", read.ETag(), object{}).Is(http.StatusPreconditionFailed)
		assert.Equal(t, []string{"/city: must not be null"},
			s.Patch("/users/1/addresses/1", "*", object{"city": nil}).Is(http.StatusUnprocessableEntity).Faults())
	})
	t.Run("is listed, the newest first", func(t *testing.T) {
		testkit.Address(t, s.DB, 1)
		list := s.Get("/users/1/addresses")
		assert.Equal(t, []int64{2, 1}, ids(t, list))
		assert.Equal(t, "Retrieved 2 addresses", list.JSON("message"))
		assert.Equal(t, "Retrieved 0 addresses", s.Get("/users/2/addresses").Is(http.StatusOK).JSON("message"))
		s.Get("/users/3/addresses").Is(http.StatusNotFound)
	})
	t.Run("is hidden while its user is deleted", func(t *testing.T) {
		s.Delete("/users/1").Is(http.StatusNoContent)
		s.Get("/users/1/addresses").Is(http.StatusNotFound)
		s.Get("/users/1/addresses/1").Is(http.StatusNotFound)
		s.Post("/users/1/addresses", home()).Is(http.StatusNotFound)
		s.Post("/users/1/restore", nil).Is(http.StatusOK)
		s.Get("/users/1/addresses/1").Is(http.StatusOK)
	})
	t.Run("is deleted for good", func(t *testing.T) {
		s.Delete("/users/1/addresses/1", "If-Match", read.ETag()).Is(http.StatusPreconditionFailed)
		s.Delete("/users/1/addresses/1", "If-Match", s.Get("/users/1/addresses/1").ETag()).Is(http.StatusNoContent)
		s.Get("/users/1/addresses/1").Is(http.StatusNotFound)
		s.Delete("/users/1/addresses/1").Is(http.StatusNotFound)
		s.Delete("/users/1/addresses/2").Is(http.StatusNoContent)
		assert.Zero(t, count(t, s.DB, "addresses"))
	})
}

func TestValuesOfAnAddress(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	testkit.User(t, s.DB)
	us, ca, mx := "must look like 12345 or 12345-6789 in the US", "must look like A1A 1A1 in Canada", "must look like 12345 in Mexico"
	for _, row := range []struct {
		what   string
		sent   object
		faults []string
	}{
		{what: "a short code in the US", sent: object{"country": "US", "postal_code": "62701"}},
		{what: "a long code in the US", sent: object{"country": "US", "postal_code": " 62701-1234 "}},
		{what: "a code in Mexico", sent: object{"country": "MX", "postal_code": "06010"}},
		{what: "a code in Canada", sent: object{"country": "CA", "postal_code": "H0H 0H0"}},
		{what: "the longest street and city", sent: object{"street": strings.Repeat("é", 200), "city": strings.Repeat("é", 100)}},
		{what: "the shortest street and city", sent: object{"street": "Rue é", "city": "Éy"}},
		{what: "a long code in Mexico", sent: object{"country": "MX", "postal_code": "06010-1234"}, faults: []string{"/postal_code: " + mx}},
		{what: "a Canadian code in the US", sent: object{"country": "US"}, faults: []string{"/postal_code: " + us}},
		{what: "digits of another script", sent: object{"country": "US", "postal_code": "٦٢٧٠١"}, faults: []string{"/postal_code: " + us}},
		{what: "a code without its blank", sent: object{"postal_code": "K1M1M4"}, faults: []string{"/postal_code: " + ca}},
		{what: "a code in small letters", sent: object{"postal_code": "k1m 1m4"}, faults: []string{"/postal_code: " + ca}},
		{what: "a code in the UK", sent: object{"country": "GB", "postal_code": "SW1A 1AA"}, faults: []string{"/country: Only North American addresses supported"}},
		{what: "a country in small letters", sent: object{"country": "us", "postal_code": "62701"}, faults: []string{"/country: Only North American addresses supported"}},
		{what: "everything too short", sent: object{"street": "Rue ", "city": "Y", "postal_code": "K1M"}, faults: []string{
			"/street: must have at least 5 characters", "/city: must have at least 2 characters",
			"/postal_code: must have at least 5 characters",
		}},
		{what: "everything too long", sent: object{"street": strings.Repeat("é", 201), "city": strings.Repeat("é", 101)}, faults: []string{
			"/street: must have at most 200 characters", "/city: must have at most 100 characters",
		}},
	} {
		t.Run(row.what+" is what it should be", func(t *testing.T) {
			t.Parallel()
			other := testkit.User(t, s.DB)
			path := "/users/1/addresses"
			answer := s.In(t).Post(path, home(row.sent))
			if row.faults == nil {
				s.In(t).Delete(answer.Is(http.StatusCreated).Header.Get("Location")).Is(http.StatusNoContent)
				return
			}
			assert.Equal(t, row.faults, answer.Is(http.StatusUnprocessableEntity).Faults())
			a := testkit.Address(t, s.DB, other.ID)
			patched := s.In(t).Patch(addressPath(a), "*", home(row.sent))
			assert.Equal(t, row.faults, patched.Is(http.StatusUnprocessableEntity).Faults())
		})
	}
}

func TestAPostalCodeFollowsItsCountry(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	a := testkit.Address(t, s.DB, testkit.User(t, s.DB).ID)
	for _, patch := range []object{{"country": "US"}, {"postal_code": "62701"}, {"country": "MX", "postal_code": "62701-1234"}} {
		answer := s.Patch(addressPath(a), "*", patch).Is(http.StatusUnprocessableEntity)
		assert.Len(t, answer.Faults(), 1)
		assert.Contains(t, answer.Faults()[0], "/postal_code: must look like ")
	}
	assert.EqualValues(t, 1, s.Get(addressPath(a)).JSON("version"), "what was refused changed nothing")
	s.Patch(addressPath(a), "*", object{"country": "US", "postal_code": "62701"}).Is(http.StatusOK)
	s.Patch(addressPath(a), "*", object{"country": "MX"}).Is(http.StatusOK)
	s.Patch(addressPath(a), "*", object{"postal_code": "06010"}).Is(http.StatusOK)
}

func TestTwentyAddresses(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	testkit.User(t, s.DB)
	for range 20 {
		s.Post("/users/1/addresses", home()).Is(http.StatusCreated)
	}
	answer := s.Post("/users/1/addresses", home()).Is(http.StatusConflict)
	assert.Equal(t, "A user has at most 20 addresses", answer.JSON("detail"))
	assert.Len(t, ids(t, s.Get("/users/1/addresses")), 20)
	s.Delete("/users/1/addresses/7").Is(http.StatusNoContent)
	s.Post("/users/1/addresses", home()).Is(http.StatusCreated)
	s.Post("/users/1/addresses", home()).Is(http.StatusConflict)
}
