package httpapi_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAUserIsReadFromMemoryUntilTheyAreWritten(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB)
	path := fmt.Sprintf("/users/%d", u.ID)
	first := s.Get(path).Is(http.StatusOK)
	behind := func() { execute(t, s.DB, "UPDATE users SET age = age + 1") } // nobody tells the server
	behind()
	assert.Equal(t, string(first.Body), string(s.Get(path).Is(http.StatusOK).Body))
	assert.Equal(t, string(first.Body), string(s.Member(t, u.ID).Get("/me").Is(http.StatusOK).Body))
	s.Get(path, "If-None-Match", first.ETag()).Is(http.StatusNotModified)

	changed := s.Patch(path, "*", object{"name": "New Name"}).Is(http.StatusOK)
	assert.Equal(t, "New Name", s.Get(path).Is(http.StatusOK).JSON("name"))
	assert.Equal(t, changed.ETag(), s.Get(path, "If-None-Match", first.ETag()).Is(http.StatusOK).ETag())
	s.Patch(path, "*", object{"email": "new@example.com"}).Is(http.StatusOK)
	assert.Equal(t, "new@example.com", s.Get(path).Is(http.StatusOK).JSON("email"))
	s.Delete(path).Is(http.StatusNoContent)
	s.Get(path).Is(http.StatusNotFound)
	s.Post(path+"/restore", nil).Is(http.StatusOK)
	s.Get(path).Is(http.StatusOK)
}

func TestWhoeverHasWrittenReadsWhatTheyWrote(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB)
	path := fmt.Sprintf("/users/%d", u.ID)
	version := func(a *testkit.Answer) float64 {
		v, _ := a.Is(http.StatusOK).JSON("version").(float64)
		return v
	}
	const writes = 200
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 { // who bring into memory what is stale by the time they have read it
		readers.Go(func() {
			for last := 0.0; ; {
				select {
				case <-stop:
					return
				default:
				}
				now := version(s.Get(path))
				assert.GreaterOrEqual(t, now, last, "nobody reads back in time")
				last = now
			}
		})
	}
	for i := range writes {
		written, _ := s.Patch(path, "*", object{"age": 20 + i%50}).Is(http.StatusOK).JSON("data", "version").(float64)
		assert.GreaterOrEqual(t, version(s.Get(path)), written)
	}
	close(stop)
	readers.Wait()
	assert.InDelta(t, writes+1, version(s.Get(path)), 0)
}
