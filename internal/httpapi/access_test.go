package httpapi_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/testkit"
)

const (
	success = 0 // any 2xx
	owner   = 1 // the user whose things the examples of the contract name
	another = 2
)

// furnished is a server with what the examples of the contract name.
func furnished(t *testing.T, change ...func(*httpapi.Config)) *testkit.Server {
	t.Helper()
	s := testkit.NewServer(t, change...)
	furnish(t, s.DB)
	return s
}

// allowed says what the contract promises a caller of an operation.
func allowed(op *contract.Operation, role string, userID int64) int {
	p := op.Policy
	switch {
	case p.Security.Anonymous:
		return exampleStatus(op)
	case role == "":
		return http.StatusUnauthorized
	case len(p.Roles) > 0 && !slices.Contains(p.Roles, role):
		return http.StatusForbidden
	case role == "service" && op.ID == "getMe":
		return http.StatusNotFound
	case role == "member" && p.Owner != "" && userID != owner:
		return http.StatusNotFound
	case op.ID == "deleteSession" && userID != owner:
		return http.StatusNotFound
	default:
		return exampleStatus(op)
	}
}

func requireStatus(t *testing.T, want int, a *testkit.Answer) {
	t.Helper()
	if want == success {
		require.Equal(t, 2, a.Status/100, "status %d, body %s", a.Status, a.Body)
		return
	}
	a.Is(want)
}

func TestEveryOperationAnswersEveryCallerAsTheContractSays(t *testing.T) {
	t.Parallel()
	callers := []struct {
		name, role string
		userID     int64
	}{
		{"nobody", "", 0},
		{"the owner", "member", owner},
		{"another member", "member", another},
		{"an admin", "admin", another},
		{"a service", "service", 0},
	}
	for _, op := range testkit.Contract(t).Operations {
		for _, caller := range callers {
			t.Run(op.ID+" called by "+caller.name, func(t *testing.T) {
				t.Parallel()
				s := furnished(t)
				c := s.Nobody(t)
				if caller.role != "" {
					c = c.As(s.Token(t, caller.role, caller.userID))
				}
				a := example(op).send(c)
				requireStatus(t, allowed(op, caller.role, caller.userID), a)
				if a.Status == http.StatusUnauthorized && op.Policy.Security.Alternatives != nil {
					assert.Equal(t, `Bearer realm="plaza"`, a.Header.Get("WWW-Authenticate"))
				}
			})
		}
	}
}

func TestEachScopeThatAnOperationStatesIsNeeded(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, op := range testkit.Contract(t).Operations {
		for _, alternative := range op.Policy.Security.Alternatives {
			for _, scope := range alternative.Scopes {
				tried++
				t.Run(op.ID+" without "+scope, func(t *testing.T) {
					t.Parallel()
					s := furnished(t)
					others := slices.DeleteFunc(testkit.Scopes(t), func(s string) bool { return s == scope })
					a := example(op).send(s.As(s.Token(t, "admin", owner, others...))).Is(http.StatusForbidden)
					assert.Equal(t, `Bearer realm="plaza", error="insufficient_scope", scope="`+scope+`"`, a.Header.Get("WWW-Authenticate"))
					requireStatus(t, exampleStatus(op), example(op).send(s.As(s.Token(t, "admin", owner, scope))))
				})
			}
		}
	}
	require.NotZero(t, tried)
}

func TestATokenThatIsNotGoodIsRefusedWhereverOneIsTaken(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	eachOperation(t, s, http.StatusUnauthorized, func(t *testing.T, c *testkit.Client, op *contract.Operation) {
		for authorization, reason := range map[string]string{
			"Bearer " + strings.Repeat("a.", 2) + "a": "invalid_token",
			"Bearer":                 "invalid_request",
			"Bearer ":                "invalid_request",
			"Basic YW5uOnNlY3JldA==": "invalid_request",
			"Bearer " + s.Token(t, "admin", 1) + ", Bearer": "invalid_request",
		} {
			a := example(op).send(c, "Authorization", authorization).Is(http.StatusUnauthorized)
			assert.Equal(t, `Bearer realm="plaza", error="`+reason+`"`, a.Header.Get("WWW-Authenticate"), authorization)
		}
	})
}

// What tells two problems apart though they say the same.
func withoutNames(t *testing.T, a *testkit.Answer) string {
	t.Helper()
	var p map[string]any
	a.Into(&p)
	for _, key := range []string{"instance", "timestamp", "request_id"} {
		delete(p, key)
	}
	text, err := json.Marshal(p)
	require.NoError(t, err)
	return strconv.Itoa(a.Status) + " " + string(text)
}

