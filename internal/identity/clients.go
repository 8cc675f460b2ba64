package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
)

// The public clients that come with the server.
const (
	ConsoleID = "plaza-console" // of developers' applications on the same machine
	DocsID    = "plaza-docs"    // of the reference page
)

// ClientDraft is what registers a client.
type ClientDraft struct {
	Name                   string
	Kind                   string
	RedirectURIs           []string
	PostLogoutRedirectURIs []string
	Scopes                 []string
}

// CreateClient registers a client and returns its secret, which is not kept; a public client has none. It returns
// fault.Invalid for a scope that the contract does not know.
func (s *Service) CreateClient(ctx context.Context, d ClientDraft) (Client, string, error) {
	if err := s.checkScopes(d.Scopes); err != nil {
		return Client{}, "", err
	}
	secret := ""
	var hash []byte
	if d.Kind != KindPublic {
		secret = rand.Text()
		hash = hashOf(secret)
	}
	made, err := s.DB.Queries(ctx).InsertClient(ctx, db.InsertClientParams{
		ID: strings.ToLower(rand.Text()), Name: d.Name, Kind: d.Kind, SecretHash: hash,
		RedirectUris:           append([]string{}, d.RedirectURIs...), // never null
		PostLogoutRedirectUris: append([]string{}, d.PostLogoutRedirectURIs...), Scopes: d.Scopes,
	})
	return made, secret, err
}

// checkScopes returns fault.Invalid for scopes that nobody could be granted.
func (s *Service) checkScopes(scopes []string) error {
	var faults []fault.Field
	for i, name := range scopes {
		if !slices.ContainsFunc(s.Scopes, func(known contract.Scope) bool { return known.Name == name }) {
			faults = append(faults, fault.Field{Pointer: "/scopes/" + strconv.Itoa(i), Detail: "is not a known scope"})
		}
	}
	if len(faults) > 0 {
		return fault.New(fault.Invalid, "There are unknown scopes", faults...)
	}
	return nil
}

// Clients returns the clients whose ids come after one, in the order of their ids, at most 100.
func (s *Service) Clients(ctx context.Context, after string) ([]Client, error) {
	const size = 100
	return s.DB.Queries(ctx).ListClients(ctx, db.ListClientsParams{After: after, Size: size})
}

// Client returns a client, or fault.NotFound.
func (s *Service) Client(ctx context.Context, id string) (Client, error) {
	c, err := s.DB.Queries(ctx).GetClient(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return Client{}, missing("client")
	}
	return c, err
}

// RotateSecret gives a client a new secret, or returns fault.NotFound, also for a public client.
func (s *Service) RotateSecret(ctx context.Context, id string) (Client, string, error) {
	secret := rand.Text()
	c, err := s.DB.Queries(ctx).UpdateClientSecret(ctx, db.UpdateClientSecretParams{ID: id, SecretHash: hashOf(secret)})
	if errors.Is(err, pgx.ErrNoRows) {
		return Client{}, "", missing("client that has a secret")
	}
	return c, secret, err
}

// DeleteClient ends a client and all that it got, or returns fault.NotFound.
func (s *Service) DeleteClient(ctx context.Context, id string) error {
	return s.DB.InTx(ctx, func(ctx context.Context) error { // repeated where it meets a refresh
		deleted, err := s.DB.Queries(ctx).DeleteClient(ctx, id)
		if err == nil && deleted == 0 {
			return missing("client")
		}
		return err
	})
}

// EnsureConsole makes the public client of development where there is none, and gives it every scope.
func (s *Service) EnsureConsole(ctx context.Context) error {
	return s.ensure(ctx, ConsoleID, "Plaza console",
		"http://localhost/callback", "http://127.0.0.1/callback", "http://localhost/", "http://127.0.0.1/")
}

// EnsureDocs makes the public client of the reference page where there is none, and gives it every scope. Codes go to
// that page alone: below the issuer or, where that is on this machine, by each of its names.
func (s *Service) EnsureDocs(ctx context.Context) error {
	pages := []string{s.Issuer + "/docs"}
	if u, err := url.Parse(s.Issuer); err == nil && isLoopback(u.Hostname()) {
		pages = append(pages, "http://localhost/docs", "http://127.0.0.1/docs")
	}
	return s.ensure(ctx, DocsID, "Plaza reference", pages...)
}

func (s *Service) ensure(ctx context.Context, id, name string, uris ...string) error {
	return s.DB.Queries(ctx).UpdateOwnClient(ctx, db.UpdateOwnClientParams{
		ID: id, Name: name, Kind: KindPublic, RedirectUris: uris, PostLogoutRedirectUris: uris,
		Scopes: contract.ScopeNames(s.Scopes),
	})
}

// AllowsLogout tells whether a client may be led to that URI when a person has signed out.
func AllowsLogout(c Client, uri string) bool { return allowsRedirect(c.PostLogoutRedirectUris, uri) }

// ClientOfIDToken returns the client that an ID token was made for; empty where it is none.
func (s *Service) ClientOfIDToken(ctx context.Context, idToken string) (string, error) {
	return s.tokens.ClientOf(ctx, idToken)
}

// Credentials are what a client shows (RFC 6749, section 2.3.1).
type Credentials struct {
	ID, Secret string
	HasSecret  bool
}

// Authenticate returns the client that shows its credentials, or invalid_client. A public client shows none but its
// id; every other has to show its secret.
func (s *Service) Authenticate(ctx context.Context, shown Credentials) (Client, error) {
	c, err := s.DB.Queries(ctx).GetClient(ctx, shown.ID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Client{}, err
	}
	known := err == nil
	secret := subtle.ConstantTimeCompare(c.SecretHash, hashOf(shown.Secret)) == 1
	if !known || shown.HasSecret && !secret || shown.HasSecret == (c.Kind == KindPublic) {
		return Client{}, &Error{"invalid_client", "The client is not known, or its secret is wrong"}
	}
	return c, nil
}
