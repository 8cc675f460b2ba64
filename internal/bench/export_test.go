package bench

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// Flood sends requests to whoever serves at an address, as Run sends more of them to Plaza than it can answer.
func Flood(ctx context.Context, addr string, rate float64, length, patience time.Duration) (map[string]float64, error) {
	self, err := process.NewProcess(int32(os.Getpid()))
	if err != nil {
		return nil, err
	}
	p := plan{connections: 1, rate: rate, length: length, patience: patience}
	load, err := (&server{name: "test", addr: addr, process: self}).load(ctx, get("/").answers(http.StatusOK), p)
	return floodFigures([]Load{load}, p), err
}

// Keeps judges a heap that was sampled each second, by windows of so long.
func Keeps(window time.Duration, mebibytes ...float64) Measure {
	begun := time.Unix(0, 0)
	var samples []sample
	for i, heap := range mebibytes {
		samples = append(samples, sample{at: begun.Add(time.Duration(i) * time.Second), heap: heap * mebibyte})
	}
	return keeps(samples, begun, window)[0]
}

// Lets judges how many goroutines and connections there are before and after a load.
func Lets(before, after [2]float64) []Measure {
	return lets(sample{goroutines: before[0], connections: before[1]}, sample{goroutines: after[0], connections: after[1]})
}
