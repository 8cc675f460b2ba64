package contract

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Scope is a permission that an access token may carry (RFC 6749, section 3.3).
type Scope struct{ Name, Description string }

// Scopes returns those that the security schemes declare, in alphabetical order.
func (c *Contract) Scopes() []Scope { return scopesOf(c.Document) }

func scopesOf(document *openapi3.T) []Scope {
	all := map[string]string{}
	for _, scheme := range document.Components.SecuritySchemes {
		if flows := scheme.Value.Flows; flows != nil && flows.AuthorizationCode != nil {
			maps.Copy(all, flows.AuthorizationCode.Scopes)
		}
	}
	scopes := make([]Scope, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		scopes = append(scopes, Scope{Name: name, Description: all[name]})
	}
	return scopes
}

// ScopeNames are the names of scopes.
func ScopeNames(scopes []Scope) []string {
	names := make([]string, len(scopes))
	for i, scope := range scopes {
		names[i] = scope.Name
	}
	return names
}
