package httpapi_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/testkit"
)

// faultyBatch is a batch of 1,000 of which the ten at 0, 100, … 900 are bad: five by themselves, five by their
// e-mail address.
func faultyBatch(taken string) []any {
	items := make([]any, 1000)
	for i := range items {
		items[i] = person(object{"email": fmt.Sprintf("batch.%d@example.com", i)})
	}
	items[0] = person(object{"name": "x1", "age": 5})
	items[100] = "Ann"
	items[200] = nil
	items[300] = object{}
	items[400] = person(object{"address": home(object{"country": "GB"}), "extra": 1})
	items[500] = person(object{"email": taken})
	items[600] = person(object{"email": "BATCH.599@example.com"})
	items[700] = person(object{"email": "batch.1@EXAMPLE.com"})
	items[800] = person(object{"email": "batch.799@example.com"})
	items[900] = person(object{"email": taken})
	return items
}

func TestABatchEachOnItsOwn(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	taken := testkit.User(t, s.DB)
	answer := s.Post("/users/batch", object{"users": faultyBatch(taken.Email)}).Is(http.StatusOK)
	assert.Equal(t, "Created 990 of 1000 users", answer.JSON("message"))
	assert.Equal(t, 991, count(t, s.DB, "users"))

	var batch struct{ Data api.UserBatchResults }
	answer.Into(&batch)
	require.Len(t, batch.Data.Results, 1000)
	for i, r := range batch.Data.Results {
		require.EqualValues(t, i, r.Index)
		switch {
		case i%100 != 0:
			require.EqualValues(t, http.StatusCreated, r.Status)
			require.Nil(t, r.Problem)
			require.Equal(t, fmt.Sprintf("batch.%d@example.com", i), r.User.Email, "results stand in the order of the items")
		case i < 500:
			require.EqualValues(t, http.StatusUnprocessableEntity, r.Status)
			require.Nil(t, r.User)
		default:
			require.EqualValues(t, http.StatusConflict, r.Status)
			require.Nil(t, r.User)
			require.Equal(t, "/email", *(*r.Problem.Errors)[0].Pointer)
		}
	}
	first := batch.Data.Results[0].Problem
	assert.Equal(t, "/users/batch#/users/0", first.Instance)
	assert.Equal(t, answer.Header.Get("X-Request-Id"), first.RequestID)
	pointers := []string{}
	for _, e := range *first.Errors {
		pointers = append(pointers, *e.Pointer+": "+e.Detail)
	}
	assert.Equal(t, []string{"/name: Name cannot contain numbers", "/age: must be at least 13"}, pointers)
	s.Get(fmt.Sprintf("/users/%d", batch.Data.Results[999].User.ID)).Is(http.StatusOK)
}

func TestAnAtomicBatch(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	taken := testkit.User(t, s.DB)
	t.Run("makes none if one is faulty, and names all faults", func(t *testing.T) {
		answer := s.Post("/users/batch", object{"users": faultyBatch(taken.Email), "atomic": true}).Is(http.StatusUnprocessableEntity)
		assert.Equal(t, "10 of 1000 users are faulty; none was created", answer.JSON("detail"))
		assert.Equal(t, []string{
			"/users/0/name: Name cannot contain numbers", "/users/0/age: must be at least 13",
			"/users/100: must be an object", "/users/200: must not be null",
			"/users/300/name: is required", "/users/300/email: is required", "/users/300/age: is required",
			"/users/400/address/country: Only North American addresses supported", "/users/400/extra: is not a known field",
			"/users/500/email: is already taken", "/users/600/email: is already taken", "/users/700/email: is already taken",
			"/users/800/email: is already taken", "/users/900/email: is already taken",
		}, answer.Faults())
		assert.Equal(t, 1, count(t, s.DB, "users"))
		assert.Equal(t, 0, count(t, s.DB, "addresses"))
	})
	t.Run("is a conflict when e-mail addresses in use are all there is to say", func(t *testing.T) {
		answer := s.Post("/users/batch", object{"atomic": true, "users": []any{person(), person(object{"email": taken.Email})}}).Is(http.StatusConflict)
		assert.Equal(t, []string{"/users/1/email: is already taken"}, answer.Faults())
		assert.Equal(t, 1, count(t, s.DB, "users"))
	})
	t.Run("makes all if none is", func(t *testing.T) {
		answer := s.Post("/users/batch", object{"atomic": true, "users": []any{
			person(object{"address": home()}), person(object{"age": 15, "tags": []string{"A", "a"}, "name": "bo EK"}),
		}}).Is(http.StatusOK)
		assert.Equal(t, "Created 2 of 2 users", answer.JSON("message"))
		assert.Equal(t, []any{"a", "minor"}, answer.JSON("data", "results", 1, "user", "tags"))
		assert.Equal(t, "Bo Ek", answer.JSON("data", "results", 1, "user", "name"))
		assert.Equal(t, 3, count(t, s.DB, "users"))
		assert.Equal(t, 1, count(t, s.DB, "addresses"))
	})
}

