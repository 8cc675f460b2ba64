package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/identity/password"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestASessionAndWhatCameOfItEndTogether(t *testing.T) {
	t.Parallel()
	for what, statement := range map[string]string{
		"it has expired":              "UPDATE sessions SET expires_at = now() - interval '1 s'",
		"the password was changed":    "UPDATE passwords SET hash = hash",
		"the role was changed":        "UPDATE users SET role = 'admin'",
		"the person was suspended":    "UPDATE users SET status = 'suspended'",
		"the person was reinstated":   "UPDATE users SET status = 'suspended'; UPDATE users SET status = 'active'",
		"the person was deleted":      "UPDATE users SET deleted_at = now()",
		"it is of a suspended person": "ALTER TABLE users DISABLE TRIGGER users_revoke; UPDATE users SET status = 'suspended'",
		"it is of a deleted person":   "ALTER TABLE users DISABLE TRIGGER users_revoke; UPDATE users SET deleted_at = now()",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := testkit.NewServer(t)
			client, _ := application(t, s, identity.KindPublic, callback)
			b, code := signedIn(t, s, client.ID, personWithPassword(t, s))
			tokens := exchangeCode(s.Nobody(t), client.ID, code).Is(http.StatusOK)
			second := b.open(authorization(client.ID)).submit("decision", "allow").led().Get("code")
			execute(t, s.DB, statement)
			b.open(authorization(client.ID)).shows("Sign in")
			for _, a := range []*testkit.Answer{
				exchangeCode(s.Nobody(t), client.ID, second),
				askToken(s.Nobody(t), "grant_type", "refresh_token", "client_id", client.ID, "refresh_token", text(t, tokens, "refresh_token")),
			} {
				assert.Equal(t, "invalid_grant", a.Is(http.StatusBadRequest).JSON("error"))
			}
		})
	}
}

func TestAChangeOfPasswordEndsTokensThatRestOnNoSession(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := personWithPassword(t, s)
	m := s.Member(t, u.ID)
	m.Get("/me").Is(http.StatusOK)
	execute(t, s.DB, "UPDATE passwords SET hash = hash")
	ends(t, m)
}

func TestASuspendedPersonIsAnsweredLikeAStranger(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	b := newBrowser(t, s).open(authorization(client.ID)).submit("step", "send_code", "email", u.Email)
	code := mailedCode(t, s, u.Email)
	execute(t, s.DB, "UPDATE users SET status = 'suspended'")
	b.submit("step", "code", "code", code).shows("Enter the code")
	assert.Empty(t, b.cookie)
	b.open(authorization(client.ID)).submit("step", "password", "email", u.Email, "password", secret).shows("Sign in")
	assert.Empty(t, b.cookie)
}

func TestAMailedCodeIsForOnePersonTenMinutesAndOneUse(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	ann, ben := testkit.User(t, s.DB), testkit.User(t, s.DB)
	b := newBrowser(t, s).open(authorization(client.ID)).submit("step", "send_code", "email", ann.Email)
	code, page := mailedCode(t, s, ann.Email), b.page
	s.Identity.SendCode(t.Context(), ben.Email)
	s.Identity.Wait()
	b.submit("step", "code", "email", ben.Email, "code", code).shows("Enter the code")
	verify := func(code string) *testkit.Answer {
		return s.Member(t, ann.ID).Post("/me/email/verification", object{"code": code})
	}
	s.Member(t, ben.ID).Post("/me/email/verification", object{"code": code}).Is(http.StatusUnprocessableEntity)

	execute(t, s.DB, "UPDATE email_codes SET expires_at = now() - interval '1 s'")
	verify(code).Is(http.StatusUnprocessableEntity)
	b.page = page
	b.submit("step", "code", "code", code).shows("Enter the code")

	execute(t, s.DB, "UPDATE email_codes SET attempts = 5, created_at = now() - interval '61 s'")
	s.Identity.SendCode(t.Context(), ann.Email)
	code = mailedCode(t, s, ann.Email)
	var used atomic.Int32
	use := func() { // as on two servers: on one they would take turns
		if _, err := s.Identity.SignInByCode(t.Context(), ann.Email, code, "", identity.Browser{}); err == nil {
			used.Add(1)
		}
	}
	meanwhile(t, s, "SELECT FROM users FOR UPDATE", "", use, use)
	assert.EqualValues(t, 1, used.Load())
}

