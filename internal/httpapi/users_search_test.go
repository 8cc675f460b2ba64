package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

func TestSearchingUsers(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	for _, row := range []struct{ name, email string }{
		{"Zoe Ann", "zed@example.com"},
		{"Ann Lee", "A_b@example.com"},
		{"Anna Ó", "a%b@example.com"},
		{"O'Neil Mc-Donald", "axb@example.com"},
		{"Änn Lee", "ann@other.org"},
		{"A% B", "percent@example.com"},
		{"A_ B", "under@example.com"},
		{`A\ B`, "back@example.com"},
	} {
		testkit.User(t, s.DB, func(d *user.Draft) { d.Name, d.Email = row.name, row.email })
	}
	for q, want := range map[string]string{
		"ann": "Ann Lee, Anna Ó", "ANN": "Ann Lee, Anna Ó", "Ann ": "Ann Lee", "ann l": "Ann Lee", "anna ó": "Anna Ó",
		"a\u0308nn": "Änn Lee", "O'NEIL MC-D": "O'Neil Mc-Donald", "o'neil mc-": "O'Neil Mc-Donald", "lee": "",
		"a%": "A% B", "a_": "A_ B", `a\`: `A\ B`, "%": "", "_": "", `\`: "", "'": "", "zoe'; --": "",
		"a%b@": "Anna Ó", "A_B@example.com": "Ann Lee", "axb@e": "O'Neil Mc-Donald", "ann@": "Änn Lee", "@": "", "@example": "",
		"a": `A% B, A\ B, A_ B, Ann Lee, Anna Ó`,
	} {
		t.Run("q="+q+" finds what begins with it", func(t *testing.T) {
			t.Parallel()
			list := s.In(t).Get("/users" + testkit.Query("q", q)).Is(http.StatusOK)
			assert.Equal(t, want, strings.Join(names(t, list), ", "))
			assert.EqualValues(t, len(names(t, list)), list.JSON("data", "total"))
		})
	}
	t.Run("sort orders by name and by e-mail address", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, []string{`A% B`, `A\ B`, "A_ B", "Ann Lee", "Anna Ó", "O'Neil Mc-Donald", "Zoe Ann", "Änn Lee"},
			names(t, s.In(t).Get("/users?sort=name")))
		assert.Equal(t, []string{"Anna Ó", "Ann Lee", "Änn Lee", "O'Neil Mc-Donald", `A\ B`, "A% B", "A_ B", "Zoe Ann"},
			names(t, s.In(t).Get("/users?sort=email")))
		s.In(t).Get("/users?q=ann&sort=name").Is(http.StatusOK)
		s.In(t).Get("/users?q=ann@&sort=email").Is(http.StatusOK)
		s.In(t).Get("/users?q=ann@&sort=name").Is(http.StatusUnprocessableEntity)
		s.In(t).Get("/users?status=active&sort=-created_at").Is(http.StatusOK)
	})
}

func names(t *testing.T, list *testkit.Answer) []string {
	t.Helper()
	var page struct {
		Data struct{ Items []struct{ Name string } }
	}
	list.Is(http.StatusOK).Into(&page)
	found := []string{}
	for _, item := range page.Data.Items {
		found = append(found, item.Name)
	}
	return found
}

func TestForgedCursors(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	for range 3 {
		testkit.Post(t, s.DB, testkit.User(t, s.DB).ID)
		testkit.Post(t, s.DB, 1)
	}
	cursors := map[string]string{}
	lists := []string{
		"/users", "/users?sort=created_at", "/users?sort=name", "/users?sort=email", "/users?status=active",
		"/users?tag=go", "/users?q=ann", "/users?q=a", "/posts", "/users/1/posts",
	}
	with := func(list, parameter string) string {
		if strings.Contains(list, "?") {
			return list + "&" + parameter
		}
		return list + "?" + parameter
	}
	for _, list := range lists {
		cursor, ok := s.Get(with(list, "size=1")).Is(http.StatusOK).JSON("data", "next_cursor").(string)
		require.True(t, ok, list)
		cursors[list] = cursor
		s.Get(with(list, "cursor="+cursor)).Is(http.StatusOK)
	}
	for _, list := range lists {
		t.Run("none is taken by "+list, func(t *testing.T) {
			t.Parallel()
			own := cursors[list]
			forged := []string{"x", "AAAA", "%20", "!!!", own[:16], "B" + own[1:], own + "=", own + "AAB%3D", strings.Repeat("A", 1500)}
			for other, cursor := range cursors {
				if other != list {
					forged = append(forged, cursor)
				}
			}
			for _, cursor := range forged {
				answer := s.In(t).Get(with(list, "cursor="+cursor)).Is(http.StatusUnprocessableEntity)
				assert.Len(t, answer.Faults(), 1)
				assert.Contains(t, answer.Faults()[0], "query cursor: ")
			}
			assert.Equal(t, []string{"query cursor: goes without page"},
				s.In(t).Get(with(list, "page=1&cursor="+own)).Is(http.StatusUnprocessableEntity).Faults())
		})
	}
}
