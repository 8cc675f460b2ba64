package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAnAdminKeepsTheClients(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	faults := s.Post("/clients", object{
		"name": "Board", "kind": "public", "scopes": []string{"openid", "everything"}, "redirect_uris": []string{"http://board.example/"},
	}).Is(http.StatusUnprocessableEntity).Faults()
	require.Len(t, faults, 1)
	assert.Contains(t, faults[0], "/redirect_uris/0: must be an https URI")
	assert.Equal(t, []string{"/scopes/0: is not a known scope"}, s.Post("/clients", object{
		"name": "Board", "kind": "service", "scopes": []string{"everything"},
	}).Is(http.StatusUnprocessableEntity).Faults())
	s.Post("/clients", object{"name": "Board", "kind": "public", "scopes": []string{"openid"}}).Is(http.StatusUnprocessableEntity)
	s.Post("/clients", object{
		"name": "Board", "kind": "service", "scopes": []string{"openid"}, "redirect_uris": []string{callback},
	}).Is(http.StatusUnprocessableEntity)

	board := s.Post("/clients", object{
		"name": "Board", "kind": "public", "scopes": []string{"openid"}, "redirect_uris": []string{callback},
		"post_logout_redirect_uris": []string{callback + "/bye"},
	}).Is(http.StatusCreated)
	assert.Equal(t, []any{callback + "/bye"}, board.JSON("data", "client", "post_logout_redirect_uris"))
	s.Delete(board.Header.Get("Location")).Is(http.StatusNoContent)

	made := s.Post("/clients", object{"name": "Report", "kind": "service", "scopes": []string{"users:read"}}).Is(http.StatusCreated)
	id, _ := made.JSON("data", "client", "id").(string)
	first, _ := made.JSON("data", "client_secret").(string)
	assert.Equal(t, made.ETag(), s.Get("/clients/"+id).Is(http.StatusOK).ETag())
	ask := func(secret string) *testkit.Answer {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/oauth/token", strings.NewReader("grant_type=client_credentials"))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(id, secret)
		return s.Nobody(t).Do(r)
	}
	old := s.As(text(t, ask(first).Is(http.StatusOK), "access_token"))
	rotated := s.Post("/clients/"+id+"/secret", nil).Is(http.StatusOK)
	second, _ := rotated.JSON("data", "client_secret").(string)
	ask(first).Is(http.StatusUnauthorized)
	ends(t, old)
	fresh := s.As(text(t, ask(second).Is(http.StatusOK), "access_token"))
	assert.Equal(t, id, s.Get("/clients").Is(http.StatusOK).JSON("data", "items", 0, "id"))
	assert.Nil(t, s.Get("/clients?after="+id).Is(http.StatusOK).JSON("data", "items", 0))
	s.Delete("/clients/" + id).Is(http.StatusNoContent)
	ends(t, fresh)
	public, _ := application(t, s, identity.KindPublic, callback)
	s.Post("/clients/"+public.ID+"/secret", nil).Is(http.StatusNotFound)
}
