package embedded_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

func TestTheLastOneOutStopsTheServer(t *testing.T) {
	t.Parallel()
	t.Run("among Servers of one process", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		first := start(t, dir)
		pid := postmaster(t, dir)
		second := start(t, dir)
		held := connect(t, second.URL(embedded.Database))
		stop(t, first)
		assert.Equal(t, "1", askOn(t, held, "SELECT '1'"))
		stop(t, second)
		requireStopped(t, dir, pid)
	})
	t.Run("when the starter leaves first", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		starter := startHolder(t, dir)
		url := starter.url(t)
		pid := postmaster(t, dir)
		server := start(t, dir)
		held := connect(t, url)
		starter.leave(t)
		assert.Equal(t, "1", askOn(t, held, "SELECT '1'"))
		stop(t, server)
		requireStopped(t, dir, pid)
	})
	t.Run("when the starter lives on without it", func(t *testing.T) {
		t.Parallel()
		dir := made(t)
		starter := start(t, dir)
		other := startHolder(t, dir)
		url := other.url(t)
		stop(t, starter)
		before := born(t, url)
		other.leave(t) // the postmaster is now a zombie of this process
		assert.NotEqual(t, before, born(t, start(t, dir).URL(embedded.Database)))
	})
}

func TestManyStartsAtOnceMakeOneServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	holders := []*holder{startHolder(t, dir), startHolder(t, dir), startHolder(t, dir)}
	servers := make([]*embedded.Server, 10)
	errs := make([]error, len(servers))
	var starts sync.WaitGroup
	for i := range servers {
		starts.Go(func() {
			servers[i], errs[i] = embedded.Start(t.Context(), embedded.Options{DataDir: dir, Settings: fast()})
		})
	}
	starts.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	pid := postmaster(t, dir)
	want := born(t, servers[0].URL(embedded.Database))
	for _, h := range holders {
		assert.Equal(t, want, born(t, h.url(t)))
	}
	for _, server := range servers {
		assert.Equal(t, want, born(t, server.URL(embedded.Database)))
		stop(t, server)
	}
	for _, h := range holders {
		h.leave(t)
	}
	requireStopped(t, dir, pid)
}

func TestComingAndGoingDisturbsNobodyWhoStays(t *testing.T) {
	t.Parallel()
	dir := made(t)
	// The process that started the server is among those that go.
	passing := []*holder{startHolder(t, dir)}
	passing[0].url(t)
	stays := start(t, dir)
	held := connect(t, stays.URL(embedded.Database))
	passing = append(passing, startHolder(t, dir), startHolder(t, dir))
	passing[1].url(t)
	passing[2].url(t)

	var churn sync.WaitGroup
	for _, h := range passing {
		churn.Go(func() {
			for range 20 {
				h.again(t)
				h.url(t)
			}
		})
	}
	for range 4 {
		churn.Go(func() {
			for range 20 {
				server, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir})
				if assert.NoError(t, err) {
					assert.NoError(t, server.Stop(t.Context()))
				}
			}
		})
	}
	churn.Wait()
	assert.Equal(t, "1", askOn(t, held, "SELECT '1'"), "the connection of the one who stayed")
	for _, h := range passing {
		h.leave(t)
	}
	assert.Equal(t, "1", askOn(t, held, "SELECT '1'"), "after all others have left")
}

func TestStartsAndLastStopsRace(t *testing.T) {
	t.Parallel()
	dir := made(t)
	stop(t, start(t, dir))
	var churn sync.WaitGroup
	for range 3 {
		churn.Go(func() {
			for range 6 {
				server, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir, Settings: fast()})
				if !assert.NoError(t, err) {
					return
				}
				assert.NoError(t, tryQuery(t, server.URL(embedded.Database)), "attached, so served")
				assert.NoError(t, server.Stop(t.Context()))
			}
		})
	}
	churn.Wait()
}
