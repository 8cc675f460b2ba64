package bench_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

const (
	// mostRead is how many rows a page may read.
	mostRead = 1000
	// mostCounted is how many rows the count of a filter may read beside that.
	mostCounted = 10_001
	// asks is how often each list is asked for: from the sixth time on PostgreSQL may keep a plan.
	asks = 7
)

// crowd fills 30,000 users and posts, the higher the id the newer. Of every kind of filter there is one match in
// 6,000, one among the 300 oldest only, one that is common and old, and one for nearly all others. Every hundredth
// user is deleted.
const crowd = `
CREATE TEMPORARY TABLE kinds AS
SELECT n, CASE WHEN n % 6000 = 3000 THEN 'rare' WHEN n <= 300 THEN 'old' WHEN n <= 12000 THEN 'past' ELSE 'common' END AS kind
FROM generate_series(1, 30000) AS n;

INSERT INTO users (name, email, age, status, tags, created_at, deleted_at)
SELECT
    initcap(kind) || ' ' || chr(65 + n % 26) || 'x', initcap(kind) || '@h' || n || '.example.com', 20 + n % 50,
    (CASE kind WHEN 'rare' THEN 'suspended' WHEN 'past' THEN 'inactive' ELSE 'active' END)::user_status,
    ARRAY[kind, 'go'], timestamptz '2026-01-01' + n * interval '1 minute', CASE WHEN n % 100 = 99 THEN now() END
FROM kinds ORDER BY n;

INSERT INTO posts (author_id, title, content, created_at)
SELECT
    CASE WHEN n % 2 = 0 THEN CASE kind WHEN 'rare' THEN 1 WHEN 'old' THEN 2 WHEN 'past' THEN 3 ELSE 4 END ELSE n / 100 + 100 END,
    'Title', 'Content', timestamptz '2026-01-01' + n * interval '1 minute'
FROM kinds ORDER BY n;
`

func TestNoPageOfAListReadsMoreThanAThousandRows(t *testing.T) {
	t.Parallel()
	url := testkit.URL(t)
	filled := testkit.Open(t, url)
	for _, statement := range []string{crowd, "VACUUM ANALYZE"} {
		_, err := filled.Conn(t.Context()).Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	filled.Close() // whatever it has counted is counted now
	for _, mode := range []string{"auto", "force_generic_plan", "force_custom_plan"} {
		t.Run(mode, func(t *testing.T) { // one after the other, as they read the same counters
			s := newReader(t, url+"&plan_cache_mode="+mode)
			for _, list := range []string{
				"/users?", "/users?sort=created_at", "/users?sort=name", "/users?sort=email",
				"/users?status=suspended", "/users?status=inactive", "/users?status=active",
				"/users?tag=rare", "/users?tag=old", "/users?tag=past", "/users?tag=go", "/users?tag=nobody",
				"/users?q=rare", "/users?q=old", "/users?q=past", "/users?q=common+a", "/users?q=nobody",
				"/users?q=rare@", "/users?q=old@", "/users?q=past@", "/users?q=common@h1", "/users?q=nobody@",
				"/posts?", "/users/1/posts?", "/users/2/posts?", "/users/3/posts?", "/users/4/posts?", "/users/5/posts?",
			} {
				t.Run(list, func(t *testing.T) { s.checkList(t, list) })
			}
		})
	}
}

// reader is a server whose only connection tells what it has read.
type reader struct {
	*testkit.Server
}

func newReader(t *testing.T, url string) reader {
	t.Helper()
	database, err := postgres.Open(t.Context(), postgres.Config{
		URL: url, MaxConns: 1, AcquireTimeout: time.Minute, Properties: testkit.Contract(t).Columns(),
	})
	require.NoError(t, err)
	t.Cleanup(database.Close)
	stopped := func() time.Time { return time.Unix(1_000_000_000, 0) }
	s := reader{testkit.NewServerOn(t, database, func(c *httpapi.Config) {
		c.Users, c.Posts = user.New(database, stopped), post.New(database, stopped)
	})}
	// The totals of whole lists are counted now, and with the clock stopped not again.
	s.Get("/users").Is(200)
	s.Get("/posts").Is(200)
	return s
}

// checkList reads the first page, one deep in the list, and the last that a cursor leads to.
func (s reader) checkList(t *testing.T, list string) {
	t.Helper()
	s.checkPage(t, list+"&size=100")
	first := s.Client.In(t).Get(list + "&size=1").Is(200)
	for _, start := range []string{"&page=90&size=100", "&page=3&size=1"} {
		if cursor := s.Client.In(t).Get(list+start).Is(200).JSON("data", "next_cursor"); cursor != nil {
			s.checkPage(t, fmt.Sprintf("%s&size=100&cursor=%s", list, cursor))
		}
	}
	if total, _ := first.JSON("data", "total").(float64); total == 0 {
		assert.Equal(t, []any{}, first.JSON("data", "items"))
	}
}

func (s reader) checkPage(t *testing.T, path string) {
	t.Helper()
	for range asks {
		before, beforeBlocks := s.rowsRead(t)
		data := s.Client.In(t).Get(path).Is(200).JSON("data")
		read, blocks := s.rowsRead(t)
		read, blocks = read-before, blocks-beforeBlocks

		p, ok := data.(map[string]any)
		require.True(t, ok)
		counted, ok := p["total"].(float64)
		require.True(t, ok)
		if exact, _ := p["total_is_exact"].(bool); !exact {
			counted = mostCounted
		}
		// A whole list was counted before.
		if counted > mostCounted {
			counted = 0
		}
		require.LessOrEqual(t, read, int64(counted)+mostRead, "rows read by %s, of which %.0f were counted", path, counted)
		// Entries that an index scan passes over count as no rows.
		require.LessOrEqual(t, blocks, 4*read+20, "blocks of indexes read by %s for %d rows", path, read)
	}
}

// rowsRead is how many rows and index entries, and how many blocks of indexes, have been read in this database so
// far.
func (s reader) rowsRead(t *testing.T) (rows, blocks int64) {
	t.Helper()
	conn := s.DB.Conn(t.Context())
	_, err := conn.Exec(t.Context(), "SELECT pg_stat_force_next_flush()")
	require.NoError(t, err)
	err = conn.QueryRow(t.Context(), `
		SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables)::bigint
		     + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)::bigint,
		       (SELECT sum(idx_blks_read + idx_blks_hit) FROM pg_statio_user_indexes)::bigint`).Scan(&rows, &blocks)
	require.NoError(t, err)
	return rows, blocks
}
