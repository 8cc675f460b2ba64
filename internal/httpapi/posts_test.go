package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/testkit"
)

func addressPath(a address.Address) string {
	return fmt.Sprintf("/users/%d/addresses/%d", a.UserID, a.ID)
}

func TestAPostFromBirthToDeath(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	testkit.User(t, s.DB)
	testkit.User(t, s.DB)
	content := " \t\r\n é e\u0301 <b>&amp;</b> \u2028 🏛 \n\n"
	made := s.Post("/users/1/posts", object{"title": "  Hello ", "content": content}).Is(http.StatusCreated)
	assert.Equal(t, "/posts/1", made.Header.Get("Location"))
	assert.Equal(t, "Post created", made.JSON("message"))
	assert.Equal(t, object{
		"id": 1.0, "author_id": 1.0, "author": object{"id": 1.0, "name": "Ann Lee"},
		"title": "Hello", "content": content, "version": 1.0, "created_at": made.JSON("data", "created_at"), "updated_at": nil,
	}, made.JSON("data"))
	read := s.Get("/posts/1").Is(http.StatusOK)
	assert.Equal(t, made.JSON("data"), read.JSON())
	assert.Equal(t, made.ETag(), read.ETag())
	s.Get("/posts/1", "If-None-Match", read.ETag()).Is(http.StatusNotModified)

	t.Run("carries its author's name of today", func(t *testing.T) {
		s.Patch("/users/1", "*", object{"name": "bo ek"}).Is(http.StatusOK)
		renamed := s.Get("/posts/1").Is(http.StatusOK)
		assert.Equal(t, "Bo Ek", renamed.JSON("author", "name"))
		assert.NotEqual(t, read.ETag(), renamed.ETag(), "another representation, another tag")
		assert.Equal(t, "Bo Ek", s.Get("/posts").JSON("data", "items", 0, "author", "name"))
	})
	t.Run("changes by merge patch", func(t *testing.T) {
		changed := s.Patch("/users/1/posts/1", read.ETag(), object{"title": "Again"}).Is(http.StatusOK)
		assert.Equal(t, "Post updated", changed.JSON("message"))
		assert.Equal(t, "Again", changed.JSON("data", "title"))
		assert.Equal(t, content, changed.JSON("data", "content"))
		assert.Equal(t, "Bo Ek", changed.JSON("data", "author", "name"))
		assert.EqualValues(t, 2, changed.JSON("data", "version"))
		assert.Equal(t, changed.ETag(), s.Get("/posts/1").ETag())
		s.Patch("/users/1/posts/1", read.ETag(), object{"title": "Lost"}).Is(http.StatusPreconditionFailed)
		s.Patch("/users/1/posts/1", "*", object{"title": nil}).Is(http.StatusUnprocessableEntity)
		s.Patch("/users/1/posts/1", "*", object{"author_id": 2}).Is(http.StatusUnprocessableEntity)
		assert.Equal(t, " ", s.Patch("/users/1/posts/1", "*", object{"content": " "}).Is(http.StatusOK).JSON("data", "content"))
	})
	t.Run("is nobody else's to write", func(t *testing.T) {
		s.Patch("/users/2/posts/1", "*", object{}).Is(http.StatusNotFound)
		s.Delete("/users/2/posts/1").Is(http.StatusNotFound)
	})
	t.Run("is hidden while its author is deleted", func(t *testing.T) {
		s.Delete("/users/1").Is(http.StatusNoContent)
		s.Get("/posts/1").Is(http.StatusNotFound)
		s.Get("/users/1/posts").Is(http.StatusNotFound)
		assert.Empty(t, ids(t, s.Get("/posts")))
		s.Patch("/users/1/posts/1", "*", object{}).Is(http.StatusNotFound)
		s.Post("/users/1/posts", object{"title": "a", "content": "b"}).Is(http.StatusNotFound)
		s.Post("/users/1/restore", nil).Is(http.StatusOK)
		s.Get("/posts/1").Is(http.StatusOK)
	})
	t.Run("disappears when it is deleted, and its row stays", func(t *testing.T) {
		s.Delete("/users/1/posts/1", "If-Match", read.ETag()).Is(http.StatusPreconditionFailed)
		s.Delete("/users/1/posts/1", "If-Match", s.Get("/posts/1").ETag()).Is(http.StatusNoContent)
		s.Get("/posts/1").Is(http.StatusNotFound)
		assert.Empty(t, ids(t, s.Get("/posts")))
		assert.Empty(t, ids(t, s.Get("/users/1/posts")))
		s.Delete("/users/1/posts/1").Is(http.StatusNotFound)
		assert.Equal(t, 1, count(t, s.DB, "posts"))
	})
}

