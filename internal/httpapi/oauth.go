package httpapi

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/identity/token"
)

// oauth are the operations of the tag oauth: what clients speak with the authorization server.
type oauth struct {
	service *identity.Service
}

// exchangeToken is the token endpoint (RFC 6749, section 3.2).
func (h oauth) exchangeToken(c echo.Context) error {
	client, form, err := h.authenticate(c)
	if err != nil {
		return err
	}
	tokens, err := h.service.Exchange(c.Request().Context(), client, identity.Exchange{
		GrantType: form["grant_type"], Code: form["code"], RedirectURI: form["redirect_uri"],
		Verifier: form["code_verifier"], RefreshToken: form["refresh_token"], Scope: form["scope"],
	})
	if err != nil {
		return err
	}
	return sendJSON(c, api.TokenResponse{
		AccessToken: tokens.Access, TokenType: api.TokenResponseTokenTypeBearer,
		ExpiresIn: int32(identity.AccessTTL.Seconds()), Scope: strings.Join(tokens.Scopes, " "),
		RefreshToken: orNull(tokens.Refresh), IDToken: orNull(tokens.ID),
	})
}

// revokeToken is the revocation endpoint (RFC 7009).
func (h oauth) revokeToken(c echo.Context) error {
	client, form, err := h.authenticate(c)
	if err != nil {
		return err
	}
	if form["token"] == "" {
		return &identity.Error{Code: "invalid_request", Description: "token is missing"}
	}
	if err := h.service.Revoke(c.Request().Context(), client, form["token"]); err != nil {
		return err
	}
	return c.NoContent(http.StatusOK)
}

// introspectToken is the introspection endpoint (RFC 7662). A public client cannot show that it is who it says.
func (h oauth) introspectToken(c echo.Context) error {
	client, form, err := h.authenticate(c)
	switch {
	case err != nil:
		return err
	case client.Kind == identity.KindPublic:
		return &identity.Error{Code: "invalid_client", Description: "A public client cannot ask about tokens"}
	case form["token"] == "":
		return &identity.Error{Code: "invalid_request", Description: "token is missing"}
	}
	told, err := h.service.Introspect(c.Request().Context(), client, form["token"])
	if err != nil {
		return err
	}
	if !told.Active {
		return sendJSON(c, api.Introspection{Active: false})
	}
	subject := told.Caller.ClientID
	if told.Caller.UserID != 0 {
		subject = strconv.FormatInt(told.Caller.UserID, 10)
	}
	until, scope := told.ExpiresAt.Unix(), strings.Join(told.Scopes, " ")
	return sendJSON(c, api.Introspection{
		Active: true, TokenType: &told.Kind, Scope: &scope, ClientID: &told.Caller.ClientID, Sub: &subject,
		Iss: &h.service.Issuer, Exp: &until,
	})
}

// getUserInfo is the userinfo endpoint (OpenID Connect Core 1.0, section 5.3).
func (h oauth) getUserInfo(c echo.Context) error {
	caller, _ := token.CallerOf(c.Request().Context())
	u, err := h.service.Person(c.Request().Context(), caller.UserID)
	if err != nil {
		return err
	}
	info := api.UserInfo{Sub: strconv.FormatInt(u.ID, 10)}
	if caller.Has("profile") {
		info.Name = &u.Name
	}
	if caller.Has("email") {
		verified := u.EmailVerifiedAt != nil
		info.Email, info.EmailVerified = &u.Email, &verified
	}
	return sendJSON(c, info)
}

// getKeys is the JSON Web Key Set (RFC 7517, section 5).
func (h oauth) getKeys(c echo.Context) error {
	keys, err := h.service.Keys.Public(c.Request().Context())
	if err != nil {
		return err
	}
	return sendJSON(c, map[string][]json.RawMessage{"keys": keys})
}