func TestABatchOfTheWrongShape(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	many := make([]any, 1001)
	for i := range many {
		many[i] = object{}
	}
	for what, row := range map[string]struct {
		body   any
		status int
		faults []string
	}{
		"1,001 items":         {object{"users": many}, 422, []string{"/users: must have at most 1000 items"}},
		"no item":             {object{"users": []any{}}, 422, []string{"/users: must have at least 1 item"}},
		"no list":             {object{"users": object{}}, 422, []string{"/users: must be an array"}},
		"no users":            {object{"atomic": false}, 422, []string{"/users: is required"}},
		"a list alone":        {[]any{person()}, 422, []string{": must be an object"}},
		"atomic as a text":    {object{"users": []any{person()}, "atomic": "yes"}, 422, []string{"/atomic: must be true or false"}},
		"another field":       {object{"users": []any{person()}, "all": 1}, 422, []string{"/all: is not a known field"}},
		"a repeated key":      {`{"users":[],"users":[]}`, 400, nil},
		"a repeat in an item": {`{"users":[{"age":1,"age":2}]}`, 400, nil},
	} {
		t.Run(what+" is refused", func(t *testing.T) {
			answer := s.In(t).Post("/users/batch", row.body).Is(row.status)
			if row.faults != nil {
				assert.Equal(t, row.faults, answer.Faults())
			}
			assert.Zero(t, count(t, s.DB, "users"))
		})
	}
}

func TestItemsThatAreNoObjectsHaveAnswersOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	answer := s.Post("/users/batch", object{"users": []any{1, "x", []any{}, true, nil, person(object{"status": "inactive"})}}).Is(http.StatusOK)
	for i := range 5 {
		assert.EqualValues(t, http.StatusUnprocessableEntity, answer.JSON("data", "results", i, "status"))
	}
	assert.EqualValues(t, http.StatusCreated, answer.JSON("data", "results", 5, "status"))
	assert.Equal(t, "inactive", answer.JSON("data", "results", 5, "user", "status"))
	assert.Equal(t, 1, count(t, s.DB, "users"))
}

// A row that only the database refuses must not cost the others their answer.
func TestARowThatTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	execute(t, s.DB, "ALTER TABLE users ADD CONSTRAINT users_name_taste_check CHECK (name <> 'Tasteless')")
	items := []any{person(), person(object{"name": "tasteless", "address": home()}), person(object{"address": home()})}

	answer := s.Post("/users/batch", object{"users": items}).Is(http.StatusOK)
	for i, status := range []int{201, 422, 201} {
		assert.EqualValues(t, status, answer.JSON("data", "results", i, "status"))
	}
	assert.Equal(t, "/name", answer.JSON("data", "results", 1, "problem", "errors", 0, "pointer"))
	assert.Equal(t, 2, count(t, s.DB, "users"))
	assert.Equal(t, 1, count(t, s.DB, "addresses"))

	s.Post("/users/batch", object{"users": []any{person(), items[1]}, "atomic": true}).Is(http.StatusUnprocessableEntity)
	assert.Equal(t, 2, count(t, s.DB, "users"))
}

func TestABatchTakesOneStatementPerHundredRows(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	execute(t, s.DB, `CREATE TABLE statements (id int GENERATED ALWAYS AS IDENTITY)`)
	execute(t, s.DB, `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN INSERT INTO statements DEFAULT VALUES; RETURN NULL; END $$`)
	execute(t, s.DB, `CREATE TRIGGER note AFTER INSERT ON users FOR EACH STATEMENT EXECUTE FUNCTION note()`)
	items := make([]any, 250)
	for i := range items {
		items[i] = person()
	}
	s.Post("/users/batch", object{"users": items}).Is(http.StatusOK)
	assert.Equal(t, 3, count(t, s.DB, "statements"))
}
