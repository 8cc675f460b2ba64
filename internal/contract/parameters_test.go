package contract_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestQueryParameters(t *testing.T) {
	t.Parallel()
	c := load(t)
	rows := map[string]struct{ query, want string }{
		"none":                    {"", ""},
		"good ones":               {"page=3&size=100&sort=name&q=ann&tag=a&tag=b&ids=1,2&whole=true&ratio=0.5", ""},
		"text for a number":       {"page=abc", "invalid: page must be an integer\nquery page: must be an integer"},
		"a plus sign":             {"page=%2B5", "invalid: page must be an integer\nquery page: must be an integer"},
		"a leading zero":          {"page=05", "invalid: page must be an integer\nquery page: must be an integer"},
		"only a minus sign":       {"page=-", "invalid: page must be an integer\nquery page: must be an integer"},
		"a float":                 {"page=1.0", "invalid: page must be an integer\nquery page: must be an integer"},
		"too small":               {"page=0", "invalid: page must be at least 1\nquery page: must be at least 1"},
		"beyond int32":            {"page=4294967297", "invalid: page must be at most 100\nquery page: must be at most 100"},
		"far below int32":         {"page=-4294967297", "invalid: page must be at least 1\nquery page: must be at least 1"},
		"empty":                   {"page=", "invalid: page must not be empty\nquery page: must not be empty"},
		"empty text":              {"q=", "invalid: q must have at least 1 character\nquery q: must have at least 1 character"},
		"text is not trimmed":     {"q=+ab+", "invalid: q must have at most 3 characters\nquery q: must have at most 3 characters"},
		"repeated":                {"page=1&page=2", "invalid: page must be given once\nquery page: must be given once"},
		"no boolean":              {"whole=5", "invalid: whole must be true or false\nquery whole: must be true or false"},
		"no number":               {"ratio=x", "invalid: ratio must be a number\nquery ratio: must be a number"},
		"not a number":            {"ratio=NaN", "invalid: ratio must be a number\nquery ratio: must be a number"},
		"a number of Go":          {"ratio=1_0", "invalid: ratio must be a number\nquery ratio: must be a number"},
		"a number without 0":      {"ratio=.5", "invalid: ratio must be a number\nquery ratio: must be a number"},
		"a number and a space":    {"ratio=0.5+", "invalid: ratio must be a number\nquery ratio: must be a number"},
		"a number in full":        {"ratio=1.5e-1", ""},
		"a boolean of Go":         {"whole=T", "invalid: whole must be true or false\nquery whole: must be true or false"},
		"too many items":          {"tag=a&tag=b&tag=c", "invalid: tag must have at most 2 items\nquery tag: must have at most 2 items"},
		"bad items say so once":   {"tag=long&tag=longer", "invalid: tag must have at most 3 characters\nquery tag: must have at most 3 characters"},
		"items of a wrong type":   {"ids=1,x", "invalid: ids must be an integer\nquery ids: must be an integer"},
		"unknown ones come last":  {"b=1&a=1&sort=age&page=0", lines("invalid: 4 faults in the request", "query page: must be at least 1", "query sort: must be one of -name, name", "query a: is not a known parameter", "query b: is not a known parameter")},
		"bad percent-encoding":    {"q=%zz", "malformed: The query cannot be parsed"},
		"a semicolon":             {"q=1;page=2", "malformed: The query cannot be parsed"},
		"invalid UTF-8":           {"q=%ff&page=0", "malformed: q is not valid UTF-8, or holds the character U+0000\nquery q: is not valid UTF-8, or holds the character U+0000"},
		"U+0000":                  {"q=%00", "malformed: q is not valid UTF-8, or holds the character U+0000\nquery q: is not valid UTF-8, or holds the character U+0000"},
		"invalid UTF-8 in a name": {"%ff=1", "malformed: The query is not valid UTF-8, or holds the character U+0000"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/users?"+row.query, http.NoBody)
			_, err := c.Operation("listUsers").CheckRequest(r, nil)
			if row.want == "" {
				require.NoError(t, err)
				return
			}
			assert.Equal(t, row.want, render(err))
		})
	}
}

func TestDefaultsOfQueryParametersAreInTheURL(t *testing.T) {
	t.Parallel()
	o := load(t).Operation("listUsers")
	for sent, want := range map[string]string{
		"": "size=20&sort=-name", "page=2": "page=2&size=20&sort=-name", "sort=name&size=5": "sort=name&size=5",
	} {
		r := httptest.NewRequest(http.MethodGet, "/users?"+sent, http.NoBody)
		_, err := o.CheckRequest(r, nil)
		require.NoError(t, err)
		assert.Equal(t, want, r.URL.RawQuery)
	}
}

