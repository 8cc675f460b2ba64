package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

// ids are the ids of a list's items, in order.
func ids(t *testing.T, list *testkit.Answer) []int64 {
	t.Helper()
	var page struct {
		Data struct{ Items []struct{ ID int64 } }
	}
	list.Is(http.StatusOK).Into(&page)
	found := []int64{}
	for _, item := range page.Data.Items {
		found = append(found, item.ID)
	}
	return found
}

// walk follows the cursors of a list to its end, and calls between after each page.
func walk(t *testing.T, c *testkit.Client, path string, between func()) []int64 {
	t.Helper()
	var all []int64
	next := c.Get(path)
	for range 100 {
		all = append(all, ids(t, next)...)
		between()
		cursor, more := next.JSON("data", "next_cursor").(string)
		if !more {
			return all
		}
		glue := "?"
		if strings.Contains(path, "?") {
			glue = "&"
		}
		next = c.Get(path + glue + "cursor=" + cursor)
		assert.Nil(t, next.JSON("data", "page"))
	}
	require.Fail(t, "a list without an end", path)
	return nil
}

// crowd makes users with names, e-mail addresses and times that have ties, and returns their ids in order of id.
func crowd(t *testing.T, s *testkit.Server, n int) []int64 {
	t.Helper()
	var all []int64
	for i := range n {
		u := testkit.User(t, s.DB, func(d *user.Draft) {
			d.Name, d.Tags = []string{"Ann Lee", "Bo Ek", "Annabel Ó"}[i%3], []string{"all", fmt.Sprintf("third_%d", i%3)}
			d.Email = fmt.Sprintf("User%c.%d@Example.com", 'a'+rune(i*7%26), i)
			d.Status = []user.Status{"active", "inactive"}[i%2]
		})
		all = append(all, u.ID)
	}
	execute(t, s.DB, "UPDATE user_tags SET created_at = date_trunc('day', created_at) + (id / 4) * interval '1 s'")
	execute(t, s.DB, "UPDATE users SET created_at = date_trunc('day', created_at) + (id / 4) * interval '1 s'")
	return all
}

func TestPagesOfUsers(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	empty := s.Get("/users").Is(http.StatusOK)
	assert.Equal(t, object{
		"items": []any{}, "total": 0.0, "total_is_exact": true, "page": 1.0, "size": 20.0, "pages": 0.0, "next_cursor": nil,
	}, empty.JSON("data"))
	assert.Equal(t, "Retrieved 0 users", empty.JSON("message"))

	s = testkit.NewServer(t)
	newest := crowd(t, s, 45)
	slices.Reverse(newest)
	for _, row := range []struct {
		query   string
		want    []int64
		message string
		number  int
		size    int
		more    bool
	}{
		{"", newest[:20], "Retrieved 20 users", 1, 20, true},
		{"?page=2", newest[20:40], "Retrieved 20 users", 2, 20, true},
		{"?page=3", newest[40:], "Retrieved 5 users", 3, 20, false},
		{"?page=4", []int64{}, "Retrieved 0 users", 4, 20, false},
		{"?size=1&page=45", newest[44:], "Retrieved 1 user", 45, 1, false},
		{"?size=100", newest, "Retrieved 45 users", 1, 100, false},
		{"?page=100&size=100", []int64{}, "Retrieved 0 users", 100, 100, false},
	} {
		t.Run("page "+row.query, func(t *testing.T) {
			t.Parallel()
			list := s.In(t).Get("/users" + row.query)
			assert.Equal(t, row.want, ids(t, list))
			assert.Equal(t, row.message, list.JSON("message"))
			assert.EqualValues(t, 45, list.JSON("data", "total"))
			assert.EqualValues(t, row.number, list.JSON("data", "page"))
			assert.EqualValues(t, row.size, list.JSON("data", "size"))
			assert.EqualValues(t, (45+row.size-1)/row.size, list.JSON("data", "pages"))
			assert.Equal(t, row.more, list.JSON("data", "next_cursor") != nil)
		})
	}
	for query, faults := range map[string][]string{
		"?page=101&size=100":         {"query page: reaches beyond row 10000; go on with cursor from there"},
		"?page=10000":                {"query page: reaches beyond row 10000; go on with cursor from there"},
		"?page=0&size=0":             {"query page: must be at least 1", "query size: must be at least 1"},
		"?page=-1&size=1000":         {"query page: must be at least 1", "query size: must be at most 100"},
		"?page=1.5&size=many":        {"query page: must be an integer", "query size: must be an integer"},
		"?page=1&page=2":             {"query page: must be given once"},
		"?page=":                     {"query page: must not be empty"},
		"?page=99999999999999999999": {"query page: must be at most 10000"},
		"?sort=age":                  {"query sort: must be one of -created_at, created_at, name, email"},
		"?q=":                        {"query q: must have at least 1 character"},
		"?status=x&tag=-":            {"query status: must be one of active, inactive, suspended", "query tag: must be letters, digits and _, with at least one letter or digit"},
		"?status=active&tag=a&q=x":   {"query tag: goes without status", "query q: goes without status"},
		"?tag=a&sort=name":           {"query sort: must be -created_at or absent with tag"},
		"?q=a&sort=-created_at&page=1000&size=100": {"query sort: must be name or absent with q", "query page: reaches beyond row 10000; go on with cursor from there"},
	} {
		t.Run("no page "+query, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, faults, s.In(t).Get("/users"+query).Is(http.StatusUnprocessableEntity).Faults())
		})
	}
}

