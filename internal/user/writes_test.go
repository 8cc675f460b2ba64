package user_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/page"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

func draft(email string) user.Draft {
	return user.Draft{Fields: user.Fields{Name: "bo EK", Email: email, Age: 30}}
}

func home() *address.Draft {
	return &address.Draft{Street: "1 Main Street", City: "Springfield", Country: "US", PostalCode: "62701"}
}

func version(t *testing.T, v int64) etag.Match {
	t.Helper()
	m, err := etag.ParseMatch(etag.Format(v, nil))
	require.NoError(t, err)
	return m
}

func requireKind(t *testing.T, kind fault.Kind, err error) *fault.Fault {
	t.Helper()
	require.True(t, fault.Is(err, kind), "wanted %s, got %v", kind, err)
	return fault.As(err)
}

func TestCreateStoresTheSettledUserWithTheAddress(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	users := user.New(database)
	d := draft("bo@example.com")
	d.Age, d.Tags, d.Address = 15, []string{"Go", "go", "MINOR"}, home()

	made, err := users.Create(t.Context(), d)

	require.NoError(t, err)
	assert.Equal(t, "Bo Ek", made.Name)
	assert.Equal(t, []string{"go", "minor"}, made.Tags)
	assert.Equal(t, user.Status("active"), made.Status)
	assert.EqualValues(t, 1, made.Version)
	assert.Nil(t, made.UpdatedAt)
	got, err := users.Get(t.Context(), made.ID)
	require.NoError(t, err)
	assert.Equal(t, made, got)
	addresses, err := address.New(database).List(t.Context(), made.ID)
	require.NoError(t, err)
	require.Len(t, addresses, 1)
	assert.Equal(t, "62701", addresses[0].PostalCode)
}

func TestNothingIsLeftOfAUserWhoseAddressIsRefused(t *testing.T) {
	t.Parallel()
	users := user.New(testkit.Database(t))
	d := draft("bo@example.com")
	d.Address = home()
	d.Address.PostalCode = "K1M 1M4"

	_, err := users.Create(t.Context(), d)

	requireKind(t, fault.Invalid, err)
	_, err = users.Create(t.Context(), draft("bo@example.com"))
	require.NoError(t, err, "the e-mail address is still free")
}

func TestAnEmailIsOneLiveUsers(t *testing.T) {
	t.Parallel()
	users := user.New(testkit.Database(t))
	first, err := users.Create(t.Context(), draft("bo@example.com"))
	require.NoError(t, err)

	_, err = users.Create(t.Context(), draft("BO@Example.com"))
	taken := requireKind(t, fault.Conflict, err)
	assert.Equal(t, []fault.Field{{Pointer: "/email", Detail: "is already taken"}}, taken.Fields)

	require.NoError(t, users.Delete(t.Context(), first.ID, etag.Match{}))
	second, err := users.Create(t.Context(), draft("BO@Example.com"))
	require.NoError(t, err, "a deleted user's address is free")
	_, err = users.Restore(t.Context(), first.ID)
	requireKind(t, fault.Conflict, err)

	require.NoError(t, users.Delete(t.Context(), second.ID, version(t, 1)))
	back, err := users.Restore(t.Context(), first.ID)
	require.NoError(t, err)
	assert.Nil(t, back.DeletedAt)
	assert.EqualValues(t, 3, back.Version)
	again, err := users.Restore(t.Context(), first.ID)
	require.NoError(t, err)
	assert.Equal(t, back, again, "a repeated restore changes nothing")
}

func TestADeletedUserIsNowhere(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	users := user.New(database)
	ann := testkit.User(t, database)
	require.NoError(t, users.Delete(t.Context(), ann.ID, version(t, ann.Version)))

	_, err := users.Get(t.Context(), ann.ID)
	requireKind(t, fault.NotFound, err)
	_, _, err = users.GetWithPosts(t.Context(), ann.ID)
	requireKind(t, fault.NotFound, err)
	_, err = users.Update(t.Context(), ann.ID, etag.Match{}, user.Patch{})
	requireKind(t, fault.NotFound, err)
	requireKind(t, fault.NotFound, users.Delete(t.Context(), ann.ID, etag.Match{}))
	_, err = users.Restore(t.Context(), ann.ID+1)
	requireKind(t, fault.NotFound, err)
	tag := "go"
	for _, l := range []user.Listing{{}, {Tag: &tag}} {
		l.Page.Size = 1
		p, err := users.List(t.Context(), l)
		require.NoError(t, err)
		assert.Empty(t, p.Items)
		assert.Equal(t, page.Total{Exact: true}, p.Total)
	}
}

