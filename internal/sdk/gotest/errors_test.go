package gotest_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	plaza "github.com/plaza-api/plaza/gen/client"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/testkit"
)

// bearer signs calls in by a token.
func bearer(token string) plaza.Option {
	return plaza.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
}

func TestEachRefusalHasItsClass(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	p := connect(t, s)
	user := create(t, p)
	ended := connect(t, s, bearer("ended"))
	reader := connect(t, s, bearer(s.Token(t, "member", user.ID, "users:read")))

	rows := map[string]struct {
		call      func(ctx context.Context) error
		class     any
		operation string
		status    int
		kind      plaza.ProblemType
	}{
		"what cannot be parsed": {
			func(ctx context.Context) error {
				_, err := p.Users.Create(ctx, plaza.UserSignUp{Name: "a\x00"})
				return err
			}, new(*plaza.ValidationError), "createUser", 400, plaza.ProblemTypeMalformed,
		},
		"what is not allowed": {
			func(ctx context.Context) error { _, err := p.Users.Create(ctx, plaza.UserSignUp{}); return err },
			new(*plaza.ValidationError), "createUser", 422, plaza.ProblemTypeInvalid,
		},
		"a token that is not good": {
			func(ctx context.Context) error { _, err := ended.Users.Get(ctx, user.ID); return err },
			new(*plaza.AuthError), "getUser", 401, plaza.ProblemTypeUnauthorized,
		},
		"a token without the scope": {
			func(ctx context.Context) error { return reader.Users.Delete(ctx, user.ID) },
			new(*plaza.AuthError), "deleteUser", 403, plaza.ProblemTypeForbidden,
		},
		"what is missing": {
			func(ctx context.Context) error { _, err := p.Posts.Get(ctx, 4711); return err },
			new(*plaza.NotFoundError), "getPost", 404, plaza.ProblemTypeNotFound,
		},
		"an address in use": {
			func(ctx context.Context) error {
				other := person()
				other.Email = user.Email
				_, err := p.Users.Create(ctx, other)
				return err
			}, new(*plaza.ConflictError), "createUser", 409, plaza.ProblemTypeConflict,
		},
		"another version": {
			func(ctx context.Context) error { return p.Users.Delete(ctx, user.ID, plaza.IfVersion(7)) },
			new(*plaza.StaleVersionError), "deleteUser", 412, plaza.ProblemTypeStaleVersion,
		},
		"no version": {
			func(ctx context.Context) error {
				_, err := p.Users.Update(ctx, user.ID, plaza.UserPatch{Age: new(35)})
				return err
			}, new(*plaza.StaleVersionError), "updateUser", 428, plaza.ProblemTypePreconditionRequired,
		},
		"a key that was used for something else": {
			func(ctx context.Context) error {
				_, first := p.Users.Create(ctx, person(), plaza.WithIdempotencyKey("once"))
				_, err := p.Users.Create(ctx, person(), plaza.WithIdempotencyKey("once"))
				return errors.Join(first, err)
			}, new(*plaza.ValidationError), "createUser", 422, plaza.ProblemTypeInvalid,
		},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := row.call(t.Context())
			require.ErrorAs(t, err, row.class)
			failed := new(plaza.Error)
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, row.operation, failed.Operation)
			assert.Equal(t, row.status, failed.Status)
			assert.Equal(t, row.kind, failed.Type)
			assert.NotEmpty(t, failed.Title)
			assert.NotEmpty(t, failed.Detail)
			assert.Contains(t, err.Error(), "(request "+failed.RequestID+")")
			assert.Contains(t, s.Log.String(), failed.RequestID, "it is what the log has")
		})
	}
}

func TestFaultsComeByTheirField(t *testing.T) {
	t.Parallel()
	p := connect(t, testkit.NewServer(t))
	draft := person()
	draft.Name, draft.Age = "R2D2", 12
	draft.Address = &plaza.AddressCreate{Street: "12 Main Street", City: "X", Country: plaza.CountryUS, PostalCode: "62701"}
	_, err := p.Users.Create(t.Context(), draft)
	var invalid *plaza.ValidationError
	require.ErrorAs(t, err, &invalid)
	assert.Equal(t, map[string][]string{
		"/name": {"Name cannot contain numbers"}, "/age": {"must be at least 13"},
		"/address/city": {"must have at least 2 characters"},
	}, invalid.Fields())
	require.ErrorContains(t, err, "plaza: createUser: 422 Unprocessable Content: 3 faults in the request; /name: Name cannot")

	_, err = p.Users.ListPage(t.Context(), plaza.ListUsersParams{Size: 1000})
	require.ErrorAs(t, err, &invalid)
	assert.Empty(t, invalid.Fields(), "of a parameter")
	assert.Equal(t, "size", invalid.Errors[0].Name)
}

func TestAStaleVersionComesWithTheCurrentOne(t *testing.T) {
	t.Parallel()
	p := connect(t, testkit.NewServer(t))
	user := create(t, p)
	post, err := p.Posts.Create(t.Context(), user.ID, plaza.PostCreate{Title: "Hello", Content: "A first post."})
	require.NoError(t, err)
	changed, err := p.Posts.Update(t.Context(), user.ID, post.ID, plaza.PostPatch{Title: new("Two")}, plaza.IfAnyVersion())
	require.NoError(t, err)

	_, err = p.Posts.Update(t.Context(), user.ID, post.ID, plaza.PostPatch{}, plaza.IfVersion(post.Version))
	current, ok := plaza.Current[plaza.Post](err)
	assert.True(t, ok)
	assert.Equal(t, changed, current)
	_, ok = plaza.Current[plaza.User](err)
	assert.False(t, ok, "it is none")
	_, ok = plaza.Current[plaza.Post](nil)
	assert.False(t, ok)
}

