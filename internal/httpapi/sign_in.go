package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity"
)

// signIn are the operations of the tag pages: what a person sees in a browser.
type signIn struct {
	service *identity.Service
	pages   *renderer
	cookies cookies
	now     func() time.Time
	origin  *http.CrossOriginProtection
}

// authorize is the authorization endpoint (RFC 6749, section 3.1): on to the client where the person is signed in and
// has allowed it, else the page that is missing.
func (h signIn) authorize(c echo.Context) error {
	ctx := c.Request().Context()
	r, err := h.service.ParseRequest(ctx, c.Request().URL.RawQuery)
	if err != nil {
		return h.refuse(c, err)
	}
	in, signedIn, err := h.service.Current(ctx, h.cookies.read(c))
	if err != nil {
		return err
	}
	if !signedIn || !h.isFresh(r, in.Session, 0) {
		if r.Wants("none") {
			return h.refuse(c, r.Refuse("login_required", "Nobody is signed in"))
		}
		return h.pages.send(c, pageLogin, loginPage(r))
	}
	return h.proceed(c, r, in)
}

// signIn is the login page's form.
func (h signIn) signIn(c echo.Context) error {
	form, r, err := h.read(c)
	if err != nil {
		return h.refuse(c, err)
	}
	ctx, shown := c.Request().Context(), loginPage(r)
	shown.Email, shown.Proof = form["email"], form["proof"]
	browser := identity.Browser{
		UserAgent: c.Request().UserAgent(), Address: c.RealIP(), Cookie: h.cookies.read(c),
	}
	if form["step"] == "send_code" {
		h.service.SendCode(ctx, form["email"])
		return h.pages.send(c, pageCode, shown)
	}
	name, account := pageLogin, "password "+form["email"]
	if form["step"] == "code" { // which has five attempts: nobody is locked out by somebody elsewhere
		name, account = pageCode, "code "+form["email"]+" "+c.RealIP()
	}
	var in identity.SignedIn
	err = try(ctx, account, func() error {
		if form["step"] == "code" {
			in, err = h.service.SignInByCode(ctx, form["email"], form["code"], form["proof"], browser)
		} else {
			in, err = h.service.SignInByPassword(ctx, form["email"], form["password"], browser)
		}
		return err
	})
	if unverified, ok := errors.AsType[*identity.Unverified](err); ok {
		h.service.SendCode(ctx, form["email"])
		shown.Proof = unverified.Proof
		shown.Notice = "The password is right. Show once by the code that the address is yours."
		return h.pages.send(c, pageCode, shown)
	}
	again := fault.As(err)
	switch {
	case fault.Is(err, fault.Unauthorized):
		shown.Error, shown.Wrong, shown.status = again.Message+".", true, http.StatusBadRequest
		return h.pages.send(c, name, shown)
	case fault.Is(err, fault.TooManyRequests):
		shown.Error, shown.status = again.Message+".", http.StatusTooManyRequests
		setRetryAfter(c, again)
		return h.pages.send(c, name, shown)
	}
	if err != nil {
		return err
	}
	h.cookies.write(c, in.Cookie, in.Session.ExpiresAt)
	return h.proceed(c, r, in)
}

// giveConsent is the consent page's form.
func (h signIn) giveConsent(c echo.Context) error {
	form, r, err := h.read(c)
	if err != nil {
		return h.refuse(c, err)
	}
	ctx := c.Request().Context()
	in, signedIn, err := h.service.Current(ctx, h.cookies.read(c))
	switch {
	case err != nil:
		return err
	case form["decision"] != "allow":
		return h.refuse(c, r.Refuse("access_denied", "The person did not allow it"))
	case !signedIn || !h.isFresh(r, in.Session, consentTime):
		return h.pages.send(c, pageLogin, loginPage(r))
	}
	if err := h.service.Consent(ctx, r, in.User.ID); err != nil {
		return err
	}
	return h.answer(c, r, in)
}

// consentTime is how long a person may think about consent after they have signed in anew for it.
const consentTime = 10 * time.Minute

// isFresh tells whether the person has signed in as lately as the request asks (OpenID Connect Core 1.0, section
// 3.1.2.1), give or take a while.
func (h signIn) isFresh(r identity.Request, session identity.Session, while time.Duration) bool {
	age := h.now().Sub(session.CreatedAt)
	if r.Wants("login") || r.Wants("select_account") {
		return age < while
	}
	return r.MaxAge < 0 || age <= max(r.MaxAge, while)
}