func TestUpdateChangesWhatIsGiven(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	users := user.New(database)
	ann := testkit.User(t, database)
	name, email, age, status, tags := "ZOË o'hara", "Zoe@example.com", int32(17), user.Status("inactive"), []string{"B", "b"}

	same, err := users.Update(t.Context(), ann.ID, version(t, 1), user.Patch{})
	require.NoError(t, err)
	assert.EqualValues(t, 2, same.Version)
	assert.NotNil(t, same.UpdatedAt)
	same.Version, same.UpdatedAt = ann.Version, nil
	assert.Equal(t, ann, same)

	changed, err := users.Update(t.Context(), ann.ID, version(t, 2),
		user.Patch{Name: &name, Email: &email, Age: &age, Status: &status, Tags: &tags})
	require.NoError(t, err)
	assert.Equal(t, []any{"Zoë O'Hara", email, age, status, []string{"b"}},
		[]any{changed.Name, changed.Email, changed.Age, changed.Status, changed.Tags})
	_, err = users.Update(t.Context(), ann.ID, version(t, 2), user.Patch{Name: &name})
	requireKind(t, fault.StaleVersion, err)
	requireKind(t, fault.StaleVersion, users.Delete(t.Context(), ann.ID, version(t, 2)))
	taken := testkit.User(t, database)
	_, err = users.Update(t.Context(), ann.ID, version(t, 3), user.Patch{Email: &taken.Email})
	requireKind(t, fault.Conflict, err)
}

func TestOfTwoWritersWithOneVersionOneLoses(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	users := user.New(database)
	ann := testkit.User(t, database)
	var writers sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		writers.Go(func() {
			name := "Writer " + string(rune('A'+i))
			_, errs[i] = users.Update(t.Context(), ann.ID, version(t, 1), user.Patch{Name: &name})
		})
	}
	writers.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		requireKind(t, fault.StaleVersion, err)
	}
	assert.Equal(t, 1, won)
}

func TestGetWithPostsBringsTheLatestTwenty(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	users, posts := user.New(database), post.New(database)
	ann := testkit.User(t, database)
	_, none, err := users.GetWithPosts(t.Context(), ann.ID)
	require.NoError(t, err)
	assert.Empty(t, none)
	for i := range 22 {
		testkit.Post(t, database, ann.ID, func(d *post.Draft) { d.Title = strconv.Itoa(i) })
	}
	latest, err := posts.ListByAuthor(t.Context(), ann.ID, page.Request{Size: 20})
	require.NoError(t, err)
	require.NoError(t, posts.Delete(t.Context(), ann.ID, latest.Items[0].ID, etag.Match{}))
	latest, err = posts.ListByAuthor(t.Context(), ann.ID, page.Request{Size: 20})
	require.NoError(t, err)

	got, list, err := users.GetWithPosts(t.Context(), ann.ID)

	require.NoError(t, err)
	assert.Equal(t, ann, got)
	for i := range list {
		list[i].CreatedAt = list[i].CreatedAt.UTC()
	}
	assert.Equal(t, latest.Items, list)
}

func TestWhatADatabaseThatIsGoneMakesOfCalls(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	users := user.New(database)
	database.Close()
	_, created := users.Create(t.Context(), draft("bo@example.com"))
	_, got := users.Get(t.Context(), 1)
	_, _, gotWithPosts := users.GetWithPosts(t.Context(), 1)
	_, many := users.CreateMany(t.Context(), []user.Item{{Draft: draft("bo@example.com")}}, false)
	_, restored := users.Restore(t.Context(), 1)
	for _, err := range []error{created, got, gotWithPosts, many, restored, users.Delete(t.Context(), 1, etag.Match{})} {
		requireKind(t, fault.Unavailable, err)
	}
}
