package bench_test

import (
	"fmt"
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

// BenchmarkOtherServer lets two servers on one Redis write in turns, and prints how long after the answer to a write the
// other server's readers see it, the read included. Whoever has written reads that at once, or the benchmark fails.
func BenchmarkOtherServer(b *testing.B) {
	p := testkit.NewPair(b)
	delays := make([]time.Duration, 0, writes)
	atOnce := 0
	for i := range writes {
		writer, other := i%2, 1-i%2
		p.Read(other)
		written := p.Write(writer, i)
		began := time.Now()
		reads := 0
		for seen := int64(0); seen < written; reads++ {
			seen = p.Read(other)
		}
		delays = append(delays, time.Since(began))
		if reads == 1 {
			atOnce++
		}
		require.GreaterOrEqual(b, p.Read(writer), written, "whoever has written reads it")
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
		begin, end func(p *testkit.Pair)
	}{
		{"answers", func(*testkit.Pair) {}, func(*testkit.Pair) {}},
		{"is killed and started again", func(p *testkit.Pair) { p.Redis.Kill() }, func(p *testkit.Pair) { p.Redis.Start() }},
		{
			"stalls", func(p *testkit.Pair) { p.Proxies[0].Stall(); p.Proxies[1].Stall() },
			func(p *testkit.Pair) { p.Proxies[0].Mend(); p.Proxies[1].Mend() },
		},
		{"is flushed", func(p *testkit.Pair) { p.Redis.Flush() }, func(p *testkit.Pair) { p.Redis.Flush() }},
	} {
		p := testkit.NewPair(b)
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
					began := time.Now()
					written := p.Write(worker%2, i)
					took := time.Since(began)
					for range 9 {
						began = time.Now()
						seen := p.Read(worker % 2)
						both.Lock()
						reads = append(reads, time.Since(began))
						both.Unlock()
						require.GreaterOrEqual(b, seen, written, "whoever has written reads it")
					}
					both.Lock()
					changes = append(changes, took)
					both.Unlock()
				}
			})
		}
		for _, step := range []func(*testkit.Pair){state.begin, state.end, func(*testkit.Pair) { close(stop) }} {
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