func TestAnothersThingsAnswerExactlyAsMissingOnes(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, op := range testkit.Contract(t).Operations {
		if op.Policy.Owner == "" {
			continue
		}
		tried++
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			s := furnished(t)
			c := s.Member(t, another)
			missing := example(op)
			missing.path = strings.Replace(missing.path, "/users/1", "/users/999", 1)
			faulty := example(op)
			faulty.path += "?unknown=1"
			assert.Equal(t, withoutNames(t, missing.send(c)), withoutNames(t, example(op).send(c)))
			faulty.send(c).Is(http.StatusUnprocessableEntity)
			faulty.path = strings.Replace(faulty.path, "/users/1", "/users/abc", 1)
			assert.Len(t, faulty.send(c).Is(http.StatusUnprocessableEntity).Faults(), 2)
		})
	}
	require.NotZero(t, tried)
}

// What a body does not have, under every name that the contract knows.
func TestWhatIsNotTheCallersToSetIsRefusedInEveryBody(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, schema := range testkit.Contract(t).Document.Components.Schemas {
		for name := range schema.Value.Properties {
			names[name] = true
		}
	}
	s := furnished(t)
	eachOperation(t, s, http.StatusUnsupportedMediaType, func(t *testing.T, c *testkit.Client, op *contract.Operation) {
		good := example(op)
		fields, isObject := good.body.(map[string]any)
		require.True(t, isObject)
		var schema *openapi3.Schema
		for _, content := range op.Spec.RequestBody.Value.Content {
			schema = content.Schema.Value
		}
		const atOnce = 50 // a problem names no more than 100 faults
		for some := range slices.Chunk(slices.Sorted(maps.Keys(names)), atOnce) {
			r, body, want := good, maps.Clone(fields), map[string]bool{}
			for _, name := range some {
				if schema.Properties[name] == nil {
					body[name], want["/"+name] = 1, true
				}
			}
			r.body = body
			got := map[string]bool{}
			for _, f := range r.send(c).Is(http.StatusUnprocessableEntity).Faults() {
				pointer, _, _ := strings.Cut(f, ":")
				got[pointer] = true
			}
			assert.Equal(t, want, got)
		}
	})
}

func TestMembersMayNotSetWhatIsAnAdmins(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	m := s.Member(t, owner)
	patch := object{"status": "active", "role": "admin", "age": 40}
	refused := m.Patch("/users/1", "*", patch).Is(http.StatusForbidden)
	assert.Equal(t, []string{"/status: may only be set by admin", "/role: may only be set by admin"}, refused.Faults())
	assert.EqualValues(t, 34, m.Get("/users/1").Is(http.StatusOK).JSON("age"), "nothing of it was done")

	for _, c := range []*testkit.Client{m, s.Nobody(t)} {
		faults := c.Post("/users", person(object{"status": "inactive"})).Is(http.StatusForbidden).Faults()
		assert.Equal(t, []string{"/status: may only be set by admin"}, faults)
	}
	s.Patch("/users/1", "*", patch).Is(http.StatusOK)
	assert.Equal(t, "admin", s.Get("/users/1").Is(http.StatusOK).JSON("role"))
}

func TestAChangeOfRoleSuspensionAndDeletionEndAPersonsTokens(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(s *testkit.Server){
		"role":       func(s *testkit.Server) { s.Patch("/users/1", "*", object{"role": "admin"}).Is(http.StatusOK) },
		"suspension": func(s *testkit.Server) { s.Patch("/users/1", "*", object{"status": "suspended"}).Is(http.StatusOK) },
		"deletion":   func(s *testkit.Server) { s.Delete("/users/1").Is(http.StatusNoContent) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := furnished(t)
			m := s.Member(t, owner)
			s.Client = s.As(s.Token(t, "admin", another))
			m.Get("/me").Is(http.StatusOK)
			change(s)
			require.Eventually(t, func() bool { return m.Get("/me").Status == http.StatusUnauthorized },
				10*time.Second, time.Millisecond)
			s.Member(t, another).Get("/me").Is(http.StatusOK)
		})
	}
}

func TestSignUpCanBeClosed(t *testing.T) {
	t.Parallel()
	s := furnished(t, func(c *httpapi.Config) { c.SignUpClosed = true })
	s.Nobody(t).Post("/users", person()).Is(http.StatusUnauthorized)
	s.Member(t, owner).Post("/users", person()).Is(http.StatusForbidden)
	s.Post("/users", person()).Is(http.StatusCreated)
}
