package bench_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
)

// writes is how often two servers write in turns.
const writes = 10_000

// pair are two servers on one database and one Redis.
type pair struct {
	redis   *testkit.RedisServer
	proxies [2]*testkit.Proxy
	servers [2]*testkit.Server
	path    string // of a user
}

func newPair(b *testing.B) *pair {
	b.Helper()
	database := testkit.Database(b)
	p := &pair{redis: testkit.NewRedisServer(b), path: fmt.Sprintf("/users/%d", testkit.User(b, database).ID)}
	for i := range p.servers {
		url, proxy := p.redis.Proxied()
		p.proxies[i] = proxy
		p.servers[i] = testkit.NewServerOn(b, database, testkit.Sharing(b, database, url))
	}
	return p
}

func (p *pair) read(server int) (version float64, took time.Duration) {
	began := time.Now()
	version, _ = p.servers[server].Get(p.path).Is(http.StatusOK).JSON("version").(float64)
	return version, time.Since(began)
}

func (p *pair) write(server, i int) (version float64, took time.Duration) {
	began := time.Now()
	answer := p.servers[server].Patch(p.path, "*", map[string]any{"age": 20 + i%50}).Is(http.StatusOK) //nolint:mnd // an age
	version, _ = answer.JSON("data", "version").(float64)
	return version, time.Since(began)
}

// BenchmarkOtherServer lets two servers on one Redis write in turns, and prints how long after the answer to a write the
// other server's readers see it, the read included. Whoever has written reads that at once, or the benchmark fails.
func BenchmarkOtherServer(b *testing.B) {
	p := newPair(b)
	delays := make([]time.Duration, 0, writes)
	atOnce := 0
	for i := range writes {
		writer, other := i%2, 1-i%2
		p.read(other)
		written, _ := p.write(writer, i)
		began := time.Now()
		reads := 0
		for seen := 0.0; seen < written; reads++ {
			seen, _ = p.read(other)
		}
		delays = append(delays, time.Since(began))
		if reads == 1 {
			atOnce++
		}
		own, _ := p.read(writer)
		require.GreaterOrEqual(b, own, written, "whoever has written reads it")
	}
	slices.Sort(delays)
	b.ReportMetric(ms(quantile(delays, 99)), "p99-ms")
	fmt.Printf("\n%d writes: the other server shows one after p50 %.2f ms, p99 %.2f ms, at most %.2f ms; %d at the first read\n", //nolint:forbidigo // what the benchmark is for
		writes, ms(quantile(delays, 50)), ms(quantile(delays, 99)), ms(delays[len(delays)-1]), atOnce)
}

// BenchmarkRedisOutage prints what reads and writes take while Redis is killed, stalls or is flushed. It fails when any
// fails, or when who has written reads something older.
func BenchmarkRedisOutage(b *testing.B) {
	fmt.Println() //nolint:forbidigo // the table is what the benchmark is for
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "read p50 ms\tp99 ms\tmost ms\twrite p50 ms\tp99 ms\tmost ms\treads\t  Redis") //nolint:errcheck // Flush tells
	for _, state := range []struct {
		name       string
		begin, end func(p *pair)
	}{
		{"answers", func(*pair) {}, func(*pair) {}},
		{"is killed and started again", func(p *pair) { p.redis.Kill() }, func(p *pair) { p.redis.Start() }},
		{
			"stalls", func(p *pair) { p.proxies[0].Stall(); p.proxies[1].Stall() },
			func(p *pair) { p.proxies[0].Mend(); p.proxies[1].Mend() },
		},
		{"is flushed", func(p *pair) { p.redis.Flush() }, func(p *pair) { p.redis.Flush() }},
	} {
		p := newPair(b)
		var reads, changes []time.Duration
		var both sync.Mutex
		var workers sync.WaitGroup
		stop := make(chan struct{})
		for worker := range 4 {
			workers.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					written, took := p.write(worker%2, i)
					for range 9 {
						seen, readTook := p.read(worker % 2)
						require.GreaterOrEqual(b, seen, written, "whoever has written reads it")
						both.Lock()
						reads = append(reads, readTook)
						both.Unlock()
					}
					both.Lock()
					changes = append(changes, took)
					both.Unlock()
				}
			})
		}
		for _, step := range []func(*pair){state.begin, state.end, func(*pair) { close(stop) }} {
			<-time.After(turnTime)
			step(p)
		}
		workers.Wait()
		slices.Sort(reads)
		slices.Sort(changes)
		fmt.Fprintf(table, "%.2f\t%.2f\t%.0f\t%.2f\t%.2f\t%.0f\t%d\t  %s\n", //nolint:errcheck // Flush tells
			ms(quantile(reads, 50)), ms(quantile(reads, 99)), ms(reads[len(reads)-1]), ms(quantile(changes, 50)),
			ms(quantile(changes, 99)), ms(changes[len(changes)-1]), len(reads), state.name)
	}
	require.NoError(b, table.Flush())
}
