package httpapi_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/testkit"
)

// atOnce calls try n times at once and counts the statuses it returns.
func atOnce(n int, try func(i int) int) map[int]int {
	statuses := make([]int, n)
	var begin, end sync.WaitGroup
	begin.Add(n)
	for i := range n {
		end.Go(func() {
			begin.Done()
			begin.Wait()
			statuses[i] = try(i)
		})
	}
	end.Wait()
	counted := map[int]int{}
	for _, status := range statuses {
		counted[status]++
	}
	return counted
}

func TestOfFiftyWritersWithOneVersionOneWins(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	testkit.Address(t, s.DB, testkit.User(t, s.DB).ID)
	testkit.Post(t, s.DB, 1)
	for path, patch := range map[string]object{
		"/users/1": {"age": 50}, "/users/1/addresses/1": {"city": "Hull"}, "/users/1/posts/1": {"title": "New"},
	} {
		read := strings.TrimPrefix(path, "/users/1")
		if !strings.HasPrefix(read, "/posts") {
			read = path
		}
		tag := s.Get(read).ETag()
		assert.Equal(t, map[int]int{http.StatusOK: 1, http.StatusPreconditionFailed: 49},
			atOnce(50, func(int) int { return s.Patch(path, tag, patch).Status }), path)
		assert.Contains(t, s.Get(read).ETag(), `"2-`)
	}
}

func TestTwentyAddressesAtOnceAreTwenty(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	testkit.User(t, s.DB)
	assert.Equal(t, map[int]int{http.StatusCreated: 20, http.StatusConflict: 5},
		atOnce(25, func(int) int { return s.Post("/users/1/addresses", home()).Status }))
	assert.Equal(t, 20, count(t, s.DB, "addresses"))
}

func TestOneOfTwentySignUpsGetsTheAddress(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	spell := func(i int) string {
		return strings.ToUpper("ann.lee@example.com"[:i%20]) + "ann.lee@example.com"[min(i%20, 19):]
	}
	assert.Equal(t, map[int]int{http.StatusCreated: 1, http.StatusConflict: 19},
		atOnce(20, func(i int) int {
			return s.Post("/users", person(object{"email": spell(i), "address": home()})).Status
		}))
	assert.Equal(t, 1, count(t, s.DB, "users"))
	assert.Equal(t, 1, count(t, s.DB, "addresses"), "who lost left nothing behind")
}

func TestBatchesWithTheSameUsersAtOnce(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	forward := make([]any, 150)
	for i := range forward {
		forward[i] = person()
	}
	backward := make([]any, len(forward))
	for i, item := range forward {
		backward[len(backward)-1-i] = item
	}
	assert.Equal(t, map[int]int{http.StatusOK: 4}, atOnce(4, func(i int) int {
		return s.Post("/users/batch", object{"users": [][]any{forward, backward}[i%2]}).Status
	}))
	assert.Equal(t, len(forward), count(t, s.DB, "users"))
}

func TestWritersOfOneUserInEveryWay(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	testkit.User(t, s.DB)
	statuses := atOnce(40, func(i int) int {
		switch i % 4 {
		case 0:
			return s.Delete("/users/1").Status
		case 1:
			return s.Post("/users/1/restore", nil).Status
		case 2:
			return s.Post("/users/1/posts", object{"title": "Hello", "content": "there"}).Status
		default:
			return s.Post("/users/1/addresses", home()).Status
		}
	})
	for status := range statuses {
		assert.Contains(t, []int{200, 201, 204, 404}, status, "%v", statuses)
	}
	s.Post("/users/1/restore", nil).Is(http.StatusOK)
	assert.Len(t, ids(t, s.Get("/users/1/addresses")), count(t, s.DB, "addresses"))
	assert.Len(t, ids(t, s.Get("/users/1/posts?size=100")), count(t, s.DB, "posts"))
	assert.Equal(t, 1, count(t, s.DB, "user_tags"))
}
