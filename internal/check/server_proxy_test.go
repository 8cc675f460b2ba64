package check_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

// swap is another status for one that a server answers; where is nil for whatever was asked.
type swap struct {
	from, to int
	where    func(*http.Request) bool
}

func TestAServerThatIsChangedOnTheWay(t *testing.T) {
	t.Parallel()
	s := deployed(t)
	for name, test := range map[string]struct {
		status     swap
		name, text string // of a header; without a text it is taken away
		rule, want string
	}{
		"it fails": {
			swap{200, 500, func(r *http.Request) bool { return r.URL.Path == "/users" }},
			"", "",
			"server/behaviour", "listUsers answers 500: look into its log for request plazadev-check-",
		},
		"a header is changed": {
			swap{},
			"X-Contract-Version", "next",
			"server/headers", "with a header that was changed, or is not the contract's: X-Contract-Version",
		},
		"another request's id": {
			swap{},
			"X-Request-Id", "another",
			"server/headers", " lacks X-Request-Id as it was sent: ",
		},
		"compression is not told": {
			swap{},
			"Content-Encoding", "",
			"server/headers", " lacks Content-Encoding: ",
		},
		"no 304": {
			swap{304, 200, nil},
			"", "",
			"server/behaviour", " answers 200 to If-None-Match with its own ETag, which wants 304",
		},
		"no HEAD": {
			swap{200, 405, func(r *http.Request) bool { return r.Method == http.MethodHead }},
			"", "",
			"server/behaviour", " answers HEAD with 405, and GET with 200",
		},
		"an unknown parameter is taken": {
			swap{422, 200, nil},
			"", "",
			"server/refusal", "listUsers took an unknown query parameter: it answers 200 where 422 is due",
		},
		"what cannot be served is served": {
			swap{406, 200, nil},
			"", "",
			"server/refusal", "listUsers took an Accept that it cannot serve: it answers 200 where 406 is due",
		},
		"any method is taken": {
			swap{405, 200, nil},
			"", "",
			"server/refusal", " took a method that its path does not have: it answers 200 where 405 is due",
		},
		"any media type is taken": {
			swap{415, 200, nil},
			"", "",
			"server/refusal", "updateUser took a body that says text/plain: it answers 200 where 415 is due",
		},
		"any length is taken": {
			swap{413, 200, nil},
			"", "",
			"server/refusal", "updateUser took a body beyond x-body-limit: it answers 200 where 413 is due",
		},
		"it refuses for another reason": {
			swap{406, 400, nil},
			"", "",
			"server/behaviour", "listUsers refuses an Accept that it cannot serve with 400 where 406 is due",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changing := before(t, s, func(r *http.Response) error {
				if r.StatusCode == test.status.from && (test.status.where == nil || test.status.where(r.Request)) {
					r.StatusCode = test.status.to
				}
				if r.Header.Del(test.name); test.text != "" {
					r.Header.Set(test.name, test.text)
				}
				return nil
			})
			found := verdict(t, project(t), check.ServerOptions{URL: changing, Token: adminOf(t, s)})
			assert.Contains(t, strings.Join(found[test.rule], "\n"), test.want)
			if test.rule != "server/headers" {
				require.Equal(t, []string{test.rule}, rules(found))
			}
		})
	}
}
