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
	from    string
	options []mail.Option
}

// NewSMTP makes a sender. address is smtp://user:password@host:587, which uses STARTTLS, or smtps://…:465; only a
// server on this machine is spoken to in clear, where it offers nothing better. from is the sender's address. An
// error does not contain address, which may hold a password.
func NewSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errAddress
	}
	s := &SMTP{host: u.Hostname(), from: from, options: []mail.Option{
		mail.WithTLSConfig(&tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}),
	}}
	port := map[string]string{"smtp": "587", "smtps": "465"}[u.Scheme]
	if u.Port() != "" {
		port = u.Port()
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, errAddress
	}
	s.options = append(s.options, mail.WithPort(number))
	if u.Scheme == "smtps" {
		s.options = append(s.options, mail.WithSSL())
	} else {
		s.options = append(s.options, mail.WithTLSPolicy(policy(u.Hostname())))
	}
	if password, set := u.User.Password(); set {
		auth := mail.SMTPAuthAutoDiscover
		if u.Scheme == "smtp" && isLoopback(u.Hostname()) {
			auth = mail.SMTPAuthPlainNoEnc // nobody listens between
		}
		s.options = append(s.options, mail.WithSMTPAuth(auth),
			mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	if _, err := compose(from, Message{To: "nobody@example.com"}); err != nil {
		return nil, err
	}
	return s, nil
}

// policy says whether a server has to encrypt.
func policy(host string) mail.TLSPolicy {
	if isLoopback(host) {
		return mail.TLSOpportunistic
	}
	return mail.TLSMandatory
}

func isLoopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

// Send sends a mail, within ten seconds.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := compose(s.from, m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	until, _ := ctx.Deadline()
	// The library waits for answers without a look at the context.
	options := append([]mail.Option{mail.WithTimeout(max(time.Until(until), time.Millisecond))}, s.options...)
	client, err := mail.NewClient(s.host, options...)
	if err != nil {
		return fmt.Errorf("mail: SMTP: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("mail: SMTP: %w", err)
	}
	return nil
}
