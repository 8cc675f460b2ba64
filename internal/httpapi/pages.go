package httpapi

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
)

//go:embed pages
var pageFiles embed.FS

// The pages, by their files.
const (
	pageLogin   = "login.html"
	pageCode    = "code.html"
	pageConsent = "consent.html"
	pageLogout  = "logout.html"
	pageMessage = "message.html"
)

// view is what pages show; each has a part of it.
type view struct {
	Style              template.CSS
	Error, Notice      string
	Wrong              bool   // what was typed, says Error
	Request            string // the query of the authorization request
	ClientName         string
	Email, Proof       string
	UserName           string
	Scopes             []contract.Scope
	RedirectHost       string
	ClientID, Redirect string
	State              string
	Heading, Text      string
	RequestID          string
	next               string // the URI that a form of the page may lead to; empty: none but this server's
	status             int    // 0 is 200
}

// renderer makes pages.
type renderer struct {
	templates map[string]*template.Template
	style     template.CSS
	styleHash string // as a Content-Security-Policy names it
}

func newRenderer() (*renderer, error) {
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	sum := sha256.Sum256(style)
	r := &renderer{
		templates: map[string]*template.Template{}, style: template.CSS(style), //nolint:gosec // it is ours
		styleHash: "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
	for _, name := range []string{pageLogin, pageCode, pageConsent, pageLogout, pageMessage} {
		if r.templates[name], err = template.ParseFS(pageFiles, "pages/layout.html", "pages/"+name); err != nil {
			return nil, fmt.Errorf("pages: %w", err)
		}
	}
	return r, nil
}

// send answers with a page, which may load and run nothing, and be framed by nobody. Browsers hold form-action also
// against where the answer to a form leads, hence the client's origin.
func (r *renderer) send(c echo.Context, name string, p view) error {
	p.Style = r.style
	var body bytes.Buffer
	if err := r.templates[name].ExecuteTemplate(&body, "layout", p); err != nil {
		return fmt.Errorf("pages: %s: %w", name, err)
	}
	c.Response().Header().Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; style-src "+r.styleHash+
		"; form-action 'self'"+formTarget(p.next)+"; base-uri 'none'; frame-ancestors 'none'")
	return c.HTMLBlob(max(p.status, http.StatusOK), body.Bytes())
}

// formTarget is what form-action needs for a redirect URI: its origin, or a scheme of its own. What has a meaning in a
// policy is in no URI that was registered.
func formTarget(uri string) string {
	u, err := url.Parse(uri)
	switch {
	case uri == "" || err != nil:
		return ""
	case u.Host != "":
		return " " + u.Scheme + "://" + u.Host
	default:
		return " " + u.Scheme + ":"
	}
}

// sendErrorPage answers with a page that says what is wrong.
func (s *Server) sendErrorPage(f *fault.Fault, c echo.Context) error {
	status := http.StatusBadRequest
	if slices.Contains([]fault.Kind{
		fault.Forbidden, fault.RequestTimeout, fault.TooManyRequests, fault.Internal, fault.Unavailable, fault.Timeout,
	}, f.Kind) { // everything else is the request's fault
		status = statuses[f.Kind].status
	}
	return s.pages.send(c, pageMessage, view{
		Heading: "That did not work", Text: f.Message + ".", RequestID: requestIDOf(c.Request().Context()), status: status,
	})
}

// cookies are the session's: in production bound to the host and to HTTPS (RFC 6265bis, section 4.1.3.2).
type cookies struct{ secure bool }

func (k cookies) name() string { return cookieName(k.secure, "plaza-session") }

// cookieName is how a browser knows that a cookie came from this host, over HTTPS.
func cookieName(secure bool, name string) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// read returns the cookie's value; empty where there is none.
func (k cookies) read(c echo.Context) string {
	cookie, err := c.Cookie(k.name())
	if err != nil {
		return ""
	}
	return cookie.Value
}

// write gives the browser a session, for as long as that lives.
func (k cookies) write(c echo.Context, value string, until time.Time) {
	c.SetCookie(&http.Cookie{ //nolint:gosec // without HTTPS there is no secure cookie
		Name: k.name(), Value: value, Path: "/", Expires: until, Secure: k.secure, HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	})
}

// clear takes the session away from the browser.
func (k cookies) clear(c echo.Context) { k.write(c, "", time.Unix(1, 0)) }
