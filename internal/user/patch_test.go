package user_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/testkit"
)

// refused stands for what a value is stored as that is not stored.
const refused = "refused"

// value is one that a patch may bring, and what it is stored as.
type value struct{ sent, stored any }

func same(v any) value { return value{v, v} }

func bad(v any) value { return value{v, refused} }

// patched is a resource that merge patches are sent to, and the model of what they make of it.
type patched struct {
	path   string
	readAt string
	fields map[string][]value
	// rules settles what comes of a patch, and tells whether it is allowed.
	rules func(map[string]any) bool
}

// mergePatch is RFC 7396, section 2.
func mergePatch(target, patch any) any {
	members, isObject := patch.(map[string]any)
	if !isObject {
		return patch
	}
	object, _ := target.(map[string]any)
	result := map[string]any{}
	maps.Copy(result, object)
	for name, v := range members {
		if v == nil {
			delete(result, name)
		} else {
			result[name] = mergePatch(result[name], v)
		}
	}
	return result
}

// The server does what RFC 7396 does to a JSON object, or it refuses and leaves everything as it was.
func TestMergePatch(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	ann := testkit.User(t, s.DB)
	home := testkit.Address(t, s.DB, ann.ID)
	hello := testkit.Post(t, s.DB, ann.ID)
	for name, p := range map[string]patched{
		"a user":     patchedUser(fmt.Sprintf("/users/%d", ann.ID)),
		"an address": patchedAddress(fmt.Sprintf("/users/%d/addresses/%d", ann.ID, home.ID)),
		"a post":     patchedPost(fmt.Sprintf("/users/%d/posts/%d", ann.ID, hello.ID), fmt.Sprintf("/posts/%d", hello.ID)),
	} {
		t.Run(name, func(t *testing.T) {
			client := s.In(t)
			rapid.Check(t, func(t *rapid.T) {
				sent, stored := p.draw(t)
				p.check(t, client, sent, stored)
			})
		})
	}
}

// draw draws a patch, as it is sent and as it is stored: of some fields, now and then with a null, with a field
// that does not exist, or no object at all.
func (p patched) draw(t *rapid.T) (sent, stored any) {
	names := slices.Sorted(maps.Keys(p.fields))
	send, store := map[string]any{}, map[string]any{}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, len(names), rapid.ID).Draw(t, "fields") {
		v := rapid.SampledFrom(p.fields[name]).Draw(t, name)
		send[name], store[name] = v.sent, v.stored
	}
	switch rapid.IntRange(0, 12).Draw(t, "odd") {
	case 0:
		name := rapid.SampledFrom(names).Draw(t, "null")
		send[name], store[name] = nil, nil
	case 1:
		name := rapid.SampledFrom([]string{"id", "Name", "version", "é"}).Draw(t, "unknown")
		send[name], store[name] = "x", refused
	case 2:
		odd := rapid.SampledFrom([]any{nil, "x", []any{}, 1, true}).Draw(t, "no object")
		return odd, odd
	}
	return send, store
}

func (p patched) check(t *rapid.T, client *testkit.Client, sent, stored any) {
	was, tag := p.read(client)
	body, err := json.Marshal(sent)
	require.NoError(t, err)

	answer := client.Patch(p.path, tag, body)

	is, newTag := p.read(client)
	want, isObject := mergePatch(was, stored).(map[string]any)
	if !isObject || !p.allows(want) {
		require.Equal(t, 422, answer.Status, "%s to %v: %s", body, was, answer.Body)
		require.Equal(t, was, is, "something is left of what was refused")
		require.Equal(t, tag, newTag)
		return
	}
	require.Equal(t, 200, answer.Status, "%s to %v: %s", body, was, answer.Body)
	require.Equal(t, want, is, "%s to %v", body, was)
	require.Equal(t, answer.ETag(), newTag)
	require.NotEqual(t, tag, newTag, "the version goes up even when nothing differs")
	client.Patch(p.path, tag, `{}`).Is(412)
}

// read returns the fields that a patch may bring, and the entity tag.
func (p patched) read(client *testkit.Client) (map[string]any, string) {
	var resource map[string]any
	answer := client.Get(p.readAt).Is(200)
	answer.Into(&resource)
	maps.DeleteFunc(resource, func(name string, _ any) bool { return p.fields[name] == nil })
	return resource, answer.ETag()
}

// allows settles what comes of a patch, and tells whether it is allowed.
func (p patched) allows(want map[string]any) bool {
	if len(want) != len(p.fields) { // a null took away what has no null
		return false
	}
	for _, v := range want {
		if v == refused {
			return false
		}
	}
	return p.rules(want)
}

func patchedUser(path string) patched {
	return patched{path: path, readAt: path, fields: map[string][]value{
		"name": {
			{" ann LEE\t", "Ann Lee"},
			{"o'neil mc-donald", "O'Neil Mc-Donald"},
			{"e\u0301va", "Éva"},
			bad("x"), bad("Ann 2"), bad("\u0131\u0307"), bad(7.0), bad([]any{"Ann"}),
		},
		"email":  {same("a@example.com"), {" B@Example.COM ", "B@Example.COM"}, bad("c@example"), bad(true)},
		"age":    {same(13.0), same(17.0), same(18.0), same(120.0), bad(12.0), bad(121.0), bad(17.5), bad("17")},
		"status": {same("active"), same("inactive"), same("suspended"), bad("deleted"), bad("")},
		"tags": {
			same([]any{}),
			{[]any{"Go", "go", " B_1 "}, []any{"go", "b_1"}},
			{[]any{"Minor"}, []any{}},
			bad([]any{"__"}), bad([]any{nil}), bad("go"), bad(slices.Repeat([]any{"a"}, 11)),
			{append(slices.Repeat([]any{"A"}, 10), "minor"), []any{"a"}},
		},
	}, rules: func(u map[string]any) bool {
		tags, _ := u["tags"].([]any)
		tags = slices.DeleteFunc(slices.Clone(tags), func(tag any) bool { return tag == "minor" })
		if age, _ := u["age"].(float64); age < 18 && u["status"] == "active" {
			tags = append(tags, "minor")
		}
		u["tags"] = append([]any{}, tags...)
		return true
	}}
}

func patchedAddress(path string) patched {
	return patched{path: path, readAt: path, fields: map[string][]value{
		"street":      {same("1 Main Street"), {"  2 Rue  É ", "2 Rue  É"}, bad("1 Ma"), bad("        "), bad(1.0)},
		"city":        {same("Ottawa"), {" Québec", "Québec"}, bad("O")},
		"country":     {same("US"), same("CA"), same("MX"), bad("DE"), bad("us")},
		"postal_code": {same("62701"), same("62701-1234"), same("K1M 1M4"), bad("k1m 1m4"), bad("K1M1M4"), bad("6270")},
	}, rules: func(a map[string]any) bool {
		country, _ := a["country"].(string)
		code, _ := a["postal_code"].(string)
		return address.CheckPostalCode(address.Country(country), code) == nil
	}}
}

func patchedPost(path, readAt string) patched {
	return patched{path: path, readAt: readAt, fields: map[string][]value{
		"title":   {same("Hello"), {"\u00a0Hi\n", "Hi"}, bad(""), bad(" \t"), bad(1.0)},
		"content": {same("  blanks stay \n"), same(" "), same("e\u0301"), bad(""), bad([]any{})},
	}, rules: func(map[string]any) bool { return true }}
}
