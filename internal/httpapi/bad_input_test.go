package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/testkit"
)

func TestBodiesThatCannotBeParsed(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	good := `"name":"Ann Lee","email":"ann@example.com","age":34`
	for what, body := range map[string]string{
		"no JSON":                             `name=Ann`,
		"nothing":                             ``,
		"white space":                         " \n",
		"half a document":                     `{"name":"Ann Lee","email":`,
		"half a text":                         `{"name":"Ann`,
		"more after the end":                  `{` + good + `} {}`,
		"a comma too many":                    `{` + good + `,}`,
		"a comment":                           `{` + good + `} // Ann`,
		"single quotes":                       `{'name':'Ann'}`,
		"a byte order mark":                   "\ufeff{" + good + `}`,
		"a repeated key":                      `{` + good + `,"age":35}`,
		"a repeated key, escaped":             `{` + good + `,"\u0061ge":35}`,
		"a repeated key further down":         `{` + good + `,"address":{"city":"a","city":"b"}}`,
		"30,000 levels of lists":              strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000),
		"10,000 levels of objects":            strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000),
		"60,000 levels that are never closed": strings.Repeat("[", 60_000),
		"NUL":                                 `{"name":"Ann\u0000Lee","email":"ann@example.com","age":34}`,
		"a raw NUL":                           "{\"name\":\"Ann\x00Lee\"}",
		"NUL in a key":                        `{"na\u0000me":"Ann"}`,
		"invalid UTF-8":                       "{\"name\":\"Ann \xff Lee\"}",
		"invalid UTF-8 in a key":              "{\"na\xc3me\":\"Ann\"}",
		"an overlong encoding":                "{\"name\":\"Ann \xc0\xaf\"}",
		"half a surrogate pair":               `{"name":"Ann \ud800 Lee"}`,
		"UTF-16":                              "\xff\xfe{\x00}\x00",
		"a control character":                 "{\"name\":\"Ann\x01\"}",
		"not a number":                        `{` + good[:len(good)-2] + `NaN}`,
		"a leading zero":                      `{` + good[:len(good)-2] + `034}`,
	} {
		t.Run(what+" answers 400", func(t *testing.T) {
			answer := s.In(t).Post("/users", body).Is(http.StatusBadRequest)
			assert.Equal(t, "urn:plaza:problem:malformed", answer.JSON("type"))
			assert.NotEmpty(t, answer.JSON("detail"))
			s.In(t).Post("/users/batch", body).Is(http.StatusBadRequest)
			assert.Zero(t, count(t, s.DB, "users"))
		})
	}
	t.Run("100,000 levels where so much may be sent", func(t *testing.T) {
		for _, body := range []string{
			strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
			`{"users":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
			`{"users":[` + strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000) + `]}`,
		} {
			s.In(t).Post("/users/batch", body).Is(http.StatusBadRequest)
		}
	})
}

func TestBodiesThatAreNotAllowed(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	const missing = "/name: is required|/email: is required|/age: is required"
	for body, faults := range map[string]string{
		`null`: ": must not be null", `[]`: ": must be an object", `"Ann"`: ": must be an object", `1`: ": must be an object",
		`{}`: missing, `{"Name":"Ann"}`: missing + "|/Name: is not a known field",
		`{"name":1,"email":true,"age":{}}`:                                            "/name: must be a string|/email: must be a string|/age: must be an integer",
		`{"name":null,"email":null,"age":null}`:                                       "/name: must not be null|/email: must not be null|/age: must not be null",
		`{"name":"Ann","email":"a@b.io","age":1e2}`:                                   "/age: must be an integer",
		`{"name":"Ann","email":"a@b.io","age":-1}`:                                    "/age: must be at least 13",
		`{"name":"Ann","email":"a@b.io","age":1e400}`:                                 "/age: must be an integer",
		`{"name":"Ann","email":"a@b.io","age":34,"a~/b":1}`:                           "/a~0~1b: is not a known field",
		`{"name":"Ann","email":"a@b.io","age":9223372036854775808}`:                   "/age: must be at most 120",
		`{"name":"Ann","email":"a@b.io","age":-9223372036854775809}`:                  "/age: must be at least 13",
		`{"name":"Ann","email":"a@b.io","age":34,"id":1,"version":1,"is_adult":true}`: "/id: is not a known field|/is_adult: is not a known field|/version: is not a known field",
		`{"name":"Ann","email":"a@b.io","age":34,"address":[]}`:                       "/address: must be an object",
		`{"name":"Ann","email":"a@b.io","age":34,"address":{"x":1}}`:                  "/address/street: is required|/address/city: is required|/address/country: is required|/address/postal_code: is required|/address/x: is not a known field",
		`{"name":"Ann","email":"a@b.io","age":34,"tags":{"0":"a"},"status":1}`:        "/status: must be one of active, inactive, suspended|/tags: must be an array",
	} {
		t.Run(body+" names its faults", func(t *testing.T) {
			found := s.In(t).Post("/users", body).Is(http.StatusUnprocessableEntity).Faults()
			assert.Equal(t, faults, strings.Join(found, "|"))
			assert.Zero(t, count(t, s.DB, "users"))
		})
	}
	t.Run("a thousand unknown fields are bounded", func(t *testing.T) {
		body := object{}
		for i := range 3000 {
			body[fmt.Sprintf("f%d", i)] = i
		}
		answer := s.In(t).Post("/users", body).Is(http.StatusUnprocessableEntity)
		assert.Less(t, len(answer.Body), 1<<20)
	})
}

func TestIDsThatAreNone(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	testkit.User(t, s.DB)
	for id, detail := range map[string]string{
		"abc": "must be an integer", "1.0": "must be an integer", "1e3": "must be an integer", "0x1": "must be an integer",
		"+1": "must be an integer", "01": "must be an integer", "%201": "must be an integer", "1,2": "must be an integer",
		"0": "must be at least 1", "-1": "must be at least 1", "-9223372036854775809": "must be at least 1",
		"9007199254740992":    "must be at most 9007199254740991",
		"9223372036854775807": "must be at most 9007199254740991", "9223372036854775808": "must be at most 9007199254740991",
		strings.Repeat("9", 400): "must be at most 9007199254740991",
	} {
		t.Run(id+" is no id", func(t *testing.T) {
			t.Parallel()
			c := s.In(t)
			for _, path := range []string{"/users/" + id, "/users/" + id + "/posts", "/users/" + id + "/addresses"} {
				assert.Equal(t, []string{"path user_id: " + detail}, c.Get(path).Is(http.StatusUnprocessableEntity).Faults())
			}
			assert.Equal(t, []string{"path post_id: " + detail}, c.Get("/posts/"+id).Is(http.StatusUnprocessableEntity).Faults())
			assert.Equal(t, []string{"path user_id: " + detail, "path address_id: " + detail},
				c.Delete("/users/"+id+"/addresses/"+id).Is(http.StatusUnprocessableEntity).Faults())
			assert.Equal(t, []string{"path user_id: " + detail, "header If-Match: is required", "/age: must be at least 13"},
				c.Patch("/users/"+id, "", object{"age": 1}).Is(http.StatusPreconditionRequired).Faults())
		})
	}
	s.Get("/users/9007199254740991").Is(http.StatusNotFound)
	s.Get("/users/1").Is(http.StatusOK)
}

func TestQueriesThatCannotBeParsed(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	for _, query := range []string{"q=%", "q=%zz", "q=%ff", "q=a%00b", "%00=1", "q=a;b=c", "tag=%c3", "cursor=%00"} {
		s.Get("/users?" + query).Is(http.StatusBadRequest)
	}
	for _, query := range []string{"page=1%20", "page=+1", "page=1e1", "size=0x10", "Page=1", "page%5B%5D=1", "q=" + strings.Repeat("x", 255)} {
		assert.Len(t, s.Get("/users?"+query).Is(http.StatusUnprocessableEntity).Faults(), 1, query)
	}
}

func TestWhoeverSendsAMillionFaultsIsToldOfAHundred(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	unknown := map[string]any{}
	for i := range 5000 {
		unknown[fmt.Sprintf("u%d", i)] = 1
	}
	assert.LessOrEqual(t, len(s.Post("/users", unknown).Is(http.StatusUnprocessableEntity).Faults()), 101)
	tags := map[string]any{"name": "Ann Lee", "email": "ann@example.com", "age": 34, "tags": make([]int, 20_000)}
	faults := s.Post("/users", tags).Is(http.StatusUnprocessableEntity).Faults()
	assert.LessOrEqual(t, len(faults), 13, "one for the length, and twelve items")
	assert.Contains(t, faults, "/tags: must have at most 11 items")
	batch := s.Post("/users/batch", map[string]any{"users": []any{unknown, tags}}).Is(http.StatusOK)
	for i := range 2 {
		problems, _ := batch.JSON("data", "results", i, "problem", "errors").([]any)
		assert.Len(t, problems[:min(len(problems), 13)], 13, "item %d", i)
		assert.LessOrEqual(t, len(problems), 20, "item %d", i)
	}
}

func TestANameMustBeSeen(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	for _, name := range []string{"\u200b\u200b", "\ufeff\u2060", "\u202e\u2066", "\u0007\u001f", "\u00a0\u3000", "\u200bA"} {
		body := map[string]any{"name": name, "email": "ann@example.com", "age": 34}
		assert.Equal(t, []string{"/name: must have at least 2 characters"},
			s.Post("/users", body).Is(http.StatusUnprocessableEntity).Faults(), "%+q", name)
	}
	seen := s.Post("/users", map[string]any{"name": "\u202eann\u0007", "email": "ann@example.com", "age": 34})
	assert.Equal(t, "Ann", seen.Is(http.StatusCreated).JSON("data", "name"))
}
