package ratelimit_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/testkit"
)

func BenchmarkTake(b *testing.B) {
	limit := ratelimit.Limit{Requests: 100, Per: time.Minute}
	keys := make([]string, 1024)
	for i := range keys {
		keys[i] = "listUsers user:" + strconv.Itoa(i)
	}
	stores := map[string]func(b *testing.B) ratelimit.Limiter{
		"memory": func(*testing.B) ratelimit.Limiter { return ratelimit.NewMemory(time.Now) },
		"redis": func(b *testing.B) ratelimit.Limiter {
			b.Helper()
			return overRedis(b, open(b, testkit.Redis(b)), nil)
		},
	}
	for name, store := range stores {
		b.Run(name+"/one caller after the other", func(b *testing.B) {
			limiter := store(b)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				limiter.Take(b.Context(), keys[i%len(keys)], limit)
			}
		})
		b.Run(name+"/all at once", func(b *testing.B) {
			limiter := store(b)
			b.ReportAllocs()
			b.SetParallelism(16)
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					limiter.Take(b.Context(), keys[i%len(keys)], limit)
				}
			})
		})
	}
}
