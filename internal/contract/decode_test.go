package contract_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
)

func TestABodyThatIsNoJSONIsMalformed(t *testing.T) {
	t.Parallel()
	c := load(t)
	rows := map[string]struct{ body, want string }{
		"repeated keys":           {`{"name":"x","name":1}`, "/name is repeated, at byte 12\n/name: is repeated"},
		"keys repeated by escape": {`{"a":{"b":1,"\u0062":2}}`, "/a/b is repeated, at byte 12\n/a/b: is repeated"},
		"U+0000 in text":          {`{"a":["\u0000"]}`, "/a/0 holds the character U+0000, at byte 14\n/a/0: holds the character U+0000"},
		"half a surrogate pair":   {`{"a":"\ud800"}`, "/a holds half a surrogate pair, at byte 6\n/a: holds half a surrogate pair"},
		"invalid UTF-8":           {"{\"a\":\"\xff\"}", "/a is not valid UTF-8, at byte 6\n/a: is not valid UTF-8"},
		"what is cut off":         {`{"a":1`, "it is cut off, at byte 6\n: is cut off"},
		"only white space":        {"  ", "it is cut off, at byte 0\n: is cut off"},
		"text after the value":    {`{"a":1} x`, "it has text after its value, at byte 7\n: has text after its value"},
		"two values":              {`{} {}`, "it has text after its value, at byte 4\n: has text after its value"},
		"another character":       {`{"a":?}`, "/a is not valid JSON, at byte 5\n/a: is not valid JSON"},
		"a wrong comma":           {`{"a":[1,]}`, "/a is not valid JSON, at byte 7\n/a: is not valid JSON"},
		"a key that is no text":   {`{1:2}`, "it is not valid JSON, at byte 1\n: is not valid JSON"},
		"a control character":     {"[\"a\nb\"]", "/0 is not valid JSON, at byte 3\n/0: is not valid JSON"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := check(t, c, "createNote", row.body)
			assert.Equal(t, "malformed: The body is not valid JSON: "+row.want, render(err))
		})
	}
	t.Run("U+0000 in a key", func(t *testing.T) {
		t.Parallel()
		_, _, err := check(t, c, "createNote", `{"\u0000":1}`)
		assert.True(t, fault.Is(err, fault.Malformed))
	})
	t.Run("nesting is bounded", func(t *testing.T) {
		t.Parallel()
		for _, open := range []string{"[", `{"a":`} {
			_, _, err := check(t, c, "createNote", `{"free":{"x":`+strings.Repeat(open, 10_000))
			require.True(t, fault.Is(err, fault.Malformed))
			require.ErrorContains(t, err, "nests deeper than 64 levels")
		}
		_, _, err := check(t, c, "createNote", `{"free":{"x":`+strings.Repeat("[", 62)+strings.Repeat("]", 62)+`}}`)
		require.NoError(t, err)
	})
}

func TestADeepBodyIsReadNoFurtherThanItsLimit(t *testing.T) {
	t.Parallel()
	r := request(http.MethodPatch, "/users/1", patchType, strings.Repeat(`[`, 100_000))
	r.Header.Set("If-Match", "*")
	_, err := load(t).Operation("updateUser").CheckRequest(r, map[string]string{"user_id": "1"})
	require.True(t, fault.Is(err, fault.Malformed))
	assert.Contains(t, fault.As(err).Message, "nests deeper than 64 levels, at byte 65")
}

// FuzzDecodeBody holds the decoder against encoding/json: it never panics, refuses
// only with a fault, and what it accepts means the same to both.
func FuzzDecodeBody(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.5,-0,1e9,"é😀",null,true]}`, `{"a":1,"a":2}`, `"\ud83d\ude00"`, `"\ud800"`, `"\u0000"`, "\"\xff\"",
		`[[[[]]]]`, `{"a"`, `1 2`, ` {} `, `99999999999999999999`, `{"\u0061":1}`, ``, `nul`, `-`, `"`,
	} {
		f.Add([]byte(seed))
	}
	o := load(f).Operation("sendAnything")
	f.Fuzz(func(t *testing.T, data []byte) {
		r := request(http.MethodPost, "/anything", jsonType, string(data))
		if _, err := o.CheckRequest(r, nil); err != nil {
			require.NotNil(t, fault.As(err), "%q", data)
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		var want any
		require.NoError(t, decoder.Decode(&want), "%q is accepted", data)
		require.Equal(t, numbers(want), validated(r), "%q", data)
	})
}

// numbers makes integers of what encoding/json left as text.
func numbers(value any) any {
	switch v := value.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	}
	return value
}
