package httpapi_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/ratelimit"
	"github.com/plaza-api/plaza/internal/redis"
	"github.com/plaza-api/plaza/internal/testkit"
)

// clock is a time that only the test moves.
type clock struct{ elapsed atomic.Int64 }

func (c *clock) Now() time.Time { return time.Unix(1_800_000_000, c.elapsed.Load()) }

func (c *clock) Advance(d time.Duration) { c.elapsed.Add(int64(d)) }

// limited changes a server into one that enforces its limits.
func limited(limiter ratelimit.Limiter, change ...func(*httpapi.Config)) func(*httpapi.Config) {
	return func(c *httpapi.Config) {
		c.Limiter, c.RateLimits = limiter, httpapi.RateLimitsEnforced
		for _, f := range change {
			f(c)
		}
	}
}

// rateLimit returns the headers of an answer: the policy, and what is left.
func rateLimit(a *testkit.Answer) [2]string {
	return [2]string{a.Header.Get("Ratelimit-Policy"), a.Header.Get("Ratelimit")}
}

func TestTheHundredAndFirstCallOfACallerMeetsTheLimit(t *testing.T) {
	t.Parallel()
	now := &clock{}
	s := testkit.NewServer(t, limited(ratelimit.NewMemory(now.Now)))
	const policy = `"default";q=100;w=60`

	assert.Equal(t, [2]string{policy, `"default";r=99;t=60`}, rateLimit(s.Get("/users").Is(http.StatusOK)))
	now.Advance(30 * time.Second)
	for range 98 {
		s.Get("/users").Is(http.StatusOK)
	}
	assert.Equal(t, [2]string{policy, `"default";r=0;t=30`}, rateLimit(s.Get("/users").Is(http.StatusOK)))

	refused := s.Get("/users").Is(http.StatusTooManyRequests)
	assert.Equal(t, [2]string{policy, `"default";r=0;t=30`}, rateLimit(refused))
	assert.Equal(t, "30", refused.Header.Get("Retry-After"))
	assert.Equal(t, "urn:plaza:problem:too-many-requests", refused.JSON("type"))
	assert.Equal(t, "At most 100 calls in 60 seconds", refused.JSON("detail"))
	s.Get("/posts").Is(http.StatusOK) // another operation has a window of its own

	now.Advance(30 * time.Second) // the first call leaves the window, the others stay
	s.Get("/users").Is(http.StatusOK)
	s.Get("/users").Is(http.StatusTooManyRequests)
	now.Advance(30 * time.Second)
	s.Get("/users").Is(http.StatusOK)
}

func TestEveryOperationKeepsItsLimit(t *testing.T) {
	t.Parallel()
	var lower []string
	for _, requests := range []int{10, 30, 60, 100, 120, 300, 600} {
		lower = append(lower, fmt.Sprintf("x-rate-limit: {requests: %d,", requests), "x-rate-limit: {requests: 1,")
	}
	s := furnished(t, limited(ratelimit.NewMemory((&clock{}).Now)), edited(t, lower...))
	for _, op := range testkit.Contract(t).Operations {
		if op.Policy.RateLimit == nil {
			assert.False(t, declares(op, http.StatusTooManyRequests), "%s declares 429 and has no limit", op.ID)
			continue
		}
		t.Run(op.ID+" answers 429", func(t *testing.T) {
			t.Parallel()
			c := s.In(t) // whose token a new password does not end: it is nobody's
			assert.NotEqual(t, http.StatusTooManyRequests, example(op).send(c).Status)
			example(op).send(c).Is(http.StatusTooManyRequests)
		})
	}
}

func TestWhatIsRefusedByTheLimitIsNotDone(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, limited(ratelimit.NewMemory((&clock{}).Now)))
	for n := range 10 {
		s.Post("/users", person(object{"email": fmt.Sprintf("n%d@example.com", n)})).Is(http.StatusCreated)
	}
	s.Post("/users", person(object{"email": "n10@example.com"})).Is(http.StatusTooManyRequests)
	assert.EqualValues(t, 10, s.Get("/users").Is(http.StatusOK).JSON("data", "total"))
}

func TestOperationsWithoutALimitSayNothingOfOne(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, limited(ratelimit.NewMemory((&clock{}).Now)))
	assert.Equal(t, [2]string{}, rateLimit(s.Get("/healthz").Is(http.StatusOK)))
}

