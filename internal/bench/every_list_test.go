package bench_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/page"
	"github.com/plaza-api/plaza/internal/testkit"
)

// deep is how far behind the first row a deep cursor is; in a list that has not twice as many, in its middle.
const deep = 500_000

// list is one kind of page.
type list struct{ name, path string }

// everyList are pages at the beginning, by number and far behind, of whole lists and of every kind of filter, for
// matches that are common, rare, and only among the oldest, on what internal/seed makes.
func everyList(tb testing.TB, s *testkit.Server) []list {
	tb.Helper()
	tag := textOf(tb, s, "SELECT tag FROM user_tags GROUP BY tag ORDER BY count(*) DESC LIMIT 1")
	rareTag := textOf(tb, s, "SELECT min(tag) FROM user_tags WHERE tag LIKE 'guild%'")
	firstName := textOf(tb, s, "SELECT split_part(name, ' ', 1) FROM users ORDER BY id DESC LIMIT 1")
	oldest := textOf(tb, s, "SELECT email FROM users ORDER BY id LIMIT 1")
	newest := textOf(tb, s, "SELECT name FROM users ORDER BY id DESC LIMIT 1")
	author := textOf(tb, s, "SELECT author_id::text FROM posts ORDER BY id LIMIT 1")
	const byTime = "created_at DESC, id DESC"
	return []list{
		{"newest first", "/users?"},
		{"newest first, 100 a page", "/users?size=100"},
		{"newest first, page 500", "/users?page=500"},
		{"newest first, deep cursor", "/users?size=100&cursor=" +
			deepCursor(tb, s, "users -created_at", "created_at, '', id FROM users WHERE deleted_at IS NULL", byTime)},
		{"oldest first", "/users?sort=created_at"},
		{"oldest first, deep cursor", "/users?sort=created_at&size=100&cursor=" +
			deepCursor(tb, s, "users created_at", "created_at, '', id FROM users WHERE deleted_at IS NULL", "created_at, id")},
		{"by name", "/users?sort=name"},
		{"by name, page 500", "/users?sort=name&page=500"},
		{"by name, deep cursor", "/users?sort=name&size=100&cursor=" +
			deepCursor(tb, s, "users name=", untimed+", name, id FROM users WHERE deleted_at IS NULL", "name, id")},
		{"by e-mail", "/users?sort=email"},
		{"by e-mail, deep cursor", "/users?sort=email&size=100&cursor=" +
			deepCursor(tb, s, "users email=", untimed+", lower(email), id FROM users WHERE deleted_at IS NULL", "lower(email)")},
		{"status, common", "/users?status=active"},
		{"status, common, deep cursor", "/users?status=active&size=100&cursor=" + deepCursor(tb, s,
			"users status=active", "created_at, '', id FROM users WHERE deleted_at IS NULL AND status = 'active'", byTime)},
		{"status, some", "/users?status=inactive"},
		{"status, only among the oldest", "/users?status=suspended"},
		{"tag, common", "/users?tag=" + tag},
		{"tag, common, deep cursor", "/users?size=100&tag=" + tag + "&cursor=" +
			deepCursor(tb, s, "users tag="+tag, "created_at, '', id FROM user_tags WHERE tag = '"+tag+"'", byTime)},
		{"tag, rare", "/users?tag=" + rareTag},
		{"tag, only among the oldest", "/users?tag=founder"},
		{"tag, nobody's", "/users?tag=nobody"},
		{"name, one letter", "/users?q=a"},
		{"name, common", "/users?q=" + url.QueryEscape(firstName)},
		{"name, rare", "/users?q=" + url.QueryEscape(newest)},
		{"name, only among the oldest", "/users?q=quill"},
		{"name, nobody's", "/users?q=zzzz"},
		{"e-mail, one of the oldest", "/users?q=" + url.QueryEscape(oldest)},
		{"e-mail, nobody's", "/users?q=zzzz@"},
		{"posts", "/posts?"},
		{"posts, page 500", "/posts?page=500"},
		{"posts, deep cursor", "/posts?size=100&cursor=" +
			deepCursor(tb, s, "posts", "created_at, '', id FROM live_posts", byTime)},
		{"posts of a user", "/users/" + author + "/posts?"},
	}
}

// untimed stands where the order of a list is not that of time.
const untimed = "timestamptz '1970-01-01'"

func textOf(tb testing.TB, s *testkit.Server, query string) string {
	tb.Helper()
	var text string
	require.NoError(tb, s.DB.Conn(tb.Context()).QueryRow(tb.Context(), query).Scan(&text), query)
	return text
}

// deepCursor makes the cursor that list would give behind row deep: walking there takes thousands of pages. rows are
// what a cursor holds of each row of the list, and where they are from.
func deepCursor(tb testing.TB, s *testkit.Server, list, rows, order string) string {
	tb.Helper()
	_, from, _ := strings.Cut(rows, " FROM ")
	var after page.Position
	var at time.Time
	require.NoError(tb, s.DB.Conn(tb.Context()).QueryRow(tb.Context(),
		"SELECT "+rows+" ORDER BY "+order+" OFFSET (SELECT least($1, count(*) / 2) FROM "+from+") LIMIT 1", deep,
	).Scan(&at, &after.Text, &after.ID))
	after.Time = page.First().Time
	if !strings.HasPrefix(rows, untimed) {
		after.Time = at
	}
	return after.Cursor(list)
}
