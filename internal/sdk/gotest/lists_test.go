package gotest_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	plaza "github.com/plaza-api/plaza/gen/client"
	"github.com/plaza-api/plaza/internal/testkit"
)

// crowd makes users by the thousand; every hundredth carries a tag.
func crowd(t *testing.T, p *plaza.API, size int) {
	t.Helper()
	const batch = 1000
	for from := 0; from < size; from += batch {
		users := []plaza.UserCreate{}
		for i := from; i < min(size, from+batch); i++ {
			user := plaza.UserCreate{Name: "Bo Ek", Email: fmt.Sprintf("bo%d@example.com", i), Age: 28}
			if i%100 == 0 {
				user.Tags = []string{"hundredth"}
			}
			users = append(users, user)
		}
		_, err := p.Users.CreateMany(t.Context(), plaza.UserBatch{Users: users, Atomic: true})
		require.NoError(t, err)
	}
}

func TestAListOfTenThousandUsers(t *testing.T) {
	t.Parallel()
	const size = 10_000
	p := connect(t, testkit.NewServer(t))
	crowd(t, p, size)
	answers := 0
	counted := plaza.OnResponse(func(*http.Response) { answers++ })

	t.Run("comes whole and once, by a hundred", func(t *testing.T) {
		answers = 0
		seen := map[int64]bool{}
		for user, err := range p.Users.List(t.Context(), counted) {
			require.NoError(t, err)
			seen[user.ID] = true
		}
		assert.Len(t, seen, size)
		assert.Equal(t, size/100, answers)
	})

	t.Run("is filtered", func(t *testing.T) {
		answers = 0
		tagged, err := plaza.Collect(p.Users.List(t.Context(), plaza.ListUsersParams{Tag: "hundredth", Size: 30}, counted))
		require.NoError(t, err)
		assert.Len(t, tagged, size/100)
		assert.Equal(t, 4, answers)
	})

	t.Run("begins at a page, and is asked for no further than the loop goes", func(t *testing.T) {
		answers = 0
		second, err := p.Users.ListPage(t.Context(), plaza.ListUsersParams{Page: 2, Size: 5})
		require.NoError(t, err)
		ids := []int64{}
		for user, err := range p.Users.List(t.Context(), plaza.ListUsersParams{Page: 2, Size: 5}, counted) {
			require.NoError(t, err)
			if ids = append(ids, user.ID); len(ids) == 8 {
				break
			}
		}
		assert.Equal(t, 2, answers)
		for i, user := range second.Items {
			assert.Equal(t, user.ID, ids[i])
		}
	})

	t.Run("may be gone through again", func(t *testing.T) {
		list := p.Users.ListPages(t.Context(), plaza.ListUsersParams{Size: 100, Tag: "hundredth"})
		for range 2 {
			for page, err := range list {
				require.NoError(t, err)
				assert.EqualValues(t, 100, page.Total)
			}
		}
	})

	t.Run("ends with an error", func(t *testing.T) {
		var errs []error
		for _, err := range p.Users.List(t.Context(), plaza.ListUsersParams{Cursor: "none"}) {
			errs = append(errs, err)
		}
		require.Len(t, errs, 1)
		assert.ErrorAs(t, errs[0], new(*plaza.ValidationError))
	})
}

func TestAListThatGoesOnByTheLastID(t *testing.T) {
	t.Parallel()
	p := connect(t, testkit.NewServer(t))
	for range 101 {
		_, err := p.Clients.Create(t.Context(), plaza.ClientCreate{
			Name: "Night Report", Kind: plaza.ClientKindService, Scopes: []string{"users:read"},
		})
		require.NoError(t, err)
	}
	clients, err := plaza.Collect(p.Clients.List(t.Context()))
	require.NoError(t, err)
	assert.Len(t, clients, 101)
}
