package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

func TestChangingAUser(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	s.Post("/users", object{"name": "Ann Lee", "email": "ann@example.com", "age": 34, "tags": []string{"go"}}).Is(201)
	read := s.Get("/users/1").Is(http.StatusOK)

	changed := s.Patch("/users/1", read.ETag(), object{"name": "BO ek", "tags": []string{"X", "x", "y"}}).Is(http.StatusOK)
	assert.Equal(t, "User updated", changed.JSON("message"))
	assert.Equal(t, "Bo Ek", changed.JSON("data", "name"))
	assert.Equal(t, []any{"x", "y"}, changed.JSON("data", "tags"))
	assert.Equal(t, "ann@example.com", changed.JSON("data", "email"), "an absent field stays")
	assert.EqualValues(t, 34, changed.JSON("data", "age"))
	assert.EqualValues(t, 2, changed.JSON("data", "version"))
	assert.NotNil(t, changed.JSON("data", "updated_at"))
	assert.Equal(t, read.JSON("created_at"), changed.JSON("data", "created_at"))
	again := s.Get("/users/1").Is(http.StatusOK)
	assert.Equal(t, changed.ETag(), again.ETag())
	assert.Equal(t, changed.JSON("data"), again.JSON())

	t.Run("counts a change of nothing as a change", func(t *testing.T) {
		assert.EqualValues(t, 3, s.Patch("/users/1", changed.ETag(), object{}).Is(http.StatusOK).JSON("data", "version"))
	})
	t.Run("takes either media type of a merge patch", func(t *testing.T) {
		for _, mediaType := range []string{"application/json", "application/merge-patch+json; charset=utf-8"} {
			s.Patch("/users/1", "*", object{"age": 35}, "Content-Type", mediaType).Is(http.StatusOK)
		}
	})
	t.Run("refuses null, other fields and the server's own", func(t *testing.T) {
		answer := s.Patch("/users/1", "*", `{"name":null,"tags":null,"id":7,"version":9,"address":{}}`).Is(http.StatusUnprocessableEntity)
		assert.Equal(t, []string{
			"/name: must not be null", "/tags: must not be null",
			"/address: is not a known field", "/id: is not a known field", "/version: is not a known field",
		}, answer.Faults())
		s.Patch("/users/1", "*", `[]`).Is(http.StatusUnprocessableEntity)
	})
	t.Run("refuses another's e-mail address and takes its own in another case", func(t *testing.T) {
		other := testkit.User(t, s.DB)
		assert.Equal(t, []string{"/email: is already taken"},
			s.Patch("/users/1", "*", object{"email": strings.ToUpper(other.Email)}).Is(http.StatusConflict).Faults())
		s.Patch("/users/1", "*", object{"email": "ANN@example.com"}).Is(http.StatusOK)
	})
}

func TestMinorFollowsTheRule(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	made := s.Post("/users", person(object{"age": 17, "tags": []string{"b", "a"}})).Is(http.StatusCreated)
	path := made.Header.Get("Location")
	assert.Equal(t, []any{"b", "a", "minor"}, made.JSON("data", "tags"))
	for _, step := range []struct {
		patch object
		tags  []any
	}{
		{object{"name": "Bo"}, []any{"b", "a", "minor"}},
		{object{"status": "inactive"}, []any{"b", "a"}},
		{object{"status": "active"}, []any{"b", "a", "minor"}},
		{object{"tags": []string{"c"}}, []any{"c", "minor"}},
		{object{"status": "suspended"}, []any{"c"}},
		{object{"status": "active", "age": 18}, []any{"c"}},
		{object{"age": 16}, []any{"c", "minor"}},
		{object{"tags": []string{"minor"}, "age": 18}, []any{}},
		{object{"age": 17, "tags": []string{}}, []any{"minor"}},
		{object{"age": 18}, []any{}},
	} {
		assert.Equal(t, step.tags, s.Patch(path, "*", step.patch).Is(http.StatusOK).JSON("data", "tags"), "%v", step.patch)
		minors := s.Get("/users?tag=minor").Is(http.StatusOK).JSON("data", "total")
		listed := len(step.tags) > 0 && step.tags[len(step.tags)-1] == "minor"
		assert.Equal(t, listed, minors == 1.0, "listed by the tag after %v", step.patch)
	}
	ten := strings.Split("a b c d e f g h i j", " ")
	assert.Len(t, s.Patch(path, "*", object{"age": 17, "tags": ten}).Is(http.StatusOK).JSON("data", "tags"), 11)
}

