package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

// meanwhile runs acts while a transaction holds what `held` takes, and lets them go on only when that transaction has
// also run `change` and is committed: they have begun before the change and end after it.
func meanwhile(t *testing.T, s *testkit.Server, held, change string, acts ...func()) {
	t.Helper()
	var all sync.WaitGroup
	require.NoError(t, s.DB.InTx(t.Context(), func(ctx context.Context) error {
		_, err := s.DB.Conn(ctx).Exec(ctx, held)
		require.NoError(t, err)
		for _, act := range acts {
			all.Go(act)
		}
		waitForLock(t, s.DB, len(acts))
		_, err = s.DB.Conn(ctx).Exec(ctx, change)
		return err
	}))
	all.Wait()
}

func TestACodeShowsTheAddressThatItWasMailedToAndNoOther(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := testkit.User(t, s.DB)
	execute(t, s.DB, fmt.Sprintf("INSERT INTO email_codes (user_id, hash, expires_at, created_at) "+
		"VALUES (%d, sha256(''), now(), now() - interval '2 minutes')", u.ID))
	meanwhile(t, s, "SELECT FROM email_codes FOR UPDATE", "UPDATE users SET email = 'victim@example.com'", func() {
		s.Identity.SendCode(t.Context(), u.Email)
		s.Identity.Wait()
	})
	code := mailedCode(t, s, u.Email)
	s.Member(t, u.ID).Post("/me/email/verification", object{"code": code}).Is(http.StatusUnprocessableEntity)
	b := newBrowser(t, s).open(authorization(client.ID)).submit("step", "send_code", "email", "victim@example.com")
	b.submit("step", "code", "code", code).shows("Enter the code")
	assert.Empty(t, b.cookie)
}

func TestAChangeOfAddressDoesNotMakeTheNextCodeComeSooner(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB)
	for _, email := range []string{"first@example.com", "second@example.com", "first@example.com"} {
		execute(t, s.DB, "UPDATE users SET email = '"+email+"'")
		s.Identity.SendCode(t.Context(), email)
		s.Identity.Wait()
	}
	mails, err := s.Mail.List(10)
	require.NoError(t, err)
	require.Len(t, mails, 1)
	assert.Equal(t, "first@example.com", mails[0].To)
	s.Member(t, u.ID).Post("/me/email/verification", object{"code": mailedCode(t, s, mails[0].To)}).
		Is(http.StatusUnprocessableEntity) // the address was another one meanwhile
}

func TestWhoSignsInIsLookedAtAgainWhenTheSessionIsOpened(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]string{
		"the password is changed": "UPDATE passwords SET hash = '$argon2id$another'", "the person is suspended": "UPDATE users SET status = 'suspended'",
		"the person is deleted": "UPDATE users SET deleted_at = now()", "the address is changed": "UPDATE users SET email = 'new@example.com'",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := testkit.NewServer(t)
			client, _ := application(t, s, identity.KindPublic, callback)
			u := personWithPassword(t, s)
			b := newBrowser(t, s).open(authorization(client.ID)).shows("Sign in")
			meanwhile(t, s, "SELECT FROM users FOR UPDATE", change, func() {
				b.submit("step", "password", "email", u.Email, "password", secret)
			})
			b.shows("Sign in")
			assert.Empty(t, b.cookie)
			assert.Zero(t, count(t, s.DB, "sessions"))
		})
	}
}

func TestWhatEndsMeanwhileLeadsBackToTheLogin(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	b := newBrowser(t, s).open(authorization(client.ID))
	b.submit("step", "password", "email", u.Email, "password", secret).shows("Town Board asks for access")
	meanwhile(t, s, "DELETE FROM sessions", "", func() { b.submit("decision", "allow") })
	b.shows("Sign in")
}

func TestATokenWhoseSessionHasEndedChangesNothingOfTheSignIn(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := testkit.User(t, s.DB)
	ended := token.Caller{UserID: u.ID, SessionID: exampleSession}
	change := func(context.Context) (user.User, error) { t.Error("it was changed"); return user.User{}, nil }
	_, changeEmail := s.Identity.ChangeEmail(t.Context(), ended, u.ID, change)
	s.Identity.SendCode(t.Context(), u.Email)
	for what, err := range map[string]error{
		"a first password": s.Identity.ChangePassword(t.Context(), ended, nil, secret),
		"the address":      changeEmail,
		"verification":     s.Identity.VerifyEmail(t.Context(), ended, mailedCode(t, s, u.Email)),
	} {
		assert.True(t, fault.Is(err, fault.Unauthorized), "%s: %v", what, err)
	}
	assert.Zero(t, count(t, s.DB, "passwords"))
}

func TestAChangeOfAddressTakesAScopeAndIsToldToTheOldOne(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := personWithPassword(t, s)
	path, body := fmt.Sprintf("/users/%d", u.ID), object{"email": "new@example.com"}
	without := s.As(s.Token(t, "member", u.ID, "users:write"))
	assert.Equal(t, []string{"/email: needs the scope account:write"},
		without.Patch(path, "*", body).Is(http.StatusForbidden).Faults())
	m := s.Member(t, u.ID)
	m.Patch(path, "*", object{"email": strings.ToUpper(u.Email)}).Is(http.StatusOK)
	m.Patch(path, "*", body).Is(http.StatusOK)
	s.Identity.Wait()
	mails, err := s.Mail.List(10)
	require.NoError(t, err)
	require.Len(t, mails, 1, "neither a change of case nor an address that was never verified")
	assert.Equal(t, []string{"Your e-mail address at Plaza was changed", strings.ToUpper(u.Email)},
		[]string{mails[0].Subject, strings.ToUpper(mails[0].To)})
	m.Patch("/users/999", "*", body).Is(http.StatusNotFound)
	s.Patch("/users/999", "*", body).Is(http.StatusNotFound)
}

func TestNobodyElsewhereLocksAPersonOutOfTheirCode(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t, func(c *httpapi.Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	b := newBrowser(t, s).open(authorization(client.ID)).submit("step", "send_code", "email", u.Email)
	code, page := mailedCode(t, s, u.Email), b.page
	elsewhere := newBrowser(t, s).open(authorization(client.ID))
	elsewhere.Client = elsewhere.From("192.0.2.1")
	for range 10 {
		elsewhere.page = page
		elsewhere.submit("step", "code", "email", u.Email, "code", "00000000")
	}
	assert.Equal(t, http.StatusTooManyRequests, elsewhere.submit("step", "code", "code", "00000000").page.Status)
	execute(t, s.DB, "UPDATE email_codes SET attempts = 0") // a new code, a minute later
	b.submit("step", "code", "code", code).shows("Town Board asks for access")
}

func TestConsentIsNoWayAroundSigningInAnew(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	s := testkit.NewServer(t, func(c *httpapi.Config) {
		c.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	for _, asks := range [][]string{{"prompt", "login"}, {"max_age", "0"}} {
		later.Store(0)
		b := newBrowser(t, s).open(authorization(client.ID, asks...)).shows("Sign in")
		b.submit("step", "password", "email", u.Email, "password", secret).shows("Town Board asks for access")
		consent := b.page
		later.Store(int64(11 * time.Minute))
		b.submit("decision", "allow").shows("Sign in")
		later.Store(int64(9 * time.Minute))
		b.page = consent
		assert.NotEmpty(t, b.submit("decision", "allow").led().Get("code"))
	}
}
