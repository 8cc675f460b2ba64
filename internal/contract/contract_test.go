package contract_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
)

const (
	jsonType  = "application/json"
	patchType = "application/merge-patch+json"
	formType  = "application/x-www-form-urlencoded"
)

// rules are what the fixture names.
func rules() contract.Rules {
	return contract.Rules{
		Formats: map[string]func(string) error{
			"person_name": func(text string) error {
				if strings.ContainsAny(text, "0123456789") {
					return errors.New("the contract has better words")
				}
				return nil
			},
			"tag": func(text string) error {
				if strings.Contains(text, " ") {
					return errors.New("must be one word")
				}
				return nil
			},
		},
		Values: map[string]func(any) []fault.Field{"minor": minor},
	}
}

// minor is a rule across fields: whoever is under 18 is active.
func minor(value any) []fault.Field {
	user, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	age, isAge := user["age"].(int64)
	if isAge && age < 18 && user["status"] != "active" {
		return []fault.Field{{Pointer: "/status", Detail: "must be active under 18"}, {Pointer: "/1st", Detail: "is not for minors"}}
	}
	return nil
}

func source(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/contract.yaml")
	require.NoError(t, err)
	return string(text)
}

func load(t testing.TB) *contract.Contract {
	t.Helper()
	c, err := contract.Load([]byte(source(t)), rules())
	require.NoError(t, err)
	return c
}

func request(method, target, contentType, body string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

// render writes a fault as tests state it: its kind, its message, its fields.
func render(err error) string {
	f := fault.As(err)
	if f == nil {
		return fmt.Sprint(err)
	}
	lines := []string{string(f.Kind) + ": " + f.Message}
	for _, field := range f.Fields {
		place := field.Pointer
		if field.In != "" {
			place = field.In + " " + field.Name
		}
		lines = append(lines, place+": "+field.Detail)
	}
	return strings.Join(lines, "\n")
}

// check sends a JSON body to an operation and returns the value that was validated.
func check(t testing.TB, c *contract.Contract, operation, body string) (any, contract.Checked, error) {
	t.Helper()
	r := request(http.MethodPost, "/", jsonType, body)
	checked, err := c.Operation(operation).CheckRequest(r, nil)
	return validated(r), checked, err
}

func validated(r *http.Request) any {
	body, ok := r.Body.(interface{ ValidatedValue() any })
	if !ok {
		return nil
	}
	return body.ValidatedValue()
}

// object returns the validated value of a body that is an object.
func object(t testing.TB, value any) map[string]any {
	t.Helper()
	result, ok := value.(map[string]any)
	require.True(t, ok, "the body is an object")
	return result
}

func lines(texts ...string) string { return strings.Join(texts, "\n") }