func TestValuesOfAPost(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	testkit.User(t, s.DB)
	long := strings.Repeat("🏛", 100_000)
	assert.Equal(t, long, s.Post("/users/1/posts", object{"title": strings.Repeat("é", 200), "content": long}).Is(201).JSON("data", "content"))
	for what, row := range map[string]struct {
		sent   object
		faults []string
	}{
		"too long":  {object{"title": strings.Repeat("é", 201), "content": long + "x"}, []string{"/title: must have at most 200 characters", "/content: must have at most 100000 characters"}},
		"too short": {object{"title": " \n", "content": ""}, []string{"/title: must have at least 1 character", "/content: must have at least 1 character"}},
		"missing":   {object{}, []string{"/title: is required", "/content: is required"}},
		"no text":   {object{"title": 1, "content": []string{}}, []string{"/title: must be a string", "/content: must be a string"}},
	} {
		t.Run("what is "+what+" is refused", func(t *testing.T) {
			assert.Equal(t, row.faults, s.In(t).Post("/users/1/posts", row.sent).Is(http.StatusUnprocessableEntity).Faults())
			assert.Equal(t, 1, count(t, s.DB, "posts"))
		})
	}
	s.Post("/users/2/posts", object{"title": "a", "content": "b"}).Is(http.StatusNotFound)
}

func TestListsOfPosts(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	ann, bo := testkit.User(t, s.DB), testkit.User(t, s.DB)
	var anns, all []int64
	for i := range 25 {
		author := ann.ID
		if i%5 == 4 {
			author = bo.ID
		}
		p := testkit.Post(t, s.DB, author)
		all = append(all, p.ID)
		if author == ann.ID {
			anns = append(anns, p.ID)
		}
	}
	execute(t, s.DB, "UPDATE posts SET created_at = date_trunc('day', created_at) + (id / 4) * interval '1 s'")
	slices.Reverse(all)
	slices.Reverse(anns)
	for path, want := range map[string][]int64{"/posts": all, "/users/1/posts": anns} {
		t.Run(path+" is the newest first", func(t *testing.T) {
			t.Parallel()
			c := s.In(t)
			first := c.Get(path)
			assert.Equal(t, want[:20], ids(t, first))
			assert.Equal(t, fmt.Sprintf("Retrieved %d posts", min(len(want), 20)), first.JSON("message"))
			assert.EqualValues(t, len(want), first.JSON("data", "total"))
			assert.Equal(t, want[14:min(21, len(want))], ids(t, c.Get(path+"?size=7&page=3")))
			for _, size := range []string{"1", "4", "100"} {
				assert.Equal(t, want, walk(t, c, path+"?size="+size, func() {}))
			}
			c.Get(path + "?page=101&size=100").Is(http.StatusUnprocessableEntity)
		})
	}
	s.Get("/users/3/posts").Is(http.StatusNotFound)
}

func TestAUserWithPosts(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	ann := testkit.User(t, s.DB)
	assert.Empty(t, s.Get("/users/1?include=posts").Is(http.StatusOK).JSON("posts"))
	assert.NotNil(t, s.Get("/users/1?include=posts").JSON("posts"), "no posts are an empty list")
	assert.Nil(t, s.Get("/users/1").Is(http.StatusOK).JSON("posts"))
	for i := range 25 {
		testkit.Post(t, s.DB, ann.ID, func(d *post.Draft) { d.Title = fmt.Sprintf("Post %d", i+1) })
	}
	testkit.Post(t, s.DB, testkit.User(t, s.DB).ID)
	s.Delete("/users/1/posts/25").Is(http.StatusNoContent)
	s.Patch("/users/1/posts/24", "*", object{"title": "Changed"}).Is(http.StatusOK)

	whole := s.Get("/users/1?include=posts").Is(http.StatusOK)
	posts, _ := whole.JSON("posts").([]any)
	assert.Len(t, posts, 20)
	assert.Equal(t, s.Get("/posts/24").JSON(), posts[0], "each as it is read alone")
	assert.EqualValues(t, 5, whole.JSON("posts", 19, "id"))
	assert.Equal(t, ann.Email, whole.JSON("email"))
	s.Get("/users/1?include=posts", "If-None-Match", whole.ETag()).Is(http.StatusNotModified)
	s.Get("/users/9?include=posts").Is(http.StatusNotFound)
	s.Get("/users/1?include=addresses").Is(http.StatusUnprocessableEntity)

	t.Run("in one statement", func(t *testing.T) {
		before := s.DB.Stat().AcquireCount()
		s.Get("/users/1?include=posts").Is(http.StatusOK)
		assert.EqualValues(t, 1, s.DB.Stat().AcquireCount()-before, "a statement outside a transaction takes a connection")
	})
}