func TestTheCurrentVersionIsReadWhateverItIs(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	p, _, sent := through(t, s, nil)
	user := create(t, p)
	current, ok := plaza.Current[plaza.User](p.Users.Delete(t.Context(), user.ID, plaza.IfVersion(7)))
	assert.True(t, ok)
	assert.Equal(t, user, current)
	assert.Equal(t, []string{"", `"7"`, ""}, sent.headers("If-Match"))
}

// clock is a time that the test moves, and that goes on by itself once it runs.
type clock struct {
	elapsed atomic.Int64
	since   atomic.Pointer[time.Time] // nil: it stands
}

func (c *clock) Now() time.Time {
	now := time.Unix(1_800_000_000, c.elapsed.Load())
	if since := c.since.Load(); since != nil {
		now = now.Add(time.Since(*since))
	}
	return now
}

func TestTheRateLimit(t *testing.T) {
	t.Parallel()
	now := &clock{}
	s := testkit.NewServer(t, func(c *httpapi.Config) {
		c.Limiter, c.RateLimits = ratelimit.NewMemory(now.Now), httpapi.RateLimitsEnforced
	})
	var answers []string
	p := connect(t, s, plaza.OnResponse(func(r *http.Response) {
		answers = append(answers, r.Status+" "+r.Header.Get("Retry-After"))
		if r.Header.Get("Retry-After") == "1" {
			now.since.CompareAndSwap(nil, new(time.Now()))
		}
	}))
	for range 10 {
		create(t, p)
	}

	answers = nil
	now.elapsed.Store(int64(30 * time.Second))
	_, err := p.Users.Create(t.Context(), person())
	var limited *plaza.RateLimitError
	require.ErrorAs(t, err, &limited)
	assert.Equal(t, 30*time.Second, limited.RetryAfter)
	assert.Equal(t, plaza.ProblemTypeTooManyRequests, limited.Type)
	now.elapsed.Store(int64(57 * time.Second))
	_, err = p.Users.Create(t.Context(), person(), plaza.WithTimeout(2*time.Second))
	require.ErrorAs(t, err, &limited)
	assert.Equal(t, []string{"429 Too Many Requests 30", "429 Too Many Requests 3"}, answers, "it waits for neither")

	answers = nil
	now.elapsed.Store(int64(59 * time.Second))
	create(t, p)
	assert.Equal(t, []string{"429 Too Many Requests 1", "201 Created "}, answers)
}

// What stands between a server and its callers answers in its own ways.
func TestAnswersThatAreNoneOfTheContract(t *testing.T) {
	t.Parallel()
	var answer atomic.Pointer[func(w http.ResponseWriter)]
	between := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { (*answer.Load())(w) }))
	t.Cleanup(between.Close)
	p, err := plaza.New(between.URL, plaza.WithRetries(0))
	require.NoError(t, err)
	get := func(f func(w http.ResponseWriter)) error {
		answer.Store(&f)
		_, err := p.Posts.Get(t.Context(), 1)
		return err
	}

	err = get(func(w http.ResponseWriter) { http.Error(w, "<h1>no</h1>", http.StatusBadGateway) })
	require.EqualError(t, err, "plaza: getPost: 502 Bad Gateway")
	err = get(func(w http.ResponseWriter) { http.Error(w, `{"type": 1}`, http.StatusNotFound) })
	require.ErrorAs(t, err, new(*plaza.NotFoundError))
	err = get(func(w http.ResponseWriter) { http.Error(w, "<h1>Sign in</h1>", http.StatusOK) })
	require.ErrorContains(t, err, "plaza: getPost: the answer is not what the contract says: ")

	var limited *plaza.RateLimitError
	now := time.Now().UTC()
	err = get(func(w http.ResponseWriter) {
		w.Header().Set("Date", now.Add(-time.Hour).Format(http.TimeFormat))
		w.Header().Set("Retry-After", now.Add(-time.Hour).Add(90*time.Second).Format(http.TimeFormat))
		w.WriteHeader(http.StatusTooManyRequests)
	})
	require.ErrorAs(t, err, &limited)
	assert.Equal(t, 90*time.Second, limited.RetryAfter, "by the server's own clock")

	err = get(func(w http.ResponseWriter) {
		part := make([]byte, 1<<20)
		for range 65 {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	})
	require.EqualError(t, err, "plaza: getPost: the answer is larger than 67108864 bytes")
}

func TestAPathThatWouldLeadElsewhere(t *testing.T) {
	t.Parallel()
	p, _, sent := through(t, testkit.NewServer(t), nil)
	for _, id := range []string{"", ".", ".."} {
		_, err := p.Clients.Get(t.Context(), id)
		require.ErrorContains(t, err, "is no path")
	}
	assert.Empty(t, sent.headers("Accept"), "nothing was sent")
	_, err := p.Clients.Get(t.Context(), "a/b?c")
	require.ErrorAs(t, err, new(*plaza.ValidationError), "it was sent as one segment")
}
