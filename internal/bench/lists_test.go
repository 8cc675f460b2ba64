package bench_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
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

// benchUsers is how many people the benchmark makes, unless BENCH_USERS says otherwise.
const benchUsers = 1_000_000

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
	lists, token := everyList(b, s), s.Token(b, "admin", 1)
	for _, list := range lists {
		b.Run(list.name, func(b *testing.B) { timings[list.name] = measure(b, s.URL+list.path, token, list.name) })
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

// measure asks for a page again and again. It asks with net/http alone, so that nothing but the answer is timed.
func measure(b *testing.B, address, token, name string) timing {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	require.NoError(b, read(b.Context(), client, address, token))
	var mu sync.Mutex
	var all []time.Duration
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var mine []time.Duration
		for pb.Next() {
			began := time.Now()
			if err := read(b.Context(), client, address, token); err != nil {
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

// read asks for a resource, signed in unless token is empty, and reads the answer to its end.
func read(ctx context.Context, client *http.Client, address, token string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(r)
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
