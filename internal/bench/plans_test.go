package bench_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/seed"
	"github.com/plaza-api/plaza/internal/testkit"
)

const (
	// mostRead is how many rows a page may read.
	mostRead = 1000
	// mostCounted is how many rows the count of a filter may read beside that.
	mostCounted = 10_001
	// asks is how often each list is asked for: from the sixth time on PostgreSQL may keep a plan.
	asks = 7
	// millionUsers is how many people the lists have.
	millionUsers = 1_000_000
)

func TestNoPageOfAListOfAMillionReadsMoreThanAThousandRows(t *testing.T) {
	t.Parallel()
	url := testkit.URL(t)
	filled, err := postgres.Open(t.Context(), postgres.Config{URL: url, StatementTimeout: -1, IdleInTransactionTimeout: -1})
	require.NoError(t, err)
	t.Cleanup(filled.Close)
	_, err = seed.Run(t.Context(), filled, seed.Options{Users: millionUsers, Seed: 1})
	require.NoError(t, err)
	for _, statement := range []string{"UPDATE users SET deleted_at = now() WHERE id % 1000 = 999", "DELETE FROM revocations", "VACUUM ANALYZE"} {
		_, err := filled.Conn(t.Context()).Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	lists := everyList(t, testkit.NewServerOn(t, filled))
	filled.Close() // whatever it has counted is counted now
	for _, mode := range []string{"auto", "force_generic_plan", "force_custom_plan"} {
		t.Run(mode, func(t *testing.T) { // one after the other, as they read the same counters
			s := newReader(t, url+"&plan_cache_mode="+mode)
			for _, l := range lists {
				if !strings.Contains(l.path, "page=500") { // which skips 10,000 rows, the most that it may
					t.Run(l.name, func(t *testing.T) { s.checkPage(t, l.path) })
				}
			}
			s.checkWrites(t)
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
	return reader{testkit.NewServerOn(t, database)}
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
		// The total of a whole list is read, not counted.
		if counted > mostCounted {
			counted = 0
		}
		require.LessOrEqual(t, read, int64(counted)+mostRead, "rows read by %s, of which %.0f were counted", path, counted)
		// Entries that an index scan passes over count as no rows.
		require.LessOrEqual(t, blocks, 4*read+20, "blocks of indexes read by %s for %d rows", path, read)
	}
}

// checkWrites holds writes, and the read of one post, against the same bound: what they read must
// not grow with what there is.
func (s reader) checkWrites(t *testing.T) {
	t.Helper()
	author := testkit.User(t, s.DB)
	path := fmt.Sprintf("/users/%d", author.ID)
	for name, write := range map[string]func(){
		"createPost": func() {
			s.Client.In(t).Post(path+"/posts", map[string]any{"title": "Title", "content": "Content"}).Is(http.StatusCreated)
		},
		"getPost":    func() { s.Client.In(t).Get("/posts/1").Is(http.StatusOK) },
		"createUser": func() { testkit.User(t, s.DB) },
		"updateUser": func() { s.Client.In(t).Patch(path, "*", map[string]any{"age": 30}).Is(http.StatusOK) },
	} {
		for range asks {
			before, _ := s.rowsRead(t)
			write()
			read, _ := s.rowsRead(t)
			require.LessOrEqual(t, read-before, int64(mostRead), "rows read by %s", name)
		}
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
