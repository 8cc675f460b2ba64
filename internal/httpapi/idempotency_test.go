package httpapi_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
)

const idempotencyKey = "Idempotency-Key"

func TestTheSameRequestUnderAKeyIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Contract(t).Operations {
		if !op.Policy.Idempotent {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			s := furnished(t)
			r := example(op)
			first := r.send(s.Client, idempotencyKey, "k")
			requireStatus(t, success, first)
			again := r.send(s.Client, idempotencyKey, "k")
			assert.Equal(t, []any{first.Status, string(first.Body)}, []any{again.Status, string(again.Body)})
			for _, name := range []string{"Content-Type", "Location", "ETag", "Content-Length"} {
				assert.Equal(t, first.Header.Get(name), again.Header.Get(name), name)
			}
			assert.Equal(t, []string{"", "true"},
				[]string{first.Header.Get("Idempotency-Replayed"), again.Header.Get("Idempotency-Replayed")})
			assert.NotEqual(t, first.Header.Get("X-Request-Id"), again.Header.Get("X-Request-Id"))
		})
	}
}

func TestAKeyIsForOneRequest(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	s.Post("/users", person(), idempotencyKey, "k").Is(http.StatusCreated)
	refused := s.Post("/users", person(), idempotencyKey, "k").Is(http.StatusUnprocessableEntity)
	assert.Equal(t, []string{"header Idempotency-Key: was used for another request"}, refused.Faults())
	s.Post("/users/1/posts", object{"title": "Hello", "content": "World"}, idempotencyKey, "k").Is(http.StatusUnprocessableEntity)
	s.Nobody(t).Post("/users", person(), idempotencyKey, "k").Is(http.StatusCreated)
	s.Nobody(t).Post("/users", person(), idempotencyKey, "k").Is(http.StatusCreated)

	body := object{"title": "Hello", "content": "World"}
	s.Post("/users/1/posts", body, idempotencyKey, "p").Is(http.StatusCreated)
	s.Post("/users/2/posts", body, idempotencyKey, "p").Is(http.StatusUnprocessableEntity)
	for _, key := range []string{strings.Repeat("k", 256), "a b", "é"} {
		faults := s.Post("/users", person(), idempotencyKey, key).Is(http.StatusUnprocessableEntity).Faults()
		assert.Len(t, faults, 1, key)
	}
}

func TestWhatWasRefusedMayComeAgainUnderItsKey(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	taken := person()
	s.Post("/users", taken).Is(http.StatusCreated)
	s.Post("/users", taken, idempotencyKey, "k").Is(http.StatusConflict)
	s.Post("/users", person(object{"age": 5}), idempotencyKey, "k").Is(http.StatusUnprocessableEntity)
	s.Post("/users", person(), idempotencyKey, "k").Is(http.StatusCreated)
	require.Equal(t, 2, count(t, s.DB, "users"))
}

func TestFiftyAtOnceUnderOneKeyHaveOneEffect(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	body := person()
	var mu sync.Mutex
	statuses := map[int]int{}
	var callers sync.WaitGroup
	for range 50 {
		callers.Go(func() {
			a := s.Post("/users", body, idempotencyKey, "k")
			mu.Lock()
			defer mu.Unlock()
			statuses[a.Status]++
			if a.Status == http.StatusCreated {
				assert.EqualValues(t, 1, a.JSON("data", "id"))
			}
		})
	}
	callers.Wait()
	assert.Equal(t, 50, statuses[http.StatusCreated]+statuses[http.StatusConflict], "%v", statuses)
	assert.NotZero(t, statuses[http.StatusCreated])
	assert.Equal(t, 1, count(t, s.DB, "users"))
	s.Post("/users", body, idempotencyKey, "k").Is(http.StatusCreated)
}

func TestTheSecondUnderAKeyIsToldAtOnceThatTheFirstIsAtWork(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Contract(t).Operations {
		if !op.Policy.Idempotent {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			s := furnished(t)
			r := example(op)
			send := func() *testkit.Answer { return r.send(s.In(t), idempotencyKey, "k") }
			first := make(chan *testkit.Answer, 1)
			require.NoError(t, s.DB.InTx(t.Context(), func(ctx context.Context) error {
				_, err := s.DB.Conn(ctx).Exec(ctx, "LOCK TABLE users, posts")
				require.NoError(t, err)
				go func() { first <- send() }()
				waitForLock(t, s.DB, 1)
				second := send().Is(http.StatusConflict)
				assert.Contains(t, second.JSON("detail"), "is at work")
				assert.Equal(t, "1", second.Header.Get("Retry-After"), "a client may know this conflict from others")
				return nil
			}))
			status := (<-first).Status
			assert.Contains(t, []int{http.StatusOK, http.StatusCreated}, status)
			assert.Equal(t, "true", send().Is(status).Header.Get("Idempotency-Replayed"))
		})
	}
}
