package gotest_test

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	plaza "github.com/plaza-api/plaza/gen/client"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

// Some nouns are named in the operationId and by the namespace; the rest of the name is the method's.
func TestEveryOperationHasAMethod(t *testing.T) {
	t.Parallel()
	nouns := map[string]string{
		"Users": "User", "Sessions": "Session", "Addresses": "Address", "Posts": "Post", "Clients": "Client",
	}
	api := reflect.TypeFor[plaza.API]()
	for _, op := range testkit.Contract(t).Operations {
		if op.Tag == "pages" || op.Tag == "docs" {
			continue
		}
		namespace, ok := api.FieldByNameFunc(func(name string) bool { return strings.EqualFold(name, op.Tag) })
		require.True(t, ok, op.Tag)
		name, _ := op.Spec.Extensions["x-sdk-name"].(string)
		if name == "" {
			plural, singular := namespace.Name, nouns[namespace.Name]
			name = strings.Replace(strings.Replace(op.ID, plural, "", 1), singular, "", 1)
		}
		_, ok = namespace.Type.MethodByName(strings.ToUpper(name[:1]) + name[1:])
		assert.True(t, ok, "%s: %s.%s", op.ID, namespace.Name, name)
	}
}

func TestAStoryOfAUser(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	p := connect(t, testkit.NewServer(t))

	draft := person()
	draft.Tags = []string{"go"}
	draft.Address = &plaza.AddressCreate{
		Street: "24 Sussex Drive", City: "Ottawa", Country: plaza.CountryCA, PostalCode: "K1M 1M4",
	}
	user, err := p.Users.Create(ctx, draft)
	require.NoError(t, err)
	assert.Equal(t, draft.Email, user.Email)
	assert.EqualValues(t, 1, user.Version)
	assert.False(t, user.CreatedAt.IsZero())
	assert.True(t, user.UpdatedAt.IsZero(), "null until the first change")

	addresses, err := plaza.Collect(p.Addresses.List(ctx, user.ID))
	require.NoError(t, err)
	require.Len(t, addresses, 1)
	assert.Equal(t, "K1M 1M4", addresses[0].PostalCode)

	post, err := p.Posts.Create(ctx, user.ID, plaza.PostCreate{Title: "Hello", Content: "A first post.\n"})
	require.NoError(t, err)
	post, err = p.Posts.Update(ctx, user.ID, post.ID, plaza.PostPatch{Title: new("Hello again")},
		plaza.IfVersion(post.Version))
	require.NoError(t, err)
	assert.Equal(t, "A first post.\n", post.Content, "what a patch does not name stays")

	user, err = p.Users.Get(ctx, user.ID, plaza.GetUserParams{Include: plaza.UserIncludePosts})
	require.NoError(t, err)
	require.Len(t, user.Posts, 1)
	assert.Equal(t, "Hello again", user.Posts[0].Title)
	user, err = p.Users.Get(ctx, user.ID)
	require.NoError(t, err)
	assert.Nil(t, user.Posts)

	user, err = p.Users.Update(ctx, user.ID, plaza.UserPatch{Tags: new([]string{})}, plaza.IfVersion(user.Version))
	require.NoError(t, err)
	assert.Empty(t, user.Tags, "an empty list is set, and not left out")
	assert.False(t, user.UpdatedAt.IsZero())

	require.NoError(t, p.Users.Delete(ctx, user.ID, plaza.IfVersion(user.Version)))
	user, err = p.Users.Restore(ctx, user.ID)
	require.NoError(t, err)
	assert.Equal(t, 34, user.Age)
}

