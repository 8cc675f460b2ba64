package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// timeout bounds the sending of a mail.
const timeout = 10 * time.Second

var errAddress = errors.New("must be smtp://user:password@host:587 or smtps://user:password@host:465")

// SMTP sends mail through a server (RFC 5321).
type SMTP struct {
	host    string
	address string // with the port
	from    string
	options []mail.Option
	// implicit is TLS from the first byte; otherwise it may come by STARTTLS.
	implicit bool
	policy   mail.TLSPolicy
	tls      *tls.Config
	patience time.Duration
}

// NewSMTP makes a sender. address is smtp://user:password@host:587, which uses STARTTLS, or smtps://…:465; only a
// server on this machine is spoken to in clear, where it offers nothing better. from is the sender's address. An
// error does not contain address, which may hold a password.
func NewSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || !complete(u) {
		return nil, errAddress
	}
	port := map[string]string{"smtp": "587", "smtps": "465"}[u.Scheme]
	if u.Port() != "" {
		port = u.Port()
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return nil, errAddress
	}
	host := u.Hostname()
	s := &SMTP{
		host: host, address: net.JoinHostPort(host, port), from: from,
		options:  []mail.Option{mail.WithTimeout(timeout), mail.WithoutNoop(), mail.WithoutRset()}, // one mail a connection
		implicit: u.Scheme == "smtps", policy: policy(host), patience: timeout,
		tls: &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12},
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, authentication(s.implicit, host),
			mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	if _, err := compose(from, Message{To: "nobody@example.com"}); err != nil {
		return nil, err
	}
	return s, nil
}

// complete tells whether a URL has what it needs and nothing that is silently lost: a path, say, is most likely the
// end of a password with a slash that was not escaped.
func complete(u *url.URL) bool {
	password := true
	if u.User != nil {
		_, password = u.User.Password()
	}
	return (u.Scheme == "smtp" || u.Scheme == "smtps") && u.Hostname() != "" && password &&
		(u.Path == "" || u.Path == "/") && u.RawQuery == "" && !u.ForceQuery && u.Fragment == ""
}

// policy says whether a server has to encrypt.
func policy(host string) mail.TLSPolicy {
	if isLoopback(host) {
		return mail.TLSOpportunistic
	}
	return mail.TLSMandatory
}

// authentication sends the password as it is, which is encrypted on its way, or stays on this machine.
func authentication(implicit bool, host string) mail.Option {
	if !implicit && isLoopback(host) {
		return mail.WithOpportunisticSMTPAuth(mail.SMTPAuthPlainNoEnc, mail.SMTPAuthLoginNoEnc)
	}
	return mail.WithOpportunisticSMTPAuth(mail.SMTPAuthPlain, mail.SMTPAuthLogin)
}

func isLoopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

// Send sends a mail, within ten seconds.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := compose(s.from, m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	err = s.deliver(ctx, msg)
	if err == nil || msg.IsDelivered() { // a goodbye that fails takes nothing back
		return nil
	}
	if ctx.Err() != nil { // what came of it is no cause
		err = ctx.Err()
	}
	return fmt.Errorf("mail: SMTP: %w", silent(err))
}

// deliver speaks to the server. The library waits for answers without a look at the context, so the connection ends
// with it.
func (s *SMTP) deliver(ctx context.Context, msg *mail.Msg) error {
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", s.address)
	if err != nil {
		return err //nolint:wrapcheck // Send does
	}
	defer raw.Close() //nolint:errcheck // the library has, where all went well
	defer context.AfterFunc(ctx, func() { _ = raw.Close() })()

	connection, security := raw, []mail.Option{mail.WithTLSPolicy(s.policy), mail.WithTLSConfig(s.tls)}
	if s.implicit {
		connection, security = tls.Client(raw, s.tls), []mail.Option{mail.WithSSL()}
	}
	dialed := mail.WithDialContextFunc(func(context.Context, string, string) (net.Conn, error) { return connection, nil })
	client, err := mail.NewClient(s.host, append(append(security, dialed), s.options...)...)
	if err != nil {
		return err //nolint:wrapcheck // Send does
	}
	return client.DialAndSendWithContext(ctx, msg) //nolint:wrapcheck // Send does
}

// silent drops the words of a server that has read the mail and may quote it; its codes stay.
func silent(err error) error {
	refused, ok := errors.AsType[*mail.SendError](err)
	if !ok || refused.Reason != mail.ErrSMTPDataClose {
		return err
	}
	return fmt.Errorf("the mail was refused: %d %s", refused.ErrorCode(), refused.EnhancedStatusCode())
}
