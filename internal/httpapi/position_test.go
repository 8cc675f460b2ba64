package httpapi_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

const position = "X-Database-Position"

func TestReplicas(t *testing.T) {
	t.Parallel()
	primary := testkit.NewPrimary(t)
	standby := primary.Follow(t, nil)
	db := primary.Open(t, []*testkit.Standby{standby})
	s := testkit.NewServerOn(t, db)
	before := testkit.User(t, db)
	path := fmt.Sprintf("/users/%d", before.ID)
	lists := []string{"/users", "/posts", path + "/posts", path + "/addresses"}
	number := func(a *testkit.Answer) float64 {
		items, _ := a.Is(http.StatusOK).JSON("data", "items").([]any)
		if total, ok := a.JSON("data", "total").(float64); ok {
			assert.InDelta(t, total, len(items), 0)
		}
		return float64(len(items))
	}
	shown := db.Position(t.Context()).String()
	require.Eventually(t, func() bool { return readsReplica(db, func() { s.Get("/users", position, shown) }) }, 20*time.Second, time.Millisecond)

	standby.Ask(t, "SELECT pg_wal_replay_pause()")
	street := s.Post(path+"/addresses", home()).Is(http.StatusCreated).Header.Get("Location")
	s.Post(path+"/posts", object{"title": "Hello", "content": "World"}).Is(http.StatusCreated)
	written := s.Post("/users", person(), "Idempotency-Key", "once").Is(http.StatusCreated)
	header := written.Header.Get(position)
	t.Run("a writer reads the write, shown by a header or a cookie", func(t *testing.T) {
		assert.Equal(t, "plaza-position="+header+"; Path=/; Max-Age=30; HttpOnly; SameSite=Lax", written.Header.Get("Set-Cookie"))
		for _, list := range lists {
			old, now := 0.0, 1.0
			if list == "/users" {
				old, now = 1, 2
			}
			c := s.In(t)
			assert.InDelta(t, now, number(c.Get(list, position, header)), 0, list)
			assert.InDelta(t, now, number(c.Get(list, "Cookie", "plaza-position="+header)), 0, list)
			assert.InDelta(t, now, number(c.Get(list, position, header, "Cookie", "plaza-position=0/1")), 0, list)
			assert.InDelta(t, now, number(c.Get(list, position, "7FFFFFFF/0")), 0, "%s, of what nobody has", list)
			for _, unread := range []string{"", "0/0", "later", "FFFFFFFF/0", header + "/1"} {
				assert.InDelta(t, old, number(c.Get(list, position, unread)), 0, "%s for who shows %q", list, unread)
			}
		}
	})
	t.Run("an address is read as lists are", func(t *testing.T) {
		s.In(t).Get(street).Is(http.StatusNotFound)
		s.In(t).Get(street, position, header).Is(http.StatusOK)
	})
	t.Run("what is kept is read from the primary", func(t *testing.T) {
		s.In(t).Get(fmt.Sprintf("/users/%d", written.ID())).Is(http.StatusOK)
		_, err := user.New(db).Get(postgres.WithReplica(t.Context(), 0), written.ID())
		require.NoError(t, err, "readers share it with those who keep it")
	})
	t.Run("who reads the total at once with others shares only what is as new", func(t *testing.T) {
		c := s.In(t)
		for range 50 {
			var readers sync.WaitGroup
			for range 6 {
				readers.Go(func() { c.Get("/users?size=1").Is(http.StatusOK) })
			}
			readers.Go(func() { assert.InDelta(t, 2, c.Get("/users?size=1", position, header).JSON("data", "total"), 0) })
			readers.Wait()
		}
	})
	t.Run("an answer tells a position where something may have been written", func(t *testing.T) {
		c := s.In(t)
		again := c.Post("/users", person(), "Idempotency-Key", "once")
		again.Is(http.StatusUnprocessableEntity)
		assert.Empty(t, again.Header.Get(position), "a refusal")
		assert.Empty(t, again.Header.Values("Set-Cookie"))
		assert.Empty(t, c.Get("/users", position, header).Header.Get(position), "a read")
		execute(t, db, "INSERT INTO clients (id, name, kind, secret_hash, redirect_uris, scopes) VALUES "+
			"('example', 'Example', 'confidential', sha256('secret'), '{http://127.0.0.1/callback}', '{openid}')")
		signIn := c.As("").Post("/oauth/revoke", "token=x", "Content-Type", "application/x-www-form-urlencoded",
			"Authorization", "Basic ZXhhbXBsZTpzZWNyZXQ=").Is(http.StatusOK)
		assert.Empty(t, signIn.Header.Get(position), "sign-in")
		body := person()
		c.Post("/users", body, "Idempotency-Key", "twice").Is(http.StatusCreated)
		replayed := c.Post("/users", body, "Idempotency-Key", "twice").Is(http.StatusCreated)
		assert.Equal(t, "true", replayed.Header.Get("Idempotency-Replayed"))
		assert.InDelta(t, 3, number(c.Get("/users", position, replayed.Header.Get(position))), 0, "a stored answer")
		batch := c.Post("/users/batch", object{"users": []any{person(), person()}}).Is(http.StatusOK)
		assert.InDelta(t, 5, number(c.Get("/users", position, batch.Header.Get(position))), 0, "a batch")
		deleted := c.Delete(path).Is(http.StatusNoContent)
		c.Get(path+"/posts", position, deleted.Header.Get(position)).Is(http.StatusNotFound)
		header = deleted.Header.Get(position)
	})
	t.Run("over HTTPS the cookie is bound to it", func(t *testing.T) {
		secure := testkit.NewServerOn(t, db, func(c *httpapi.Config) { c.Secure = true })
		made := secure.Post("/users", person()).Is(http.StatusCreated)
		header = made.Header.Get(position)
		assert.Equal(t, "__Host-plaza-position="+header+"; Path=/; Max-Age=30; HttpOnly; Secure; SameSite=Lax", made.Header.Get("Set-Cookie"))
		assert.InDelta(t, 5, number(secure.Get("/users", "Cookie", "__Host-plaza-position="+header)), 0)
		assert.InDelta(t, 1, number(secure.Get("/users", "Cookie", "plaza-position="+header)), 0, "anybody may have set that")
	})
	t.Run("a replica that has the write answers the writer", func(t *testing.T) {
		standby.Ask(t, "SELECT pg_wal_replay_resume()")
		c := s.In(t)
		require.Eventually(t, func() bool {
			return readsReplica(db, func() { assert.InDelta(t, 5, number(c.Get("/users", position, header)), 0) })
		}, 20*time.Second, time.Millisecond)
	})
	t.Run("what failed may have been written, and is read from the primary", func(t *testing.T) {
		db.Close()
		failed := s.Nobody(t).Post("/users", person()).Is(http.StatusServiceUnavailable) // who has no token that is checked first
		assert.Equal(t, postgres.Latest.String(), failed.Header.Get(position))
	})
}

// readsReplica tells whether all that do reads comes from a replica.
func readsReplica(db *postgres.DB, do func()) bool {
	reads, fallbacks := db.ReplicaReads(), db.ReplicaFallbacks()
	do()
	return db.ReplicaReads() > reads && db.ReplicaFallbacks() == fallbacks
}
