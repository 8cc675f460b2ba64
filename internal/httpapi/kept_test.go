package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
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

func TestWhatAChangeHasMadeIsReadFromMemoryAndARefusedOneLeavesItThere(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB)
	path := fmt.Sprintf("/users/%d", u.ID)
	s.Get(path).Is(http.StatusOK)
	changed := s.Patch(path, "*", object{"name": "New Name"}).Is(http.StatusOK)
	execute(t, s.DB, "UPDATE users SET age = age + 1") // nobody tells the server
	read := s.Get(path).Is(http.StatusOK)
	assert.Equal(t, changed.JSON("data"), read.JSON())
	assert.Equal(t, changed.ETag(), read.ETag())
	s.Patch(path, `"1-stale"`, object{"name": "Newer Name"}).Is(http.StatusPreconditionFailed)
	assert.Equal(t, string(read.Body), string(s.Get(path).Is(http.StatusOK).Body))
}

func TestOfChangesAtOnceTheLastOneIsRead(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	path := fmt.Sprintf("/users/%d", testkit.User(t, s.DB).ID)
	const writers, writes = 4, 50
	for range writes {
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() { s.Patch(path, "*", object{"age": 20 + i}).Is(http.StatusOK) })
		}
		all.Wait()
		read := s.Get(path).Is(http.StatusOK)
		var age, version int
		err := s.DB.Conn(t.Context()).QueryRow(t.Context(), "SELECT age, version FROM users").Scan(&age, &version)
		require.NoError(t, err)
		require.Equal(t, []any{float64(age), float64(version)}, []any{read.JSON("age"), read.JSON("version")})
	}
}

// long makes a user whose answer is worth compressing.
func long(d *user.Draft) {
	d.Name = strings.TrimSpace(strings.Repeat("Ann Lee ", 12))
	d.Email = fmt.Sprintf("%060d@%scom", signedUp.Add(1), strings.Repeat(strings.Repeat("b", 60)+".", 3))
	for i := range 9 {
		d.Tags = append(d.Tags, string(rune('a'+i))+strings.Repeat("tag", 9))
	}
}

func TestALargeEntryIsKeptCompressedToo(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB, long)
	path := fmt.Sprintf("/users/%d", u.ID)
	plain := s.Get(path).Is(http.StatusOK)
	require.GreaterOrEqual(t, len(plain.Body), 1000)
	var tag string
	for range 2 {
		zipped := s.Get(path, "Accept-Encoding", "gzip").Is(http.StatusOK)
		assert.Equal(t, "gzip", zipped.Header.Get("Content-Encoding"))
		assert.Contains(t, zipped.Header.Values("Vary"), "Accept-Encoding")
		assert.Equal(t, strings.TrimSuffix(plain.ETag(), `"`)+`-gzip"`, zipped.ETag())
		assert.Equal(t, cache.Entry{Body: plain.Body}.Gzip(), zipped.Body, "as it is kept, not as answers are compressed")
		z, err := gzip.NewReader(bytes.NewReader(zipped.Body))
		require.NoError(t, err)
		body, err := io.ReadAll(z)
		require.NoError(t, err)
		assert.Equal(t, string(plain.Body), string(body))
		tag = zipped.ETag()
	}
	for _, accepted := range []string{"", "gzip;q=0", "br"} {
		again := s.Get(path, "Accept-Encoding", accepted).Is(http.StatusOK)
		assert.Equal(t, plain.ETag(), again.ETag())
		assert.Equal(t, string(plain.Body), string(again.Body))
	}
	unchanged := s.Get(path, "Accept-Encoding", "gzip", "If-None-Match", tag).Is(http.StatusNotModified)
	assert.Equal(t, tag, unchanged.ETag())
}