func TestHeadersAndCookies(t *testing.T) {
	t.Parallel()
	o := load(t).Operation("listUsers")
	r := httptest.NewRequest(http.MethodGet, "/users", http.NoBody)
	r.Header["X-Tenant"] = []string{"a", "b"}
	r.AddCookie(&http.Cookie{Name: "session", Value: "too-long"})
	_, err := o.CheckRequest(r, nil)
	assert.Equal(t, lines("invalid: 2 faults in the request",
		"header X-Tenant: must be one word", "cookie session: must have at most 4 characters"), render(err))
	assert.Equal(t, []string{"a, b"}, r.Header["X-Tenant"], "several lines are one list")
	r.Header.Set("X-Tenant", "\xff")
	_, err = o.CheckRequest(r, nil)
	assert.Equal(t, "malformed: X-Tenant is not valid UTF-8, or holds the character U+0000\nheader X-Tenant: is not valid UTF-8, or holds the character U+0000", render(err))
}

func TestPathParameters(t *testing.T) {
	t.Parallel()
	o := load(t).Operation("getFile")
	rows := map[string]struct{ name, want string }{
		"a good one":            {"notes.txt", ""},
		"too long":              {"much-too-long", "invalid: name must have at most 10 characters\npath name: must have at most 10 characters"},
		"none":                  {"", "invalid: name is required\npath name: is required"},
		"invalid UTF-8":         {"a\xff", "malformed: name is not valid UTF-8, or holds the character U+0000\npath name: is not valid UTF-8, or holds the character U+0000"},
		"U+0000, escaped twice": {"a%00", "malformed: name is not valid UTF-8, or holds the character U+0000\npath name: is not valid UTF-8, or holds the character U+0000"},
		"bad percent-encoding":  {"100%", "malformed: name is not valid UTF-8, or holds the character U+0000\npath name: is not valid UTF-8, or holds the character U+0000"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/files/a?from=2026-01-31", http.NoBody)
			_, err := o.CheckRequest(r, map[string]string{"name": row.name})
			if row.want == "" {
				require.NoError(t, err)
				return
			}
			assert.Equal(t, row.want, render(err))
		})
	}
	t.Run("a required parameter is missing, in the contract's words", func(t *testing.T) {
		t.Parallel()
		_, err := o.CheckRequest(httptest.NewRequest(http.MethodGet, "/files/a", http.NoBody), map[string]string{"name": "a"})
		assert.Equal(t, "invalid: Say from when\nquery from: Say from when", render(err))
	})
}

func TestKindsOfFaultsHaveAnOrder(t *testing.T) {
	t.Parallel()
	o := load(t).Operation("updateUser")
	rows := map[string]struct{ id, match, contentType, body, want string }{
		"nothing wrong":    {"9007199254740991", "*", patchType, `{"age":34}`, ""},
		"ids are exact":    {"9007199254740992", "*", jsonType, `{"age":34}`, "invalid: user_id must be at most 9007199254740991\npath user_id: must be at most 9007199254740991"},
		"ids beyond int64": {"99999999999999999999", "*", jsonType, `{"age":34}`, "invalid: user_id must be at most 9007199254740991\npath user_id: must be at most 9007199254740991"},
		"only If-Match":    {"1", "", patchType, `{"age":34}`, "precondition-required: If-Match is missing\nheader If-Match: is required"},
		"parameters first": {"x", "", patchType, `{"age":1}`, lines("precondition-required: 3 faults in the request",
			"path user_id: must be an integer", "header If-Match: is required", "/age: must be at least 13")},
		"an empty patch":             {"1", "*", patchType, `{}`, "invalid: The body must have at least 1 field\n: must have at least 1 field"},
		"malformed wins over all":    {"x", "", patchType, `{`, "malformed: The body is not valid JSON: it is cut off, at byte 1\n: is cut off"},
		"the media type comes first": {"\xff", "", "text/plain", `{`, "unsupported-media-type: The body must be application/merge-patch+json or application/json"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request(http.MethodPatch, "/users/1", row.contentType, row.body)
			if row.match != "" {
				r.Header.Set("If-Match", row.match)
			}
			_, err := o.CheckRequest(r, map[string]string{"user_id": row.id})
			if row.want == "" {
				require.NoError(t, err)
				return
			}
			assert.Equal(t, row.want, render(err))
		})
	}
}
