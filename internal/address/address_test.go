package address_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

var home = address.Draft{Street: "24 Sussex Drive", City: "Ottawa", Country: "CA", PostalCode: "K1M 1M4"}

func version(t *testing.T, v int64) etag.Match {
	t.Helper()
	m, err := etag.ParseMatch(etag.Format(v, nil))
	require.NoError(t, err)
	return m
}

func requireKind(t *testing.T, kind fault.Kind, err error) {
	t.Helper()
	require.True(t, fault.Is(err, kind), "wanted %s, got %v", kind, err)
}

// TestPostalCodesAreWhatTheDatabaseTakes holds the rule against the constraint: both know the same codes.
func TestPostalCodesAreWhatTheDatabaseTakes(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	for _, c := range []struct {
		country address.Country
		code    string
		detail  string
	}{
		{"US", "12345", ""},
		{"US", "12345-6789", ""},
		{"US", "12345-", "must look like 12345 or 12345-6789 in the US"},
		{"US", "123456", "must look like 12345 or 12345-6789 in the US"},
		{"US", "12345\n", "must look like 12345 or 12345-6789 in the US"},
		{"US", "١٢٣٤٥", "must look like 12345 or 12345-6789 in the US"},
		{"CA", "K1M 1M4", ""},
		{"CA", "K1M1M4", "must look like A1A 1A1 in Canada"},
		{"CA", "k1m 1m4", "must look like A1A 1A1 in Canada"},
		{"MX", "01000", ""},
		{"MX", "01000-1234", "must look like 12345 in Mexico"},
	} {
		t.Run(fmt.Sprintf("%s %q", c.country, c.code), func(t *testing.T) {
			t.Parallel()
			ann := testkit.User(t, database)
			d := home
			d.Country, d.PostalCode = c.country, c.code

			faulty := address.CheckPostalCode(c.country, c.code)
			_, err := address.New(database).Create(t.Context(), ann.ID, d)

			if c.detail == "" {
				assert.Empty(t, faulty)
				require.NoError(t, err)
				return
			}
			assert.Equal(t, []fault.Field{{Pointer: "/postal_code", Detail: c.detail}}, faulty)
			requireKind(t, fault.Invalid, err)
		})
	}
}

func TestOfAnUnknownCountryNothingIsSaid(t *testing.T) {
	t.Parallel()
	assert.Empty(t, address.CheckPostalCode("DE", "x"))
}

func TestAnAddressIsCreatedReadAndListed(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	addresses := address.New(database)
	ann, bo := testkit.User(t, database), testkit.User(t, database)

	first, err := addresses.Create(t.Context(), ann.ID, home)
	require.NoError(t, err)
	assert.EqualValues(t, 1, first.Version)
	assert.Nil(t, first.UpdatedAt)
	second := testkit.Address(t, database, ann.ID)

	got, err := addresses.Get(t.Context(), ann.ID, first.ID)
	require.NoError(t, err)
	assert.Equal(t, first, got)
	list, err := addresses.List(t.Context(), ann.ID)
	require.NoError(t, err)
	assert.Equal(t, []address.Address{second, first}, list, "the newest first")
	_, err = addresses.Get(t.Context(), bo.ID, first.ID)
	requireKind(t, fault.NotFound, err)
	none, err := addresses.List(t.Context(), bo.ID)
	require.NoError(t, err)
	assert.Empty(t, none)
}

func TestAUserHasAtMostTwentyAddresses(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	addresses := address.New(database)
	ann := testkit.User(t, database)
	var writers sync.WaitGroup
	errs := make([]error, 24)
	for i := range errs {
		writers.Go(func() { _, errs[i] = addresses.Create(t.Context(), ann.ID, home) })
	}
	writers.Wait()
	refused := 0
	for _, err := range errs {
		if err != nil {
			requireKind(t, fault.Conflict, err)
			refused++
		}
	}
	assert.Equal(t, 4, refused)

	list, err := addresses.List(t.Context(), ann.ID)
	require.NoError(t, err)
	require.Len(t, list, 20)
	require.NoError(t, addresses.Delete(t.Context(), ann.ID, list[7].ID, etag.Match{}))
	_, err = addresses.Create(t.Context(), ann.ID, home)
	require.NoError(t, err, "the place of the one that is gone")
}