// proceed asks for consent where it is needed, else leads to the client with a code.
func (h signIn) proceed(c echo.Context, r identity.Request, in identity.SignedIn) error {
	needed, err := h.service.NeedsConsent(c.Request().Context(), r, in.User.ID)
	switch {
	case err != nil:
		return err
	case !needed:
		return h.answer(c, r, in)
	case r.Wants("none"):
		return h.refuse(c, r.Refuse("consent_required", "The person has not allowed it yet"))
	}
	p := loginPage(r)
	p.UserName, p.Email = in.User.Name, in.User.Email
	for _, scope := range h.service.Scopes {
		if slices.Contains(r.Scopes, scope.Name) {
			p.Scopes = append(p.Scopes, scope)
		}
	}
	return h.pages.send(c, pageConsent, p)
}

func (h signIn) answer(c echo.Context, r identity.Request, in identity.SignedIn) error {
	location, err := h.service.Code(c.Request().Context(), r, in.Session)
	if fault.Is(err, fault.NotFound) { // the session has ended meanwhile
		return h.pages.send(c, pageLogin, loginPage(r))
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, location)
}

// refuse leads back to the client with what is wrong, where the client and its redirect URI are good.
func (h signIn) refuse(c echo.Context, err error) error {
	if refused, ok := errors.AsType[*identity.Refused](err); ok {
		return c.Redirect(http.StatusSeeOther, refused.Location(h.service.Issuer))
	}
	return err
}

// read reads a form of a page of ours, with its authorization request.
func (h signIn) read(c echo.Context) (map[string]string, identity.Request, error) {
	if err := h.sameOrigin(c); err != nil {
		return nil, identity.Request{}, err
	}
	form := formOf(c)
	r, err := h.service.ParseRequest(c.Request().Context(), form["request"])
	return form, r, err
}

// sameOrigin refuses a form that another site has sent.
func (h signIn) sameOrigin(c echo.Context) error {
	if err := h.origin.Check(c.Request()); err != nil {
		return fault.New(fault.Forbidden, "The form came from another site").Because(err)
	}
	return nil
}

// loginPage is what every page of an authorization request shows.
func loginPage(r identity.Request) view {
	p := view{Request: r.Query, ClientName: r.Client.Name, next: r.RedirectURI, RedirectHost: r.RedirectURI}
	if u, err := url.Parse(r.RedirectURI); err == nil && u.Host != "" {
		p.RedirectHost = u.Host
	}
	return p
}

// endSession asks whether to sign out (OpenID Connect RP-Initiated Logout 1.0, section 2).
func (h signIn) endSession(c echo.Context) error {
	q, ctx := c.QueryParams(), c.Request().Context()
	id := q.Get("client_id")
	if hint := q.Get("id_token_hint"); hint != "" {
		named, err := h.service.ClientOfIDToken(ctx, hint)
		if err != nil {
			return err
		}
		if named == "" || id != "" && id != named {
			return fault.New(fault.Invalid, "The application that sent you here does not say truly which one it is")
		}
		id = named
	}
	client, err := h.logoutClient(ctx, id, q.Get("post_logout_redirect_uri"))
	if err != nil {
		return err
	}
	return h.pages.send(c, pageLogout, view{
		ClientName: client.Name, ClientID: id, Redirect: q.Get("post_logout_redirect_uri"), State: q.Get("state"),
		next: q.Get("post_logout_redirect_uri"),
	})
}

// signOut is the logout page's form.
func (h signIn) signOut(c echo.Context) error {
	if err := h.sameOrigin(c); err != nil {
		return err
	}
	form, ctx := formOf(c), c.Request().Context()
	if _, err := h.logoutClient(ctx, form["client_id"], form["redirect"]); err != nil {
		return err
	}
	if cookie := h.cookies.read(c); cookie != "" {
		if err := h.service.SignOut(ctx, cookie); err != nil {
			return err
		}
		h.cookies.clear(c)
	}
	if form["redirect"] == "" {
		return h.pages.send(c, pageMessage, view{
			Heading: "You are signed out", Text: "Applications that you used with this browser are signed out too.",
		})
	}
	return c.Redirect(http.StatusSeeOther, identity.AddQuery(form["redirect"], url.Values{"state": {form["state"]}}))
}

// logoutClient finds the client that asks, and refuses a URI that it has not registered.
func (h signIn) logoutClient(ctx context.Context, id, redirect string) (identity.Client, error) {
	if id == "" && redirect == "" {
		return identity.Client{}, nil
	}
	client, err := h.service.Client(ctx, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return identity.Client{}, err
	}
	if err != nil || redirect != "" && !identity.AllowsLogout(client, redirect) {
		return identity.Client{}, fault.New(fault.Invalid, "The application that sent you here is not known, or asks to be "+
			"answered at an address that it has not registered")
	}
	return client, nil
}
