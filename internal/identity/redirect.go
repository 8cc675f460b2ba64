package identity

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

var errRedirectURI = errors.New(
	"must be an https URI without a fragment, http for a loopback address, or a private-use scheme as in " +
		"com.example.app:/callback")

// CheckRedirectURI returns an error unless a client may register the URI (RFC 6749, section 3.1.2; RFC 8252, section
// 7; RFC 9700, section 4.1).
func CheckRedirectURI(text string) error {
	u, err := url.Parse(text)
	good := err == nil && !strings.ContainsAny(text, "#* \\;,'\"") && u.User == nil
	switch {
	case !good:
	case u.Scheme == "https":
		good = u.Hostname() != ""
	case u.Scheme == "http":
		good = isLoopback(u.Hostname())
	default: // a private-use scheme is a domain name in reverse (RFC 8252, section 7.1)
		good = strings.Contains(u.Scheme, ".") && u.Host == "" && strings.HasPrefix(u.Path, "/")
	}
	if !good {
		return errRedirectURI
	}
	return nil
}

// allowsRedirect tells whether one of the registered URIs is this one: exactly, but for the port of a loopback address
// (RFC 8252, section 7.3).
func allowsRedirect(registered []string, asked string) bool {
	return slices.Contains(registered, asked) || slices.ContainsFunc(registered, func(uri string) bool {
		a, okA := withoutPort(uri)
		b, okB := withoutPort(asked)
		return okA && okB && a == b
	})
}

// withoutPort takes the port out of an http URI on a loopback address, and leaves every other character as it is.
func withoutPort(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || !isLoopback(u.Hostname()) || u.User != nil {
		return "", false
	}
	rest, found := strings.CutPrefix(text, "http://"+u.Host)
	return strings.TrimSuffix(u.Host, ":"+u.Port()) + rest, found && CheckRedirectURI(text) == nil
}

// isLoopback tells whether a host is this machine; localhost, as browsers resolve it, too.
func isLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}
