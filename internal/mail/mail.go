package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"

	"github.com/wneessen/go-mail"
)

// Message is a mail to one person, in plain text.
type Message struct {
	To      string // an address, without a name
	Subject string
	Text    string
}

// Sender sends mail. An error never contains what the mail says.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

var (
	errLines     = errors.New("a header must be one line")
	errRecipient = errors.New("to: no address") // says no more: an address is a person's
)

// compose makes the mail (RFC 5322), or tells that an address is none.
func compose(from string, m Message) (*mail.Msg, error) {
	if strings.ContainsAny(m.To+m.Subject, "\r\n") {
		return nil, fmt.Errorf("mail: %w", errLines)
	}
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP),
		mail.WithNoDefaultUserAgent())
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("mail: from: %w", err)
	}
	to, err := netmail.ParseAddress(m.To)
	if err != nil || to.Name != "" {
		return nil, fmt.Errorf("mail: %w", errRecipient)
	}
	msg.FromMailAddress(sender)
	msg.ToMailAddress(to)
	msg.Subject(m.Subject)
	msg.SetDate()
	// Of the sender's domain: the library would tell the name of this machine.
	msg.SetMessageIDWithValue(rand.Text() + sender.Address[strings.LastIndexByte(sender.Address, '@'):])
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834, section 5
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	return msg, nil
}
