package contract_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
)

func TestStringsAreTrimmedAndNormalised(t *testing.T) {
	t.Parallel()
	c := load(t)
	value, _, err := check(t, c, "createNote", `{"title":"\t Cafe\u0301 \u00a0","content":" as it e\u0301 is\n","lines":[" a ","b"],"labels":{"x":" y "},"free":{"a":" b "},"replies":[{"title":" deep "}],"both":{"street":" Long Street ","city":" Ems "}}`)
	require.NoError(t, err)
	note := object(t, value)
	assert.Equal(t, "Caf\u00e9", note["title"])
	assert.Equal(t, " as it e\u0301 is\n", note["content"], "x-trim: false leaves every byte")
	assert.Equal(t, []any{"a", "b"}, note["lines"])
	assert.Equal(t, map[string]any{"x": "y"}, note["labels"])
	assert.Equal(t, map[string]any{"a": " b "}, note["free"], "no schema says that this is text to trim")
	assert.Equal(t, map[string]any{"street": "Long Street", "city": "Ems"}, note["both"])
	replies, ok := note["replies"].([]any)
	require.True(t, ok)
	assert.Equal(t, "deep", object(t, replies[0])["title"])

	_, _, err = check(t, c, "createUser", `{"name":"   A   ","email":"a@b","age":34}`)
	assert.Equal(t, "invalid: name must have at least 2 characters\n/name: must have at least 2 characters", render(err), "lengths are those of the trimmed text")
}

func TestLengthsCountCharacters(t *testing.T) {
	t.Parallel()
	c := load(t)
	_, _, err := check(t, c, "createNote", `{"title":"`+strings.Repeat("😀", 99)+`\ud83d\ude00"}`)
	require.NoError(t, err, "100 characters beyond the basic plane")
	_, _, err = check(t, c, "createNote", `{"title":"`+strings.Repeat("😀", 101)+`"}`)
	assert.Equal(t, "invalid: title must have at most 100 characters\n/title: must have at most 100 characters", render(err))
}

func TestDefaultsFillWhatIsMissing(t *testing.T) {
	t.Parallel()
	c := load(t)
	var notes []map[string]any
	for range 2 {
		r := request("POST", "/notes", jsonType, `{}`)
		_, err := c.Operation("createNote").CheckRequest(r, nil)
		require.NoError(t, err)
		notes = append(notes, object(t, validated(r)))
	}
	assert.Equal(t, "2026-01-01T00:00:00Z", notes[0]["due"])
	assert.NotContains(t, notes[0], "created", "what is read-only has no default in a request")
	object(t, notes[0]["options"])["deep"] = "spoiled"
	assert.NotEqual(t, notes[0]["options"], notes[1]["options"], "requests share no default")

	value, _, err := check(t, c, "createNote", `{"due":null}`)
	require.NoError(t, err)
	assert.Nil(t, object(t, value)["due"], "a null that is allowed stays null")
	value, _, err = check(t, c, "createShape", `{"kind":"square"}`)
	require.NoError(t, err)
	assert.Contains(t, value, "side", "the chosen alternative has its defaults")
	value, _, err = check(t, c, "createShape", `{"kind":"circle","radius":0.5,"label":" x "}`)
	require.NoError(t, err)
	assert.NotContains(t, value, "side", "the other alternative has none")
	assert.Equal(t, "x", object(t, value)["label"])
}

func TestIntegersAreExact(t *testing.T) {
	t.Parallel()
	c := load(t)
	value, _, err := check(t, c, "checkLimits", `{"int64":9007199254740993,"any":-9223372036854775808}`)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"int64": int64(9007199254740993), "any": int64(-9223372036854775808)}, value)
}

func TestLaterReadersGetWhatWasChecked(t *testing.T) {
	t.Parallel()
	c := load(t)
	r := request("POST", "/users", jsonType, ` {"name":" Ann Lee ","email":"a@b","age":34} `)
	_, err := c.Operation("createUser").CheckRequest(r, nil)
	require.NoError(t, err)
	want := `{"age":34,"email":"a@b","name":"Ann Lee","status":"active"}`
	canonical, err := contract.Canonical(r)
	require.NoError(t, err)
	assert.JSONEq(t, want, string(canonical))
	read, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	assert.Equal(t, want, string(read))
	require.NoError(t, r.Body.Close())

	canonical, err = contract.Canonical(request("POST", "/users", jsonType, `{}`))
	require.NoError(t, err)
	assert.Nil(t, canonical, "nobody has checked this one")
}

func TestFieldsForSomeRolesAreNamedWhenSent(t *testing.T) {
	t.Parallel()
	c := load(t)
	_, checked, err := check(t, c, "createUser", `{"name":"Ann","email":"a@b","age":34}`)
	require.NoError(t, err)
	assert.Empty(t, checked.Restricted, "a default was not sent")
	ctx := context.Background()
	assert.Equal(t, ctx, checked.With(ctx))
	_, checked, err = check(t, c, "createUser", `{"name":"Ann","email":"a@b","age":34,"status":"inactive"}`)
	require.NoError(t, err)
	ctx = checked.With(ctx)
	require.Equal(t, []contract.Restricted{{Pointer: "/status", Roles: []string{"admin"}}}, contract.RestrictedFields(ctx))
	status := contract.RestrictedFields(ctx)[0]
	assert.Equal(t, []fault.Field{{Pointer: "/status", Detail: "may only be set by admin"}}, status.Faults("member", nil))
	assert.Empty(t, status.Faults("admin", nil))
	email := contract.Restricted{Pointer: "/email", Scopes: []string{"a", "b"}}
	assert.Equal(t, []fault.Field{{Pointer: "/email", Detail: "needs the scope b"}}, email.Faults("member", []string{"a"}))
	assert.Empty(t, email.Faults("member", []string{"b", "a"}))
}

func TestBatchesAreCheckedItemByItem(t *testing.T) {
	t.Parallel()
	c := load(t)
	value, checked, err := check(t, c, "createUsers", `{"users":[{"name":" Ann ","email":"a@b","age":34},{"age":12,"x":1,"name":"Bo"},7]}`)
	require.NoError(t, err)
	assert.Equal(t, [][]fault.Field{nil, {
		{Pointer: "/email", Detail: "is required"},
		{Pointer: "/age", Detail: "must be at least 13"},
		{Pointer: "/x", Detail: "is not a known field"},
	}, {{Pointer: "", Detail: "must be an object"}}}, contract.ItemFaults(checked.With(context.Background())))
	batch := object(t, value)
	users, ok := batch["users"].([]any)
	require.True(t, ok)
	assert.Equal(t, map[string]any{"name": "Ann", "email": "a@b", "age": int64(34), "status": "active"}, users[0])
	assert.Equal(t, false, batch["atomic"])

	_, _, err = check(t, c, "createUsers", `{"users":[1,2,3,4]}`)
	assert.Equal(t, "invalid: users must have at most 3 items\n/users: must have at most 3 items", render(err))
	_, _, err = check(t, c, "createUsers", `{"users":{}}`)
	assert.Equal(t, "invalid: users must be an array\n/users: must be an array", render(err))
	assert.Nil(t, contract.ItemFaults(context.Background()))
}
