package bench_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/seed"
	"github.com/plaza-api/plaza/internal/testkit"
)

const (
	// benchUsers is how many people the benchmark makes, unless BENCH_USERS says otherwise.
	benchUsers = 1_000_000
	// deepPages is how far behind row 10,000 a deep cursor is, in pages of 100.
	deepPages = 400
)

// timing is what one kind of request took.
type timing struct {
	name     string
	samples  int
	p50, p99 time.Duration
}

// BenchmarkLists asks a whole server over HTTP for every kind of page of a million people, from as many callers
// at once as there are processors, and prints what half and 99 of 100 of the answers took at most.
func BenchmarkLists(b *testing.B) {
	database := testkit.Database(b)
	users := benchUsers
	if text := os.Getenv("BENCH_USERS"); text != "" {
		var err error
		users, err = strconv.Atoi(text)
		require.NoError(b, err, "BENCH_USERS")
	}
	_, err := seed.Run(b.Context(), database, seed.Options{Users: users, Seed: 1})
	require.NoError(b, err)
	s := testkit.NewServerOn(b, database)

	timings := map[string]timing{}
	lists := benchmarkedLists(b, s)
	for _, list := range lists {
		b.Run(list.name, func(b *testing.B) { timings[list.name] = measure(b, s.URL+list.path, list.name) })
	}

	fmt.Println() //nolint:forbidigo // the table is what the benchmark is for
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "p50 ms\tp99 ms\trequests\t  list") //nolint:errcheck // to the terminal
	for _, list := range lists {
		if m, ran := timings[list.name]; ran {
			fmt.Fprintf(table, "%.2f\t%.2f\t%d\t  %s\n", ms(m.p50), ms(m.p99), m.samples, m.name) //nolint:errcheck // ditto
		}
	}
	require.NoError(b, table.Flush())
}

// benchmarkedList is one kind of page.
type benchmarkedList struct{ name, path string }

// benchmarkedLists are pages at the beginning, by number and far behind, of whole lists and of every kind of
// filter, for matches that are common, rare, and only among the oldest.
func benchmarkedLists(b *testing.B, s *testkit.Server) []benchmarkedList {
	b.Helper()
	commonTag := textOf(b, s, "SELECT tag FROM user_tags GROUP BY tag ORDER BY count(*) DESC LIMIT 1")
	rareTag := textOf(b, s, "SELECT min(tag) FROM user_tags WHERE tag LIKE 'guild%'")
	firstName := textOf(b, s, "SELECT split_part(name, ' ', 1) FROM users ORDER BY id DESC LIMIT 1")
	oldest := textOf(b, s, "SELECT email FROM users ORDER BY id LIMIT 1")
	newest := textOf(b, s, "SELECT name FROM users ORDER BY id DESC LIMIT 1")
	author := textOf(b, s, "SELECT author_id::text FROM posts ORDER BY id LIMIT 1")
	return []benchmarkedList{
		{"newest first", "/users"},
		{"newest first, 100 a page", "/users?size=100"},
		{"newest first, page 500", "/users?page=500"},
		{"newest first, deep cursor", "/users?size=100&cursor=" + deepCursor(b, s, "/users?size=100")},
		{"oldest first", "/users?sort=created_at"},
		{"by name", "/users?sort=name"},
		{"by name, page 500", "/users?sort=name&page=500"},
		{"by name, deep cursor", "/users?sort=name&size=100&cursor=" + deepCursor(b, s, "/users?sort=name&size=100")},
		{"by e-mail", "/users?sort=email"},
		{"by e-mail, deep cursor", "/users?sort=email&size=100&cursor=" + deepCursor(b, s, "/users?sort=email&size=100")},
		{"status, common", "/users?status=active"},
		{"status, common, deep cursor", "/users?status=active&size=100&cursor=" + deepCursor(b, s, "/users?status=active&size=100")},
		{"status, some", "/users?status=inactive"},
		{"status, only among the oldest", "/users?status=suspended"},
		{"tag, common", "/users?tag=" + commonTag},
		{"tag, common, deep cursor", "/users?size=100&tag=" + commonTag + "&cursor=" + deepCursor(b, s, "/users?size=100&tag="+commonTag)},
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
		{"posts", "/posts"},
		{"posts, page 500", "/posts?page=500"},
		{"posts, deep cursor", "/posts?size=100&cursor=" + deepCursor(b, s, "/posts?size=100")},
		{"posts of a user", "/users/" + author + "/posts"},
	}
}

func textOf(b *testing.B, s *testkit.Server, query string) string {
	b.Helper()
	var text string
	require.NoError(b, s.DB.Conn(b.Context()).QueryRow(b.Context(), query).Scan(&text), query)
	return text
}

// deepCursor walks a list as far as pages by number go and deepPages further, or as far as there is a next page.
func deepCursor(b *testing.B, s *testkit.Server, list string) string {
	b.Helper()
	cursor := nextCursor(s, list+"&page=90")
	if cursor == "" {
		cursor = nextCursor(s, list)
	}
	require.NotEmpty(b, cursor, "%s has one page only: too few users", list)
	for range deepPages {
		next := nextCursor(s, list+"&cursor="+cursor)
		if next == "" {
			break
		}
		cursor = next
	}
	return cursor
}

// nextCursor returns the cursor of the next page, or an empty text on the last one.
func nextCursor(s *testkit.Server, path string) string {
	cursor, _ := s.Get(path).Is(http.StatusOK).JSON("data", "next_cursor").(string)
	return cursor
}

// measure asks for a page again and again. It asks with net/http alone, so that nothing but the answer is timed.
func measure(b *testing.B, address, name string) timing {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	require.NoError(b, ask(client, address))
	var mu sync.Mutex
	var all []time.Duration
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var mine []time.Duration
		for pb.Next() {
			began := time.Now()
			if err := ask(client, address); err != nil {
				b.Error(err)
				return
			}
			mine = append(mine, time.Since(began))
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, mine...)
	})
	b.StopTimer()
	slices.Sort(all)
	t := timing{name: name, samples: len(all), p50: quantile(all, 50), p99: quantile(all, 99)}
	b.ReportMetric(ms(t.p50), "p50-ms")
	b.ReportMetric(ms(t.p99), "p99-ms")
	return t
}

func ask(client *http.Client, address string) error {
	response, err := client.Get(address) //nolint:noctx // it has a server of its own, which lives longer
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // it was read to the end
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %d", address, response.StatusCode)
	}
	return nil
}

// quantile returns how long percent of 100 sorted durations are at most.
func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)-1)*percent/100]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
