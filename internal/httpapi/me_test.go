package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestWhereAnotherServerSignsPeopleInNothingOfThatIsServed(t *testing.T) {
	t.Parallel()
	s := furnished(t, func(c *httpapi.Config) { c.Identity = nil })
	refused := 0
	for _, op := range testkit.Contract(t).Operations {
		switch op.Tag {
		case "sessions", "clients":
			example(op).send(s.In(t)).Is(http.StatusNotFound)
			refused++
		case "oauth", "pages":
			assert.NotContains(t, s.API.Routes(), op.Method+" "+op.Path)
			refused++
		}
	}
	assert.Equal(t, 22, refused)
	s.Member(t, owner).Get("/me").Is(http.StatusOK)
}

func TestAPersonSeesAndEndsTheirSessionsAndChangesTheirPassword(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, _ := application(t, s, identity.KindPublic, callback)
	u := personWithPassword(t, s)
	in := func() *testkit.Client {
		_, code := signedIn(t, s, client.ID, u, "scope", "openid users:read account:write")
		return s.As(text(t, exchangeCode(s.Nobody(t), client.ID, code).Is(http.StatusOK), "access_token"))
	}
	here, there := in(), in()
	list := here.Get("/me/sessions").Is(http.StatusOK)
	assert.Equal(t, false, list.JSON("data", "items", 0, "is_current"))
	assert.Equal(t, true, list.JSON("data", "items", 1, "is_current"))
	id, ok := list.JSON("data", "items", 0, "id").(string)
	require.True(t, ok)
	here.Delete("/me/sessions/" + id).Is(http.StatusNoContent)
	here.Delete("/me/sessions/" + id).Is(http.StatusNotFound)
	ends(t, there)

	change := func(body object) *testkit.Answer { return here.Send(http.MethodPut, "/me/password", body) }
	assert.Equal(t, []string{"/current_password: is required"}, change(object{"password": "another good one"}).Is(422).Faults())
	assert.Equal(t, []string{"/current_password: is wrong"}, change(object{"password": "another good one", "current_password": "x"}).Is(422).Faults())
	change(object{"password": "another good one", "current_password": secret}).Is(http.StatusNoContent)
	ends(t, here)

	execute(t, s.DB, "UPDATE users SET email = 'new@example.com' WHERE email = '"+u.Email+"'")
	u.Email = "new@example.com"
	b := newBrowser(t, s).open(authorization(client.ID))
	b.submit("step", "password", "email", u.Email, "password", "another good one").shows("Enter the code")
	m := s.Member(t, u.ID)
	m.Post("/me/email/verification", object{"code": "00000000"}).Is(http.StatusUnprocessableEntity)
	m.Post("/me/email/verification", object{"code": mailedCode(t, s, u.Email)}).Is(http.StatusNoContent)
	m.Post("/me/email/code", nil).Is(http.StatusAccepted)
	newBrowser(t, s).open(authorization(client.ID)).submit("step", "password", "email", u.Email, "password", "another good one").
		shows("Town Board asks for access")
}