func TestUpdateWithMakesThePatchAnewWhereOthersWereFaster(t *testing.T) {
	t.Parallel()
	p := connect(t, testkit.NewServer(t))
	user := create(t, p)

	const callers = 3
	birthday := func(u plaza.User) (plaza.UserPatch, error) { return plaza.UserPatch{Age: new(u.Age + 1)}, nil }
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			_, err := p.Users.UpdateWith(t.Context(), user.ID, birthday)
			assert.NoError(t, err)
		})
	}
	all.Wait()
	user, err := p.Users.Get(t.Context(), user.ID)
	require.NoError(t, err)
	assert.Equal(t, 34+callers, user.Age)
	assert.EqualValues(t, 1+callers, user.Version)
}

func TestUpdateWithGivesUpAfterFiveTimes(t *testing.T) {
	t.Parallel()
	p := connect(t, testkit.NewServer(t))
	user := create(t, p)

	times := 0
	_, err := p.Users.UpdateWith(t.Context(), user.ID, func(u plaza.User) (plaza.UserPatch, error) {
		times++
		somebodyElse := plaza.UserPatch{Age: new(40 + times)}
		_, err := p.Users.Update(t.Context(), u.ID, somebodyElse, plaza.IfVersion(u.Version))
		return plaza.UserPatch{Age: new(100)}, err
	})
	current, ok := plaza.Current[plaza.User](err)
	require.True(t, ok, err)
	assert.Equal(t, 45, current.Age)
	assert.Equal(t, 5, times)
}

func TestUpdateWithReturnsTheErrorOfTheChange(t *testing.T) {
	t.Parallel()
	p := connect(t, testkit.NewServer(t))
	user := create(t, p)
	_, err := p.Users.UpdateWith(t.Context(), user.ID, func(plaza.User) (plaza.UserPatch, error) {
		return plaza.UserPatch{}, context.Canceled
	})
	assert.Equal(t, context.Canceled, err)
}

func TestOptionsOfAllCallsAndOfOne(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	p, _, sent := through(t, s, nil, plaza.WithHeader("X-Request-Id", "all"))
	_, err := p.System.GetHealth(t.Context())
	require.NoError(t, err)
	_, err = p.System.GetHealth(t.Context(), plaza.WithHeader("X-Request-Id", "one"))
	require.NoError(t, err)
	assert.Equal(t, []string{"all", "one"}, sent.headers("X-Request-Id"))
	assert.Equal(t, []string{"", ""}, sent.headers("Authorization"), "where nobody asks for one no token is shown")
	assert.Equal(t, "plaza-go/"+plaza.ContractVersion, sent.headers("User-Agent")[0])
	server := s.Get("/healthz").Header.Get("X-Contract-Version")
	assert.Equal(t, plaza.ContractVersion, server)
}

// Where the database has replicas, the one that answers a read has to have what the caller has written.
func TestReadsShowWhatTheLastWriteAnswered(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, func(c *httpapi.Config) {
		c.Position = func(context.Context) postgres.Position { return 0x2A0000001C }
	})
	p, _, sent := through(t, s, nil)
	_, err := p.Users.ListPage(t.Context())
	require.NoError(t, err)
	create(t, p)
	_, err = p.Users.ListPage(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"", "", "2A/1C"}, sent.headers("X-Database-Position"))
}

func TestReadsShowTheLastOfWhatWasWrittenWhateverWasAnsweredLast(t *testing.T) {
	t.Parallel()
	positions := make(chan postgres.Position, 3)
	s := testkit.NewServer(t, func(c *httpapi.Config) {
		c.Position = func(context.Context) postgres.Position { return <-positions }
	})
	p, _, sent := through(t, s, nil)
	for _, position := range []postgres.Position{0x0F00000010, 0x1000000008, 0x01FFFFFFFF} {
		positions <- position
		create(t, p)
	}
	_, err := p.Users.ListPage(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"", "F/10", "10/8", "10/8"}, sent.headers("X-Database-Position"))
}

func TestABaseURLThatIsNone(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "plaza.example", "ftp://plaza.example", "https://plaza.example?a=b", "http://%zz"} {
		_, err := plaza.New(url)
		assert.ErrorContains(t, err, "plaza: the base URL", url)
	}
}