func TestObservedLimitsAreCountedAndLetEverybodyThrough(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, limited(ratelimit.NewMemory((&clock{}).Now), func(c *httpapi.Config) {
		c.RateLimits = httpapi.RateLimitsObserved
	}))
	for range 100 {
		s.Get("/users").Is(http.StatusOK)
	}
	assert.Equal(t, `"default";r=0;t=60`, rateLimit(s.Get("/users").Is(http.StatusOK))[1])
}

func TestTwoServersOnOneRedisShareALimit(t *testing.T) {
	t.Parallel()
	url := testkit.Redis(t)
	database := testkit.Database(t)
	var servers [2]*testkit.Server
	var limiters [2]*ratelimit.Redis
	for i := range servers {
		client, err := redis.Open(t.Context(), url, redis.Watch{})
		require.NoError(t, err)
		t.Cleanup(client.Close)
		limiters[i] = ratelimit.NewRedis(client, ratelimit.NewMemory(time.Now), slog.New(slog.DiscardHandler))
		t.Cleanup(limiters[i].Stop)
		servers[i] = testkit.NewServerOn(t, database, limited(limiters[i]))
	}
	taken := uint64(0)
	for servers[taken%2].Get("/users").Status == http.StatusOK {
		taken++
	}
	assert.GreaterOrEqual(t, taken, uint64(100))
	uncounted := limiters[0].Fallbacks() + limiters[1].Fallbacks() // where a busy machine's Redis was too slow to answer
	assert.LessOrEqual(t, taken, 100+uncounted)
}

// The test's own connections come from 127.0.0.1.
func TestCallersCountByTheAddressThatTrustedProxiesTell(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name    string
		trusted []string
		first   string // X-Forwarded-For of the first call
		second  string // and of the second
		shared  bool   // whether they are one caller
	}{
		{"nobody is trusted", nil, "192.0.2.1", "192.0.2.2", true},
		{"another is trusted", []string{"10.0.0.0/8"}, "192.0.2.1", "192.0.2.2", true},
		{"two callers", []string{"127.0.0.1/32"}, "192.0.2.1", "192.0.2.2", false},
		{"one caller", []string{"127.0.0.1/32"}, "192.0.2.1", "192.0.2.1", true},
		{"what the caller made up before the proxy's word", []string{"127.0.0.1/32"}, "1.2.3.4, 192.0.2.1", "4.3.2.1, 192.0.2.1", true},
		{"a chain of trusted proxies", []string{"127.0.0.1/32", "10.0.0.0/8"}, "192.0.2.1, 10.1.1.1", "192.0.2.2, 10.1.1.1", false},
		{"one network of IPv6", []string{"127.0.0.1/32"}, "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
		{"two networks of IPv6", []string{"127.0.0.1/32"}, "2001:db8:1:2::1", "2001:db8:1:3::1", false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := testkit.NewServer(t, limited(ratelimit.NewMemory((&clock{}).Now), func(c *httpapi.Config) {
				for _, network := range row.trusted {
					c.Proxies = append(c.Proxies, netip.MustParsePrefix(network))
				}
			}))
			c := s.Nobody(t)
			c.Get("/posts", "X-Forwarded-For", row.first).Is(http.StatusOK)
			second := c.Get("/posts", "X-Forwarded-For", row.second).Is(http.StatusOK)
			want := `"default";r=299;t=60`
			if row.shared {
				want = `"default";r=298;t=60`
			}
			assert.Equal(t, want, rateLimit(second)[1])
		})
	}
}

func TestWhoeverIsSignedInCountsByNameAndNotByAddress(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, limited(ratelimit.NewMemory((&clock{}).Now)))
	left := func(c *testkit.Client) string { return rateLimit(c.Get("/users/1"))[1] }
	assert.Equal(t, `"default";r=299;t=60`, left(s.Member(t, 1)))
	assert.Equal(t, `"default";r=299;t=60`, left(s.Member(t, 2)))
	assert.Equal(t, `"default";r=298;t=60`, left(s.Member(t, 1)), "with another token")
}

func TestADocumentedLimitIsTheEnforcedOne(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, limited(ratelimit.NewMemory((&clock{}).Now)))
	for _, op := range testkit.Contract(t).Operations {
		if op.Method != http.MethodGet || op.Policy.RateLimit == nil {
			continue
		}
		path := strings.NewReplacer("{user_id}", "1", "{address_id}", "1", "{post_id}", "1").Replace(op.Path)
		policy := rateLimit(s.Get(path))[0]
		assert.Contains(t, policy, "q="+strconv.Itoa(op.Policy.RateLimit.Requests)+";", op.ID)
		assert.Contains(t, policy, "w="+strconv.Itoa(int(op.Policy.RateLimit.Per.Seconds())), op.ID)
	}
}