func TestAProofOfThePasswordIsForThatPasswordAndAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	signUp := func(name string) (email string, b *browser) {
		email = name + "@example.com"
		s.Nobody(t).Post("/users", person(object{"email": email, "password": secret})).Is(http.StatusCreated)
		b = newBrowser(t, s).open(authorization(client.ID)).submit("step", "password", "email", email, "password", secret)
		return email, b.shows("Enter the code")
	}
	victim, _ := signUp("victim")
	code := mailedCode(t, s, victim)
	_, thief := signUp("thief")
	thief.submit("step", "code", "email", victim, "code", code).shows("Town Board asks for access")
	assert.Equal(t, 1, count(t, s.DB, "passwords"), "the victim's is gone: the proof was another's")

	late, b := signUp("late")
	s.Identity.Now = func() time.Time { return time.Now().Add(16 * time.Minute) }
	b.submit("step", "code", "code", mailedCode(t, s, late)).shows("Town Board asks for access")
	assert.Equal(t, 1, count(t, s.DB, "passwords"), "the late one's is gone")
}

func TestTheFirstProofOfAnAddressEndsTheSessionsBeforeIt(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := testkit.User(t, s.DB)
	byCode := func(email string) *browser {
		b := newBrowser(t, s).open(authorization(client.ID)).submit("step", "send_code", "email", email)
		return b.submit("step", "code", "code", mailedCode(t, s, email)).shows("Town Board asks for access")
	}
	before := byCode(u.Email)
	execute(t, s.DB, fmt.Sprintf("UPDATE users SET email = 'new@example.com' WHERE id = %d", u.ID))
	byCode("new@example.com")
	before.open(authorization(client.ID)).shows("Sign in")
}

func TestAttemptsAtOnceDoNotSlipPastTheCount(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	page := newBrowser(t, s).open(authorization(client.ID)).page
	statuses := make(chan int, 50)
	var calls sync.WaitGroup
	for range cap(statuses) {
		calls.Go(func() {
			b := newBrowser(t, s)
			b.page = page
			statuses <- b.submit("step", "password", "email", u.Email, "password", "wrong").page.Status
		})
	}
	calls.Wait()
	close(statuses)
	seen := map[int]int{}
	for status := range statuses {
		seen[status]++
	}
	assert.Equal(t, map[int]int{http.StatusBadRequest: 10, http.StatusTooManyRequests: 40}, seen)

	m, body := s.Member(t, u.ID), object{"current_password": "wrong", "password": "another good one"}
	for range 10 {
		m.Send(http.MethodPut, "/me/password", body).Is(http.StatusUnprocessableEntity)
	}
	m.Send(http.MethodPut, "/me/password", body).Is(http.StatusTooManyRequests)
}

func TestAPasswordThatWasChangedMeanwhileIsNotChangedAgain(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := personWithPassword(t, s)
	meanwhile(t, s, "SELECT FROM users FOR UPDATE", "UPDATE passwords SET hash = '$argon2id$another'", func() {
		s.Member(t, u.ID).Send(http.MethodPut, "/me/password", object{"current_password": secret, "password": "another good one"}).
			Is(http.StatusConflict)
	})
}

func TestAnUnknownPersonTakesATurnAtHashingToo(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	known := personWithPassword(t, s)
	s.Identity.Passwords = password.New(0)
	for _, email := range []string{known.Email, "nobody@example.com"} {
		soon, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		_, err := s.Identity.SignInByPassword(soon, email, secret, identity.Browser{})
		cancel()
		assert.True(t, fault.Is(err, fault.Unavailable), "%s: %v", email, err)
	}
}
