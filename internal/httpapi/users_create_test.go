package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
)

func TestSigningUp(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	before := time.Now()
	made := s.Post("/users", object{
		"name": "  o'neil mc-donald ", "email": " Oneil@Example.COM\t", "age": 51, "tags": []string{" Go", "go", "B_1 "},
	}).Is(http.StatusCreated)

	t.Run("answers with the user in the envelope", func(t *testing.T) {
		assert.Equal(t, true, made.JSON("success"))
		assert.Equal(t, "User created", made.JSON("message"))
		assert.Equal(t, object{
			"id": 1.0, "name": "O'Neil Mc-Donald", "email": "Oneil@Example.COM", "age": 51.0, "status": "active",
			"tags": []any{"go", "b_1"}, "is_adult": true, "role": "member", "display_name": "O'Neil Mc-Donald (Oneil@Example.COM)",
			"version": 1.0, "created_at": made.JSON("data", "created_at"), "updated_at": nil,
		}, made.JSON("data"))
		for _, path := range [][]any{{"timestamp"}, {"data", "created_at"}} {
			text, _ := made.JSON(path...).(string)
			assert.True(t, strings.HasSuffix(text, "Z"), "%s is in UTC", text)
			instant, err := time.Parse(time.RFC3339, text)
			require.NoError(t, err)
			assert.WithinRange(t, instant, before.Add(-time.Second), time.Now().Add(time.Second))
		}
	})
	t.Run("tells where the user is and its tag", func(t *testing.T) {
		assert.Equal(t, "/users/1", made.Header.Get("Location"))
		read := s.Get("/users/1").Is(http.StatusOK)
		assert.Equal(t, made.JSON("data"), read.JSON(), "a read returns the resource itself")
		assert.Equal(t, made.ETag(), read.ETag())
		assert.Regexp(t, `^"1-[0-9a-f]{16}"$`, read.ETag())
	})
	t.Run("refuses an e-mail address in use, in whatever case", func(t *testing.T) {
		for _, email := range []string{"Oneil@Example.COM", "oneil@example.com", " ONEIL@example.com "} {
			answer := s.Post("/users", person(object{"email": email})).Is(http.StatusConflict)
			assert.Equal(t, []string{"/email: is already taken"}, answer.Faults())
		}
		assert.Equal(t, 1, count(t, s.DB, "users"))
	})
}