func TestUpdateChangesWhatIsGiven(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	addresses := address.New(database)
	ann := testkit.User(t, database)
	a := testkit.Address(t, database, ann.ID)
	street, city, country, code := "1 Main Street", "Springfield", address.Country("US"), "62701"

	_, err := addresses.Update(t.Context(), ann.ID, a.ID, version(t, 1), address.Patch{Country: &country})
	requireKind(t, fault.Invalid, err)
	same, err := addresses.Update(t.Context(), ann.ID, a.ID, version(t, 1), address.Patch{})
	require.NoError(t, err)
	assert.NotNil(t, same.UpdatedAt)
	same.UpdatedAt, same.Version = nil, 1
	assert.Equal(t, a, same)
	_, err = addresses.Update(t.Context(), ann.ID, a.ID, version(t, 1), address.Patch{City: &city})
	requireKind(t, fault.StaleVersion, err)

	changed, err := addresses.Update(t.Context(), ann.ID, a.ID, version(t, 2),
		address.Patch{Street: &street, City: &city, Country: &country, PostalCode: &code})
	require.NoError(t, err)
	assert.Equal(t, []any{street, city, country, code, int64(3)},
		[]any{changed.Street, changed.City, changed.Country, changed.PostalCode, changed.Version})
}

func TestADeletedAddressIsGone(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	addresses := address.New(database)
	ann := testkit.User(t, database)
	a := testkit.Address(t, database, ann.ID)
	requireKind(t, fault.StaleVersion, addresses.Delete(t.Context(), ann.ID, a.ID, version(t, 2)))

	require.NoError(t, addresses.Delete(t.Context(), ann.ID, a.ID, version(t, 1)))

	requireGone(t, database, ann.ID, a.ID)
	list, err := addresses.List(t.Context(), ann.ID)
	require.NoError(t, err)
	assert.Empty(t, list)
}

func TestAddressesAreHiddenWhileTheirUserIs(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	addresses := address.New(database)
	ann := testkit.User(t, database)
	a := testkit.Address(t, database, ann.ID)
	deleteUser(t, database, ann.ID)

	requireGone(t, database, ann.ID, a.ID)
	_, err := addresses.List(t.Context(), ann.ID)
	requireKind(t, fault.NotFound, err)
	_, err = addresses.Create(t.Context(), ann.ID, home)
	requireKind(t, fault.NotFound, err)

	restoreUser(t, database, ann.ID)
	back, err := addresses.Get(t.Context(), ann.ID, a.ID)
	require.NoError(t, err)
	assert.Equal(t, a, back)
}

func deleteUser(t *testing.T, database *postgres.DB, id int64) {
	t.Helper()
	_, err := database.Conn(t.Context()).Exec(t.Context(), "UPDATE users SET deleted_at = now() WHERE id = $1", id)
	require.NoError(t, err)
}

func restoreUser(t *testing.T, database *postgres.DB, id int64) {
	t.Helper()
	_, err := database.Conn(t.Context()).Exec(t.Context(), "UPDATE users SET deleted_at = NULL WHERE id = $1", id)
	require.NoError(t, err)
}

func requireGone(t *testing.T, database *postgres.DB, userID, id int64) {
	t.Helper()
	addresses := address.New(database)
	_, err := addresses.Get(t.Context(), userID, id)
	requireKind(t, fault.NotFound, err)
	_, err = addresses.Update(t.Context(), userID, id, etag.Match{}, address.Patch{})
	requireKind(t, fault.NotFound, err)
	requireKind(t, fault.NotFound, addresses.Delete(t.Context(), userID, id, etag.Match{}))
}

func TestADatabaseThatIsGoneIsUnavailable(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	addresses := address.New(database)
	database.Close()
	_, created := addresses.Create(t.Context(), 1, home)
	_, got := addresses.Get(t.Context(), 1, 1)
	_, listed := addresses.List(t.Context(), 1)
	_, updated := addresses.Update(t.Context(), 1, 1, etag.Match{}, address.Patch{})
	for _, err := range []error{created, got, listed, updated, addresses.Delete(t.Context(), 1, 1, etag.Match{})} {
		requireKind(t, fault.Unavailable, err)
	}
	require.NoError(t, address.InsertFirst(t.Context(), database, nil), "nothing to store, nobody to ask")
}

func TestFirstAddressesAreStoredTogether(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	ann, bo := testkit.User(t, database), testkit.User(t, database)
	main := address.Draft{Street: "1 Main Street", City: "Springfield", Country: "US", PostalCode: "62701"}

	err := address.InsertFirst(t.Context(), database, []address.First{{UserID: ann.ID, Draft: home}, {UserID: bo.ID, Draft: main}})

	require.NoError(t, err)
	for id, want := range map[int64]address.Draft{ann.ID: home, bo.ID: main} {
		list, err := address.New(database).List(t.Context(), id)
		require.NoError(t, err)
		require.Len(t, list, 1)
		got := list[0]
		assert.Equal(t, want, address.Draft{
			Street: got.Street, City: got.City, Country: got.Country, PostalCode: got.PostalCode,
		})
	}
}
