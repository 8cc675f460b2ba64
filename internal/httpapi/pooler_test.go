package httpapi_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAServerBehindPgBouncer(t *testing.T) {
	t.Parallel()
	const callers, rounds = 8, 5
	db, err := postgres.Open(t.Context(), postgres.Config{
		URL: testkit.PooledURL(t, testkit.URL(t)), MaxConns: callers, Properties: testkit.Contract(t).Columns(),
	})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	s := testkit.NewServerOn(t, db)

	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			for round := range rounds {
				usesPeople(t, s, fmt.Sprintf("%d.%d", i, round))
			}
		})
	}
	all.Wait()
	assert.Equal(t, callers*rounds*3, count(t, db, "users"))

	t.Run("signs people in", func(t *testing.T) {
		u := personWithPassword(t, s)
		client, _ := application(t, s, "public", callback)
		newBrowser(t, s).open(authorization(client.ID)).
			submit("step", "password", "email", u.Email, "password", secret).shows("Town Board asks for access")
	})
}

// usesPeople does what callers do, and looks at every answer. name is in all that it makes.
func usesPeople(t *testing.T, s *testkit.Server, name string) {
	t.Helper()
	is := func(want int, answer *testkit.Answer) *testkit.Answer {
		assert.Equal(t, want, answer.Status, "%s", answer.Body)
		return answer
	}
	email := func(n int) string { return fmt.Sprintf("pooled.%s.%d@example.com", name, n) }

	body := person(object{"email": email(0), "tags": []string{"pooled"}, "address": home()})
	made := is(http.StatusCreated, s.Post("/users", body, idempotencyKey, name))
	again := is(http.StatusCreated, s.Post("/users", body, idempotencyKey, name))
	assert.Equal(t, []any{"true", string(made.Body)}, []any{again.Header.Get("Idempotency-Replayed"), string(again.Body)})
	is(http.StatusConflict, s.Post("/users", body))
	is(http.StatusOK, s.Post("/users/batch", object{"users": []any{
		person(object{"email": email(1)}), person(object{"email": email(0)}), person(object{"email": email(2)}),
	}}))

	path := fmt.Sprintf("/users/%d", made.ID())
	read := is(http.StatusOK, s.Get(path))
	assert.Equal(t, email(0), read.JSON("email"))
	changed := is(http.StatusOK, s.Patch(path, read.ETag(), object{"age": 35}))
	assert.InDelta(t, 35, changed.JSON("data", "age"), 0)
	is(http.StatusPreconditionFailed, s.Patch(path, read.ETag(), object{"age": 36}))
	is(http.StatusCreated, s.Post(path+"/posts", object{"title": "Hello", "content": "World"}))

	for _, list := range []string{
		"/users", "/users?sort=created_at", "/users?sort=name", "/users?sort=email",
		"/users?tag=pooled", "/users?q=ann", "/users?q=pooled." + name + ".0@", "/posts", path + "/posts", path + "/addresses",
	} {
		items, _ := is(http.StatusOK, s.Get(list)).JSON("data", "items").([]any)
		assert.NotEmpty(t, items, list)
	}
}