func TestValuesOfAUser(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	for _, row := range []struct {
		what   string
		sent   object
		field  string
		stored any
		faults []string
	}{
		{what: "name in capitals", sent: object{"name": "ANN LEE"}, field: "name", stored: "Ann Lee"},
		{what: "name with signs", sent: object{"name": "jean-luc o'neil d’arc"}, field: "name", stored: "Jean-Luc O'Neil D’Arc"},
		{what: "name with a combining mark that has a letter of its own", sent: object{"name": "e\u0301va be\u0301la"}, field: "name", stored: "Éva Béla"},
		{what: "name with a combining mark that has none", sent: object{"name": "x\u0302AN q\u0307U"}, field: "name", stored: "X\u0302an Q\u0307u"},
		{what: "name in Cyrillic", sent: object{"name": "иВАН"}, field: "name", stored: "Иван"},
		{what: "name of two characters", sent: object{"name": "李明"}, field: "name", stored: "李明"},
		{what: "name of 100 characters", sent: object{"name": strings.Repeat("é", 100)}, field: "name", stored: "É" + strings.Repeat("é", 99)},
		{what: "name of 200 code points that NFC makes 100", sent: object{"name": strings.Repeat("e\u0301", 100)}, field: "name", stored: "É" + strings.Repeat("é", 99)},
		{what: "name with a Roman numeral, which is no digit", sent: object{"name": "Henry Ⅷ"}, field: "name", stored: "Henry Ⅷ"},
		{what: "name of one character", sent: object{"name": " é "}, faults: []string{"/name: must have at least 2 characters"}},
		{what: "name of 101 characters", sent: object{"name": strings.Repeat("é", 101)}, faults: []string{"/name: must have at most 100 characters"}},
		{what: "name with a digit", sent: object{"name": "Ann 2"}, faults: []string{"/name: Name cannot contain numbers"}},
		{what: "name with an Arabic-Indic digit", sent: object{"name": "Ann ٣"}, faults: []string{"/name: Name cannot contain numbers"}},
		{what: "name with a Devanagari digit", sent: object{"name": "अनु ४"}, faults: []string{"/name: Name cannot contain numbers"}},
		{what: "name with a mathematical digit", sent: object{"name": "Ann 𝟗"}, faults: []string{"/name: Name cannot contain numbers"}},
		{what: "email with every sign", sent: object{"email": "A.b_c%d+e-f9@x-y.z.io"}, field: "email", stored: "A.b_c%d+e-f9@x-y.z.io"},
		{what: "email of 254 characters", sent: object{"email": strings.Repeat("a", 242) + "@example.com"}, field: "email", stored: strings.Repeat("a", 242) + "@example.com"},
		{what: "email of 255 characters", sent: object{"email": strings.Repeat("a", 243) + "@example.com"}, faults: []string{"/email: must have at most 254 characters"}},
		{what: "email without a host", sent: object{"email": "ann@"}, faults: []string{"/email: must be an e-mail address"}},
		{what: "email without a top-level domain", sent: object{"email": "ann@example"}, faults: []string{"/email: must be an e-mail address"}},
		{what: "email with letters that are not ASCII", sent: object{"email": "änn@example.com"}, faults: []string{"/email: must be an e-mail address"}},
		{what: "email with a line break inside", sent: object{"email": "a@example.com\nb"}, faults: []string{"/email: must be an e-mail address"}},
		{what: "age 13", sent: object{"age": 13}, field: "is_adult", stored: false},
		{what: "age 17", sent: object{"age": 17}, field: "is_adult", stored: false},
		{what: "age 18", sent: object{"age": 18}, field: "is_adult", stored: true},
		{what: "age 120", sent: object{"age": 120}, field: "age", stored: 120.0},
		{what: "age 34.0", sent: object{"age": 34.0}, field: "age", stored: 34.0},
		{what: "age 12", sent: object{"age": 12}, faults: []string{"/age: must be at least 13"}},
		{what: "age 121", sent: object{"age": 121}, faults: []string{"/age: must be at most 120"}},
		{what: "age 34.5", sent: object{"age": 34.5}, faults: []string{"/age: must be an integer"}},
		{what: "age as text", sent: object{"age": "34"}, faults: []string{"/age: must be an integer"}},
		{what: "status inactive", sent: object{"status": "inactive"}, field: "status", stored: "inactive"},
		{what: "status suspended", sent: object{"status": "suspended"}, field: "status", stored: "suspended"},
		{what: "status unknown", sent: object{"status": "asleep"}, faults: []string{"/status: must be one of active, inactive, suspended"}},
		{what: "status null", sent: object{"status": nil}, faults: []string{"/status: must not be null"}},
	} {
		t.Run(row.what+" is what it should be", func(t *testing.T) {
			t.Parallel()
			checkSignUp(t, s, row.sent, row.field, row.stored, row.faults)
		})
	}
}

func checkSignUp(t *testing.T, s *testkit.Server, sent object, field string, stored any, faults []string) {
	t.Helper()
	answer := s.In(t).Post("/users", person(sent))
	if faults != nil {
		assert.Equal(t, faults, answer.Is(http.StatusUnprocessableEntity).Faults())
		return
	}
	assert.Equal(t, stored, answer.Is(http.StatusCreated).JSON("data", field))
}