// getMetadata tells what is offered (RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3).
func (h oauth) getMetadata(c echo.Context) error {
	at := func(path string) *string {
		address := h.service.Issuer + path
		return &address
	}
	words := func(list ...string) *[]string { return &list }
	scopes, yes := contract.ScopeNames(h.service.Scopes), true
	return sendJSON(c, api.ServerMetadata{
		Issuer: h.service.Issuer, AuthorizationEndpoint: *at("/oauth/authorize"), TokenEndpoint: *at("/oauth/token"),
		JwksURI: *at("/oauth/keys"), UserinfoEndpoint: at("/oauth/userinfo"), RevocationEndpoint: at("/oauth/revoke"),
		IntrospectionEndpoint: at("/oauth/introspect"), EndSessionEndpoint: at("/oauth/logout"),
		ScopesSupported: &scopes, ResponseTypesSupported: words("code"), ResponseModesSupported: words("query"),
		GrantTypesSupported:   words("authorization_code", "refresh_token", "client_credentials"),
		SubjectTypesSupported: words("public"), IDTokenSigningAlgValuesSupported: words("ES256"),
		CodeChallengeMethodsSupported:              words("S256"),
		TokenEndpointAuthMethodsSupported:          words("none", "client_secret_basic"),
		RevocationEndpointAuthMethodsSupported:     words("none", "client_secret_basic"),
		IntrospectionEndpointAuthMethodsSupported:  words("client_secret_basic"),
		PromptValuesSupported:                      words("none", "login", "consent"),
		ClaimsSupported:                            words("sub", "name", "email", "email_verified", "auth_time", "sid"),
		AuthorizationResponseIssParameterSupported: &yes,
	})
}

// authenticate finds out which client calls (RFC 6749, section 2.3.1), and reads the form.
func (h oauth) authenticate(c echo.Context) (identity.Client, map[string]string, error) {
	form := formOf(c)
	shown, err := credentials(c.Request(), form)
	if err != nil {
		return identity.Client{}, nil, err
	}
	var client identity.Client
	ctx := c.Request().Context()
	// By address alone: nobody guesses a client's secret, and anybody could stop a client by guessing.
	err = try(ctx, "", func() error {
		client, err = h.service.Authenticate(ctx, shown)
		return err
	})
	return client, form, err
}

// credentials reads what a client shows: HTTP Basic, or its id alone.
func credentials(r *http.Request, form map[string]string) (identity.Credentials, error) {
	broken := func(what string) error { return &identity.Error{Code: "invalid_request", Description: what} }
	if form["client_secret"] != "" {
		return identity.Credentials{}, broken("A client's secret is taken by HTTP Basic alone")
	}
	header := r.Header[echo.HeaderAuthorization]
	if len(header) == 0 {
		return identity.Credentials{ID: form["client_id"]}, nil
	}
	scheme, encoded, _ := strings.Cut(header[0], " ")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	name, secret, found := strings.Cut(string(raw), ":")
	if err != nil || !found || len(header) > 1 || !strings.EqualFold(scheme, "Basic") {
		return identity.Credentials{}, &identity.Error{
			Code: "invalid_client", Description: "Authorization must be one Basic credential",
		}
	}
	id, errID := url.QueryUnescape(name)
	unescaped, errSecret := url.QueryUnescape(secret)
	if errID != nil || errSecret != nil {
		return identity.Credentials{}, broken("Authorization must be form-encoded before it is Basic")
	}
	if form["client_id"] != "" && form["client_id"] != id {
		return identity.Credentials{}, broken("client_id is another than that of Authorization")
	}
	return identity.Credentials{ID: id, Secret: unescaped, HasSecret: true}, nil
}

// formOf returns the fields of the form that was checked.
func formOf(c echo.Context) map[string]string {
	form := map[string]string{}
	if body, ok := c.Request().Body.(interface{ ValidatedValue() any }); ok {
		fields, _ := body.ValidatedValue().(map[string]any)
		for name, value := range fields {
			if text, ok := value.(string); ok {
				form[name] = text
			}
		}
	}
	return form
}

func sendJSON(c echo.Context, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, body)
}
