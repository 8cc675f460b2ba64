package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
)

// Request is a good authorization request (RFC 6749, section 4.1.1; OpenID Connect Core 1.0, section 3.1.2.1).
type Request struct {
	Client      Client
	RedirectURI string
	State       string
	Scopes      []string
	Challenge   string
	Nonce       string
	Prompts     []string
	MaxAge      time.Duration // negative: any
	Query       string        // as it was sent
}

// Refused tells that a request is to go back to its client with an error.
type Refused struct {
	Reason             *Error
	RedirectURI, State string
}

// Error is what the client is told.
func (e *Refused) Error() string { return e.Reason.Error() }

// ParseRequest reads an authorization request. Where the client or its redirect URI is not good it returns
// fault.Invalid, for the person to see: nothing is sent there. Else what is wrong is a *Refused.
func (s *Service) ParseRequest(ctx context.Context, query string) (Request, error) {
	q, err := url.ParseQuery(query)
	if err != nil {
		return Request{}, fault.New(fault.Malformed, "The link that led here is broken").Because(err)
	}
	for name, values := range q {
		if len(values) > 1 { // RFC 6749, section 3.1
			return Request{}, fault.New(fault.Invalid, "The link that led here names "+strconv.Quote(name)+" twice")
		}
	}
	client, err := s.DB.Queries(ctx).GetClient(ctx, q.Get("client_id"))
	if errors.Is(err, pgx.ErrNoRows) {
		return Request{}, fault.New(fault.Invalid, "The application that sent you here is not known")
	}
	if err != nil {
		return Request{}, err
	}
	r := Request{
		Client: client, RedirectURI: q.Get("redirect_uri"), State: q.Get("state"), Nonce: q.Get("nonce"),
		Challenge: q.Get("code_challenge"), Scopes: words(q.Get("scope")), Prompts: words(q.Get("prompt")), Query: query,
	}
	if !allowsRedirect(client.RedirectUris, r.RedirectURI) {
		return Request{}, fault.New(fault.Invalid, "The application that sent you here asks to be answered at an address "+
			"that it has not registered")
	}
	if r.MaxAge, err = maxAge(q.Get("max_age")); err == nil {
		err = r.check(q)
	}
	if wrong := (*Error)(nil); errors.As(err, &wrong) {
		return Request{}, r.refuse(wrong)
	}
	return r, nil
}

// check returns what is wrong, as an *Error.
func (r Request) check(q url.Values) error {
	switch {
	case q.Get("request") != "":
		return &Error{"request_not_supported", "Parameters are taken from the query alone"}
	case q.Get("request_uri") != "":
		return &Error{"request_uri_not_supported", "Parameters are taken from the query alone"}
	case q.Get("response_type") == "":
		return &Error{invalidRequest, "response_type is missing"}
	case q.Get("response_type") != "code":
		return &Error{"unsupported_response_type", "response_type must be code"}
	case q.Get("response_mode") != "" && q.Get("response_mode") != "query":
		return &Error{invalidRequest, "response_mode must be query"}
	case r.Challenge == "":
		return &Error{invalidRequest, "code_challenge is missing"}
	case q.Get("code_challenge_method") != methodS256:
		return &Error{invalidRequest, "code_challenge_method must be S256"}
	case !isChallenge(r.Challenge):
		return &Error{invalidRequest, "code_challenge must be a SHA-256 in base64url"}
	case len(r.Scopes) == 0:
		return &Error{invalidScope, "scope is missing"}
	case slices.Contains(r.Prompts, "none") && len(r.Prompts) > 1:
		return &Error{invalidRequest, "prompt must not combine none with others"}
	}
	for _, scope := range r.Scopes {
		if !slices.Contains(r.Client.Scopes, scope) {
			return &Error{invalidScope, "the client may not ask for " + strconv.Quote(scope)}
		}
	}
	return nil
}

// Wants tells whether the request has a prompt.
func (r Request) Wants(prompt string) bool { return slices.Contains(r.Prompts, prompt) }

func (r Request) refuse(e *Error) *Refused {
	return &Refused{Reason: e, RedirectURI: r.RedirectURI, State: r.State}
}

// Refuse sends the request back to its client.
func (r Request) Refuse(code, description string) *Refused {
	return r.refuse(&Error{code, description})
}

// Location is where a refused request goes, with the issuer (RFC 9207, section 2).
func (e *Refused) Location(issuer string) string {
	return AddQuery(e.RedirectURI, url.Values{
		"error": {e.Reason.Code}, "error_description": {e.Reason.Told()}, "state": {e.State}, "iss": {issuer},
	})
}

// Code makes an authorization code for what a person has allowed in a session, and returns where to go with it.
func (s *Service) Code(ctx context.Context, r Request, session Session) (string, error) {
	code := rand.Text()
	err := s.DB.InTx(ctx, func(ctx context.Context) error {
		if err := s.DB.Queries(ctx).DeleteOldAuthorizationCodes(ctx); err != nil {
			return err
		}
		return s.DB.Queries(ctx).InsertAuthorizationCode(ctx, db.InsertAuthorizationCodeParams{
			Hash: hashOf(code), SessionID: session.ID, ClientID: r.Client.ID, RedirectUri: r.RedirectURI,
			CodeChallenge: r.Challenge, Nonce: r.Nonce, Scopes: r.Scopes,
		})
	})
	if err != nil {
		return "", err
	}
	return AddQuery(r.RedirectURI, url.Values{"code": {code}, "state": {r.State}, "iss": {s.Issuer}}), nil
}

// AddQuery adds what is not empty to a URI, whose own query stays (RFC 6749, section 3.1.2).
func AddQuery(uri string, values url.Values) string {
	for name, value := range values {
		if value[0] == "" {
			delete(values, name)
		}
	}
	if len(values) == 0 {
		return uri
	}
	if strings.Contains(uri, "?") {
		return uri + "&" + values.Encode()
	}
	return uri + "?" + values.Encode()
}

// words are the different words of a list with spaces (RFC 6749, section 3.3), in their order.
func words(text string) []string {
	list := []string{}
	for word := range strings.FieldsSeq(text) {
		if !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

func maxAge(text string) (time.Duration, error) {
	if text == "" {
		return -1, nil
	}
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, &Error{invalidRequest, "max_age must be a number of seconds"}
	}
	return time.Duration(seconds) * time.Second, nil
}
