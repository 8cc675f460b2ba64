package gotest_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	plaza "github.com/plaza-api/plaza/gen/client"
	"github.com/plaza-api/plaza/internal/testkit"
)

// soon is long for a server on a busy machine, and short for who waits.
const soon = time.Second

func TestAReadIsRepeatedUntilTheServerIsBack(t *testing.T) {
	t.Parallel()
	p, proxy, sent := through(t, testkit.NewServer(t), mendAt(3))
	proxy.Cut()
	_, err := p.System.GetHealth(t.Context())
	require.NoError(t, err)
	assert.Len(t, sent.headers("Accept"), 3)
}

func TestAnAnswerThatNeverComesIsGivenUpAndAskedForAgain(t *testing.T) {
	t.Parallel()
	p, proxy, sent := through(t, testkit.NewServer(t), mendAt(2))
	proxy.Stall()
	_, err := p.System.GetHealth(t.Context(), plaza.WithAttemptTimeout(soon))
	require.NoError(t, err)
	assert.Len(t, sent.headers("Accept"), 2)
}

func TestACreationWhoseAnswerIsCutOffHasOneEffect(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	p, proxy, sent := through(t, s, mendAt(3))
	proxy.CutAnswers()
	var replayed []string
	user, err := p.Users.Create(t.Context(), person(), plaza.OnResponse(func(r *http.Response) {
		replayed = append(replayed, r.Header.Get("Idempotency-Replayed"))
	}))
	require.NoError(t, err)
	assert.Equal(t, []string{"true"}, replayed, "the first attempt had its effect")
	keys := sent.headers("Idempotency-Key")
	assert.Equal(t, []string{keys[0], keys[0], keys[0]}, keys)
	assert.Regexp(t, "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", keys[0])

	all, err := plaza.Collect(connect(t, s).Users.List(t.Context()))
	require.NoError(t, err)
	assert.Equal(t, []plaza.User{user}, all)

	create(t, p)
	assert.NotEqual(t, keys[0], sent.headers("Idempotency-Key")[3], "another call has another key")
}

func TestAChangeWhoseAnswerIsCutOffIsNotRepeated(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	user := create(t, connect(t, s))
	p, proxy, sent := through(t, s, nil)
	proxy.CutAnswers()
	_, err := p.Users.Update(t.Context(), user.ID, plaza.UserPatch{Age: new(60)}, plaza.IfAnyVersion())
	require.ErrorAs(t, err, new(*plaza.NetworkError))
	assert.Len(t, sent.headers("Accept"), 1)
	user, err = connect(t, s).Users.Get(t.Context(), user.ID)
	require.NoError(t, err)
	assert.Equal(t, 60, user.Age, "nobody could know")
}

func TestAChangeWhoseConnectionIsResetIsNotRepeated(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	user := create(t, connect(t, s))
	p, proxy, sent := through(t, s, nil)
	proxy.Reset()
	_, err := p.Users.Update(t.Context(), user.ID, plaza.UserPatch{Age: new(60)}, plaza.IfAnyVersion())
	require.ErrorAs(t, err, new(*plaza.NetworkError))
	require.ErrorAs(t, err, new(*net.OpError))
	assert.Len(t, sent.headers("Accept"), 1)
}

func TestAChangeThatWasNotSentIsRepeated(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	user := create(t, connect(t, s))
	p, proxy, sent := through(t, s, mendAt(2))
	proxy.Cut()
	user, err := p.Users.Update(t.Context(), user.ID, plaza.UserPatch{Age: new(60)}, plaza.IfVersion(user.Version))
	require.NoError(t, err)
	assert.Equal(t, 60, user.Age)
	assert.Len(t, sent.headers("Accept"), 2)
}

func TestADeletionWhoseAnswerIsCutOffFindsThatItIsDone(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	user := create(t, connect(t, s))
	p, proxy, sent := through(t, s, mendAt(2))
	proxy.CutAnswers()
	require.NoError(t, p.Users.Delete(t.Context(), user.ID, plaza.IfVersion(user.Version)))
	assert.Len(t, sent.headers("Accept"), 2)
	require.ErrorAs(t, p.Users.Delete(t.Context(), user.ID), new(*plaza.NotFoundError), "at first hand")
}

func TestNoMoreAttemptsThanAllowed(t *testing.T) {
	t.Parallel()
	p, proxy, sent := through(t, testkit.NewServer(t), nil, plaza.WithRetries(1))
	proxy.CutAnswers()
	_, err := p.System.GetHealth(t.Context())
	var lost *plaza.NetworkError
	require.ErrorAs(t, err, &lost)
	assert.Equal(t, "getHealth", lost.Operation)
	assert.Zero(t, lost.Status)
	assert.Len(t, sent.headers("Accept"), 2)
}