func TestIfMatch(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB)
	path := fmt.Sprintf("/users/%d", u.ID)
	old := s.Get(path).ETag()
	current := s.Patch(path, old, object{"age": 40}).Is(http.StatusOK).ETag()
	for match, status := range map[string]int{
		old: 412, "W/" + current: 412, `"2"`: 200, `"2-anything"`: 200, `"x"`: 412, `"", "y"`: 412, `"-1-x"`: 412,
		`"9223372036854775808-x"`: 412, old + ", " + current: 200, current: 200, "*": 200, " * ": 200,
		"2": 422, `"2`: 422, `2-ab"`: 422, `*, "2"`: 422, ",": 422,
	} {
		t.Run(match+" is understood", func(t *testing.T) {
			// What passes the precondition fails on the body, so that the version stays.
			answer := s.In(t).Patch(path, match, object{"email": testkit.User(t, s.DB).Email})
			if status == http.StatusOK {
				status = http.StatusConflict
			}
			answer.Is(status)
		})
	}
	t.Run("several lines are one list", func(t *testing.T) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, s.URL+path, nil)
		require.NoError(t, err)
		r.Header["If-Match"] = []string{old, current}
		s.In(t).Do(r).Is(http.StatusNoContent)
	})
	t.Run("an empty one is no list", func(t *testing.T) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, s.URL+"/users/2", nil)
		require.NoError(t, err)
		r.Header["If-Match"] = []string{""}
		assert.Equal(t, http.StatusUnprocessableEntity, s.In(t).Do(r).Status)
	})
	assert.Zero(t, count(t, s.DB, "posts"))
}

func TestIfNoneMatch(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB)
	path := fmt.Sprintf("/users/%d", u.ID)
	tag := s.Get(path).ETag()
	for sent, status := range map[string]int{
		tag: 304, "W/" + tag: 304, `"a", ` + tag: 304, "*": 304,
		`"1-0000000000000000"`: 200, `"a"`: 200, "nonsense": 200, strings.Trim(tag, `"`): 200,
	} {
		answer := s.Get(path, "If-None-Match", sent).Is(status)
		assert.Equal(t, tag, answer.ETag())
	}
	s.Send(http.MethodHead, path, nil, "If-None-Match", tag).Is(http.StatusNotModified)
	withPosts := s.Get(path + "?include=posts").Is(http.StatusOK)
	assert.NotEqual(t, tag, withPosts.ETag(), "another representation, another tag")
	s.Get(path+"?include=posts", "If-None-Match", tag).Is(http.StatusOK)
}

func TestDeletingAndRestoringAUser(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB, func(d *user.Draft) { d.Tags = []string{"climbing"} })
	testkit.Address(t, s.DB, u.ID)
	testkit.Post(t, s.DB, u.ID)
	path := fmt.Sprintf("/users/%d", u.ID)
	tag := s.Get(path).ETag()

	s.Delete(path, "If-Match", `"7-x"`).Is(http.StatusPreconditionFailed)
	gone := s.Delete(path, "If-Match", tag).Is(http.StatusNoContent)
	assert.Empty(t, gone.Body)
	t.Run("a deleted user disappears from every read, and the row stays", func(t *testing.T) {
		for _, hidden := range []string{path, path + "?include=posts", path + "/addresses", path + "/addresses/1", path + "/posts", "/posts/1"} {
			s.Get(hidden).Is(http.StatusNotFound)
		}
		for _, list := range []string{"/users", "/users?tag=climbing", "/users?q=ann", "/users?q=ann@", "/users?status=active", "/users?sort=created_at", "/posts"} {
			assert.Empty(t, s.Get(list).Is(http.StatusOK).JSON("data", "items"), list)
		}
		s.Patch(path, "*", object{"age": 50}).Is(http.StatusNotFound)
		s.Delete(path).Is(http.StatusNotFound)
		assert.Equal(t, 1, count(t, s.DB, "users"))
	})
	t.Run("the e-mail address is free, and a restore meets whoever took it", func(t *testing.T) {
		taker := s.Post("/users", person(object{"email": strings.ToUpper(u.Email)})).Is(http.StatusCreated)
		assert.Equal(t, []string{"/email: is already taken"}, s.Post(path+"/restore", nil).Is(http.StatusConflict).Faults())
		s.Delete(taker.Header.Get("Location")).Is(http.StatusNoContent)
	})
	t.Run("a restore brings everything back, once", func(t *testing.T) {
		restored := s.Post(path+"/restore", nil).Is(http.StatusOK)
		assert.Equal(t, "User restored", restored.JSON("message"))
		assert.EqualValues(t, 3, restored.JSON("data", "version"))
		assert.Equal(t, restored.ETag(), s.Get(path).Is(http.StatusOK).ETag())
		again := s.Post(path+"/restore", nil).Is(http.StatusOK)
		assert.Equal(t, restored.ETag(), again.ETag(), "a second restore changes nothing")
		s.Get(path + "/addresses/1").Is(http.StatusOK)
		s.Get("/posts/1").Is(http.StatusOK)
		assert.Len(t, s.Get("/users?tag=climbing").Is(http.StatusOK).JSON("data", "items"), 1)
		s.Patch(path, tag, object{}).Is(http.StatusPreconditionFailed)
	})
	s.Post("/users/999/restore", nil).Is(http.StatusNotFound)
}