func TestCursorsReachEveryUserOnce(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	all := crowd(t, s, 33)
	for path, want := range map[string]int{
		"/users": 33, "/users?sort=-created_at": 33, "/users?sort=created_at": 33, "/users?sort=name": 33, "/users?sort=email": 33,
		"/users?status=active": 17, "/users?tag=ALL": 33, "/users?tag=third_1": 11, "/users?q=ann": 22, "/users?q=annab": 11,
		"/users?q=user%40": 0, "/users?q=USERA.": 0, "/users?tag=nobody": 0,
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			c := s.In(t)
			for _, size := range []string{"1", "4", "7", "100"} {
				glue := "?"
				if strings.Contains(path, "?") {
					glue = "&"
				}
				found := walk(t, c, path+glue+"size="+size, func() {})
				assert.Len(t, found, want)
				slices.Sort(found)
				assert.Subset(t, all, found)
				assert.Len(t, slices.Compact(found), want, "no user twice")
			}
		})
	}
	t.Run("a page by number ends where its cursor goes on", func(t *testing.T) {
		t.Parallel()
		second := s.In(t).Get("/users?size=10&page=2").Is(http.StatusOK)
		cursor, _ := second.JSON("data", "next_cursor").(string)
		assert.Equal(t, ids(t, s.In(t).Get("/users?size=10&page=3")), ids(t, s.In(t).Get("/users?size=10&cursor="+cursor)))
	})
}

func TestCursorsWhileUsersCome(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/users", "/users?sort=created_at", "/users?sort=name", "/users?sort=email", "/users?tag=all", "/users?q=ann"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			s := testkit.NewServer(t)
			before := crowd(t, s, 12)
			if path == "/users?q=ann" {
				before = slices.DeleteFunc(before, func(id int64) bool { return (id-1)%3 == 1 })
			}
			glue := "?"
			if strings.Contains(path, "?") {
				glue = "&"
			}
			came := 0
			found := walk(t, s.Client, path+glue+"size=3", func() {
				if came++; came <= 5 {
					testkit.User(t, s.DB, func(d *user.Draft) { d.Tags = []string{"all"} })
				}
			})
			slices.Sort(found)
			assert.Equal(t, found, slices.Compact(slices.Clone(found)), "no user twice")
			assert.Subset(t, found, before, "no gap")
		})
	}
}

func TestTotals(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	database := s.DB
	total := func() any { return s.Get("/users").Is(http.StatusOK).JSON("data", "total") }
	testkit.User(t, database)
	assert.EqualValues(t, 1, total())
	testkit.User(t, database)
	assert.EqualValues(t, 2, total())
	assert.EqualValues(t, 2, s.Get("/users?status=active").JSON("data", "total"))

	execute(t, database, `INSERT INTO users (name, email, age, tags)
		SELECT 'Ann Lee', 'n' || n || '@example.com', 40, '{many}' FROM generate_series(1, 10001) AS n`)
	for _, filter := range []string{"tag=many", "status=active", "q=ann+lee"} {
		list := s.Get("/users?" + filter).Is(http.StatusOK)
		assert.EqualValues(t, 10_000, list.JSON("data", "total"), filter)
		assert.Equal(t, false, list.JSON("data", "total_is_exact"), filter)
	}
	assert.Equal(t, true, s.Get("/users?q=n1@").JSON("data", "total_is_exact"))
	execute(t, database, "DELETE FROM user_tags WHERE id = 3")
	assert.Equal(t, true, s.Get("/users?tag=many").JSON("data", "total_is_exact"))
}
