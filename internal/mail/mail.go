package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/wneessen/go-mail"
)

// Message is a mail to one person, in plain text.
type Message struct {
	To      string // an address
	Subject string
	Text    string
}

// Sender sends mail. An error never contains what the mail says.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

var errLines = errors.New("a header must be one line")

// compose makes the mail (RFC 5322), or tells that an address is none.
func compose(from string, m Message) (*mail.Msg, error) {
	if strings.ContainsAny(m.To+m.Subject, "\r\n") {
		return nil, fmt.Errorf("mail: %w", errLines)
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.From(from); err != nil {
		return nil, fmt.Errorf("mail: from: %w", err)
	}
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("mail: to: %w", err)
	}
	msg.Subject(m.Subject)
	msg.SetDate()
	msg.SetMessageID()
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834, section 5
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	return msg, nil
}