// locked returns a server on whose database nobody can write users until release is called.
func locked(t *testing.T) (s *testkit.Server, release func()) {
	t.Helper()
	url := testkit.URL(t)
	holder, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	_, err = holder.Exec(t.Context(), "BEGIN; LOCK TABLE users IN EXCLUSIVE MODE")
	require.NoError(t, err)
	return testkit.NewServerOn(t, testkit.Open(t, url)), func() {
		assert.NoError(t, holder.Close(context.WithoutCancel(t.Context())))
	}
}

// untilSomebodyWaits returns once somebody waits for a lock.
func untilSomebodyWaits(t *testing.T, s *testkit.Server) {
	t.Helper()
	const query = "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database " +
		"WHERE NOT granted AND datname = current_database())"
	require.Eventually(t, func() bool {
		var waits bool
		err := s.DB.Conn(t.Context()).QueryRow(t.Context(), query).Scan(&waits)
		return assert.NoError(t, err) && waits
	}, 10*time.Second, time.Millisecond)
}

func TestWhatIsAtWorkUnderTheSameKeyIsAskedForAgain(t *testing.T) {
	t.Parallel()
	s, release := locked(t)
	p := connect(t, s)
	draft, key := person(), plaza.WithIdempotencyKey("mine")

	first := make(chan plaza.User)
	go func() {
		user, err := p.Users.Create(t.Context(), draft, key)
		assert.NoError(t, err)
		first <- user
	}()
	var statuses []int
	told := plaza.OnResponse(func(r *http.Response) {
		if statuses = append(statuses, r.StatusCode); r.StatusCode == http.StatusConflict {
			release()
		}
	})
	untilSomebodyWaits(t, s)
	second, err := p.Users.Create(t.Context(), draft, key, told)
	require.NoError(t, err)
	assert.Equal(t, <-first, second)
	assert.Equal(t, []int{http.StatusConflict, http.StatusCreated}, statuses)
}

func TestACallThatIsCancelled(t *testing.T) {
	t.Parallel()
	p, proxy, sent := through(t, testkit.NewServer(t), nil)
	proxy.Stall()
	ctx, cancel := context.WithCancelCause(t.Context())
	sent.before = func(int) { cancel(errors.New("the person went away")) }
	_, err := p.System.GetHealth(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "plaza: getHealth: context canceled: the person went away")
	require.ErrorAs(t, err, new(*plaza.Error))
	assert.Len(t, sent.headers("Accept"), 1)
}

func TestACallThatIsCancelledBetweenTwoAttempts(t *testing.T) {
	t.Parallel()
	s, release := locked(t)
	defer release()
	p := connect(t, s)
	draft, key := person(), plaza.WithIdempotencyKey("mine")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := p.Users.Create(ctx, draft, key)
		done <- err
	}()
	untilSomebodyWaits(t, s)
	_, err := p.Users.Create(ctx, draft, key, plaza.OnResponse(func(*http.Response) { cancel() }))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, <-done, context.Canceled)
}

func TestACallThatTakesTooLong(t *testing.T) {
	t.Parallel()
	p, proxy, sent := through(t, testkit.NewServer(t), nil)
	proxy.Stall()

	_, err := p.System.GetHealth(t.Context(), plaza.WithTimeout(soon))
	require.ErrorAs(t, err, new(*plaza.TimeoutError))
	require.ErrorIs(t, err, context.DeadlineExceeded)

	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	_, err = p.System.GetHealth(ctx, plaza.WithTimeout(0), plaza.WithAttemptTimeout(0))
	require.ErrorAs(t, err, new(*plaza.TimeoutError))
	assert.Len(t, sent.headers("Accept"), 2, "there was no time for another attempt")
}

// Not parallel, so that no other test's goroutines are there.
func TestNothingIsLeftBehind(t *testing.T) { //nolint:paralleltest // see above
	s := testkit.NewServer(t)
	before := goleak.IgnoreCurrent()
	address := strings.TrimPrefix(s.URL, "http://")
	for name, hurt := range map[string]func(*testkit.Proxy){
		"cut": (*testkit.Proxy).CutAnswers, "stalled": (*testkit.Proxy).Stall, "well": func(*testkit.Proxy) {},
	} {
		t.Run(name, func(t *testing.T) {
			proxy := testkit.NewProxy(t, address)
			hurt(proxy)
			transport := &http.Transport{}
			p, err := plaza.New("http://"+proxy.Address, plaza.WithHTTPClient(&http.Client{Transport: transport}))
			require.NoError(t, err)
			_, err = plaza.Collect(p.Posts.List(t.Context(), plaza.WithAttemptTimeout(soon), plaza.WithRetries(1)))
			assert.Equal(t, name != "well", err != nil)
			transport.CloseIdleConnections()
		})
	}
	goleak.VerifyNone(t, before)
}
