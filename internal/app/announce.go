package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/plaza-api/plaza/internal/identity"
)

// announce tells that the server answers: in production the log, else the person at the terminal.
func (o Options) announce(ctx context.Context, addr, version string) {
	if o.Config.Environment == Production {
		o.Log.InfoContext(ctx, "serving", "address", addr, "contract", version)
	} else if err := writeWelcome(o.Stdout, o.Config, addr, version); err != nil {
		o.Log.WarnContext(ctx, "welcome", "error", err)
	}
	if o.Ready != nil {
		o.Ready(addr)
	}
}

func writeWelcome(w io.Writer, c Config, addr, version string) error {
	base := "http://" + reachable(addr)
	docs := base + "/docs"
	if !c.Docs {
		docs = "off (PLAZA_DOCS)"
	}
	_, err := fmt.Fprintf(w, `Plaza %s is ready.

  API   %s
  Docs  %s
  Data  %s

  Try   curl %s/users -H 'Content-Type: application/json' \
          -d '{"name": "ann lee", "email": "ann@example.com", "age": 34}'
%s
Ctrl-C stops it.
`, version, base, docs, c.database(), base, c.howToSignIn(base))
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// howToSignIn says how to get a token, and what the first start has made for that.
func (c Config) howToSignIn(base string) string {
	if c.OIDCIssuer != "" {
		return "\n  Users sign in at " + c.OIDCIssuer + "\n"
	}
	mails := "plaza mail prints the code"
	if c.SMTPURL != "" {
		mails = "a mail brings the code"
	}
	return fmt.Sprintf(`        curl %s/users -H "Authorization: Bearer $(plaza token)"

  Admin admin@plaza.example, who signs in from the client %s (%s),
        whose redirect URI is http://localhost/callback, at any port
`, base, identity.ConsoleID, mails)
}

// reachable turns the address of a listener on every interface into one that can be called.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return addr
}

// NewLog makes the log of a server: JSON for machines in production, else text.
func NewLog(w io.Writer, e Environment) *slog.Logger {
	if e == Production {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