func TestTagsOfAUser(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	ten := make([]string, 10)
	for i := range ten {
		ten[i] = fmt.Sprintf("t%d", i)
	}
	own := []any{"t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9"}
	malformed := ": must be letters, digits and _, with at least one letter or digit"
	for _, row := range []struct {
		what   string
		age    int
		status string
		tags   any
		stored []any
		faults []string
	}{
		{what: "ten tags", tags: ten, stored: own},
		{what: "ten tags of a minor", age: 15, tags: ten, stored: append(own[:10:10], "minor")},
		{what: "ten tags and minor, which does not count", age: 15, tags: append([]string{"MINOR"}, ten...), stored: append(own[:10:10], "minor")},
		{what: "minor sent by an adult", tags: []string{"minor", "a"}, stored: []any{"a"}},
		{what: "a minor who is inactive", age: 15, status: "inactive", tags: []string{"a", "minor"}, stored: []any{"a"}},
		{what: "a minor who is suspended", age: 15, status: "suspended", tags: []string{}, stored: []any{}},
		{what: "other scripts", tags: []string{"ÉTÉ", "日本", "Привет"}, stored: []any{"été", "日本", "привет"}},
		{what: "repeats in other cases", tags: []string{"B", "a", "b", "A", "ÉTÉ", "e\u0301te\u0301"}, stored: []any{"b", "a", "été"}},
		{what: "fifty characters", tags: []string{strings.Repeat("é", 50)}, stored: []any{strings.Repeat("é", 50)}},
		{what: "eleven tags", tags: append([]string{"x"}, ten...), faults: []string{"/tags: must have at most 10 items"}},
		{what: "eleven tags with a repeat", tags: append([]string{"t0"}, ten...), faults: []string{"/tags: must have at most 10 items"}},
		{what: "underscores alone", tags: []string{"a", "__"}, faults: []string{"/tags/1" + malformed}},
		{what: "signs and blanks", tags: []string{"a b", "a-b", "a,b"}, faults: []string{"/tags/0" + malformed, "/tags/1" + malformed, "/tags/2" + malformed}},
		{what: "an empty tag", tags: []string{" "}, faults: []string{"/tags/0: must have at least 1 character", "/tags/0" + malformed}},
		{what: "a long tag", tags: []string{strings.Repeat("é", 51)}, faults: []string{"/tags/0: must have at most 50 characters"}},
		{what: "a number", tags: []any{1, "a"}, faults: []string{"/tags/0: must be a string"}},
		{what: "no list", tags: "a", faults: []string{"/tags: must be an array"}},
	} {
		t.Run(row.what+" is what it should be", func(t *testing.T) {
			t.Parallel()
			sent := object{"tags": row.tags}
			if row.age > 0 {
				sent["age"] = row.age
			}
			if row.status != "" {
				sent["status"] = row.status
			}
			checkSignUp(t, s, sent, "tags", any(row.stored), row.faults)
		})
	}
}

func TestSigningUpWithAnAddress(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	t.Run("makes both", func(t *testing.T) {
		made := s.Post("/users", person(object{"address": home()})).Is(http.StatusCreated)
		list := s.Get(made.Header.Get("Location") + "/addresses").Is(http.StatusOK)
		assert.Equal(t, "K1M 1M4", list.JSON("data", "items", 0, "postal_code"))
		assert.Nil(t, list.JSON("data", "items", 1))
	})
	t.Run("makes neither if one is faulty, and names the faults of both", func(t *testing.T) {
		answer := s.Post("/users", person(object{
			"age": 5, "address": home(object{"street": "x", "country": "GB", "postal_code": "12345"}),
		})).Is(http.StatusUnprocessableEntity)
		assert.Equal(t, []string{
			"/age: must be at least 13", "/address/street: must have at least 5 characters",
			"/address/country: Only North American addresses supported",
		}, answer.Faults())
		s.Post("/users", person(object{"address": home(object{"postal_code": "12345"})})).Is(http.StatusUnprocessableEntity)
		s.Post("/users", person(object{"address": nil})).Is(http.StatusUnprocessableEntity)
		assert.Equal(t, 1, count(t, s.DB, "users"))
		assert.Equal(t, 1, count(t, s.DB, "addresses"))
	})
	t.Run("makes neither if the e-mail address is taken", func(t *testing.T) {
		taken := testkit.User(t, s.DB)
		s.Post("/users", person(object{"email": taken.Email, "address": home()})).Is(http.StatusConflict)
		assert.Equal(t, 1, count(t, s.DB, "addresses"))
	})
}
