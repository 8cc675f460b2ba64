package httpapi_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAnIndependentClientSignsAPersonIn(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	u := personWithPassword(t, s)
	client, clientSecret := application(t, s, "confidential", callback)
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, s.HTTP())

	provider, err := oidc.NewProvider(ctx, s.URL)
	require.NoError(t, err)
	config := oauth2.Config{
		ClientID: client.ID, ClientSecret: clientSecret, Endpoint: provider.Endpoint(), RedirectURL: callback,
		Scopes: []string{"openid", "email", "profile", "users:read"},
	}
	pkce := oauth2.GenerateVerifier()
	address, err := url.Parse(config.AuthCodeURL("state", oauth2.S256ChallengeOption(pkce), oidc.Nonce("n-1")))
	require.NoError(t, err)
	b := newBrowser(t, s).open(address.RequestURI()).shows("Sign in")
	b.submit("step", "password", "email", u.Email, "password", secret).shows("Town Board asks for access")
	answer := b.submit("decision", "allow").led()
	assert.Equal(t, "state", answer.Get("state"))

	tokens, err := config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(pkce))
	require.NoError(t, err)
	raw, _ := tokens.Extra("id_token").(string)
	idToken, err := provider.Verifier(&oidc.Config{ClientID: client.ID}).Verify(ctx, raw)
	require.NoError(t, err)
	assert.Equal(t, strconv.FormatInt(u.ID, 10), idToken.Subject)
	assert.Equal(t, "n-1", idToken.Nonce)
	require.NoError(t, idToken.VerifyAccessToken(tokens.AccessToken))

	info, err := provider.UserInfo(ctx, config.TokenSource(ctx, tokens))
	require.NoError(t, err)
	assert.Equal(t, u.Email, info.Email)
	assert.True(t, info.EmailVerified)
	s.As(tokens.AccessToken).Get("/me").Is(http.StatusOK)

	old := tokens.RefreshToken
	expired := *tokens
	expired.AccessToken, expired.Expiry = "", expired.Expiry.AddDate(-1, 0, 0)
	fresh, err := config.TokenSource(ctx, &expired).Token()
	require.NoError(t, err)
	assert.NotEqual(t, old, fresh.RefreshToken)
	s.As(fresh.AccessToken).Get("/me").Is(http.StatusOK)
}

func TestAnIndependentServiceSignsItselfIn(t *testing.T) {
	t.Parallel()
	s := testkit.NewServer(t)
	client, clientSecret := application(t, s, "service")
	config := clientcredentials.Config{
		ClientID: client.ID, ClientSecret: clientSecret, TokenURL: s.URL + "/oauth/token", Scopes: []string{"users:read"},
	}
	tokens, err := config.Token(context.WithValue(t.Context(), oauth2.HTTPClient, s.HTTP()))
	require.NoError(t, err)
	c := s.As(tokens.AccessToken)
	c.Get("/users").Is(http.StatusOK)
	c.Get("/users/1/addresses").Is(http.StatusForbidden) // a scope that was not asked for
	c.Get("/me").Is(http.StatusNotFound)
}
