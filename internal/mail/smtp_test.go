package mail_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/mail"
)

const (
	from = "Plaza <no-reply@plaza.example>"
	text = "Grüße, 你好!\n.\n..dots\n" + "a line with a blank at its end \n=3D\n"
)

func message() mail.Message {
	return mail.Message{To: "ada@example.com", Subject: "Ihr Schlüssel", Text: text + strings.Repeat("long ", 400) + "\n"}
}

func newSMTP(t *testing.T, address string) *mail.SMTP {
	t.Helper()
	sender, err := mail.NewSMTP(address, from)
	require.NoError(t, err)
	return sender
}

func TestAMailArrivesWholeOverEveryWay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scheme              string
		certified, implicit bool
	}{
		"in clear": {"smtp", false, false},
		"STARTTLS": {"smtp", true, false},
		"TLS":      {"smtps", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := openMailbox(t, c.certified, c.implicit)
			sender := newSMTP(t, c.scheme+"://ann:a%2Fsecret@"+box.address)
			sender.Trust(box.roots)
			require.NoError(t, sender.Send(t.Context(), message()))

			got := box.one(t)
			assert.Equal(t, c.certified, got.encrypted)
			assert.Equal(t, []string{"ann", "a/secret", "no-reply@plaza.example", "ada@example.com"},
				[]string{got.user, got.password, got.from, got.to})
			requireLetter(t, got.data, message())
		})
	}
}

// requireLetter holds what a server got against what was sent.
func requireLetter(t *testing.T, data []byte, want mail.Message) {
	t.Helper()
	for line := range bytes.Lines(data) {
		require.LessOrEqual(t, len(line), 998+2, "a line is too long (RFC 5322, section 2.1.1)")
	}
	got, err := netmail.ReadMessage(bytes.NewReader(data))
	require.NoError(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	require.NoError(t, err)
	assert.Equal(t, want.Subject, subject)
	assert.Equal(t, "<"+want.To+">", got.Header.Get("To"))
	assert.Equal(t, `"Plaza" <no-reply@plaza.example>`, got.Header.Get("From"))
	assert.Equal(t, "auto-generated", got.Header.Get("Auto-Submitted"))
	assert.Regexp(t, `^<[A-Z2-7]{26}@plaza\.example>$`, got.Header.Get("Message-ID"))
	date, err := got.Header.Date()
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), date, time.Minute)
	kind, parameters, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	require.NoError(t, err)
	assert.Equal(t, "text/plain", kind)
	assert.Equal(t, "utf-8", strings.ToLower(parameters["charset"]))
	assert.NotContains(t, strings.ToLower(string(data)), "go-mail")
	body, err := io.ReadAll(quotedprintable.NewReader(got.Body))
	require.NoError(t, err)
	assert.Equal(t, want.Text, strings.ReplaceAll(string(body), "\r\n", "\n"))
}

func TestAServerThatCannotBeTrustedGetsNothing(t *testing.T) {
	t.Parallel()
	for _, implicit := range []bool{false, true} {
		box := openMailbox(t, true, implicit)
		scheme := map[bool]string{false: "smtp", true: "smtps"}[implicit]
		err := newSMTP(t, scheme+"://ann:secret@"+box.address).Send(t.Context(), message())
		require.ErrorContains(t, err, "certificate")
		assert.Empty(t, box.got())
	}
}

func TestOnlyThisMachineIsSpokenToInClear(t *testing.T) {
	t.Parallel()
	for host, must := range map[string]bool{
		"localhost": false, "127.0.0.1": false, "127.0.0.2": false, "::1": false,
		"mail.example.com": true, "10.0.0.1": true, "localhost.example.com": true, "127.0.0.1.example.com": true,
		"0.0.0.0": true, "": true,
	} {
		assert.Equal(t, must, mail.MustEncrypt(host), host)
	}
	box := openMailbox(t, false, false)
	sender := newSMTP(t, "smtp://ann:secret@"+box.address)
	sender.BeStrict()
	require.ErrorContains(t, sender.Send(t.Context(), message()), "STARTTLS")
	assert.Empty(t, box.got())
}

func TestAServerThatSpeaksOnlyOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	for scheme, implicit := range map[string]bool{"smtp": false, "smtps": true} {
		box := openMailbox(t, true, implicit, func(m *mailbox) { m.newestTLS = tls.VersionTLS11 })
		sender := newSMTP(t, scheme+"://ann:secret@"+box.address)
		sender.Trust(box.roots)
		require.ErrorContains(t, sender.Send(t.Context(), message()), "protocol version")
		assert.Empty(t, box.got())
	}
}

func TestARefusalIsToldWithoutTheMail(t *testing.T) {
	t.Parallel()
	no := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	box := openMailbox(t, false, false, func(m *mailbox) { m.refuseTo = no })
	err := newSMTP(t, "smtp://"+box.address).Send(t.Context(), message())
	require.ErrorContains(t, err, "no such mailbox")
	assert.Empty(t, box.got())

	quoting := &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "spam: canary"}
	box = openMailbox(t, false, false, func(m *mailbox) { m.refuseData = quoting })
	m := message()
	m.Text = "canary"
	err = newSMTP(t, "smtp://"+box.address).Send(t.Context(), m)
	require.ErrorContains(t, err, "554 5.7.1")
	assert.NotContains(t, err.Error(), "canary")
	assert.Empty(t, box.got())
}

func TestAMailThatWasTakenIsSentEvenIfTheServerThenLeaves(t *testing.T) {
	t.Parallel()
	box := openMailbox(t, false, false, func(m *mailbox) { m.rude = true })
	require.NoError(t, newSMTP(t, "smtp://"+box.address).Send(t.Context(), message()), "or it would be sent twice")
	box.one(t)
}

func TestAWrongPasswordIsAnErrorThatKeepsIt(t *testing.T) {
	t.Parallel()
	box := openMailbox(t, false, false)
	err := newSMTP(t, "smtp://ann:wrong@"+box.address).Send(t.Context(), message())
	require.ErrorContains(t, err, "535")
	assert.NotContains(t, err.Error(), "wrong")
	assert.Empty(t, box.got())
}

func TestAServerThatHangsIsLeftWithTheContext(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ scheme, greeting string }{
		"before a word":          {"smtp", ""},
		"after its greeting":     {"smtp", "220 localhost\r\n"},
		"before a TLS handshake": {"smtps", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, accepted := silentServer(t, c.greeting)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			sent := make(chan error, 1)
			sender := newSMTP(t, c.scheme+"://"+address)
			go func() { sent <- sender.Send(ctx, message()) }()
			<-accepted
			cancel()
			requireSoon(t, sent, context.Canceled)
		})
	}
}

func TestAServerThatHangsIsLeftInTime(t *testing.T) {
	t.Parallel()
	address, _ := silentServer(t, "220 localhost\r\n")
	sender := newSMTP(t, "smtp://"+address)
	sender.Hurry(50 * time.Millisecond)
	sent := make(chan error, 1)
	go func() { sent <- sender.Send(t.Context(), message()) }()
	requireSoon(t, sent, context.DeadlineExceeded)
}

func requireSoon(t *testing.T, sent <-chan error, want error) {
	t.Helper()
	select {
	case err := <-sent:
		require.ErrorIs(t, err, want)
	case <-time.After(soon):
		require.Fail(t, "still waiting")
	}
}

func TestAnAddressThatCannotBeRightIsRefusedAndNotRepeated(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{
		"another scheme":           "http://ann:secret@mail.example.com",
		"no host":                  "smtp://ann:secret@",
		"no URL":                   "smtp://ann:secret@mail example",
		"a port that is none":      "smtp://ann:secret@mail.example.com:secret",
		"a port out of range":      "smtp://ann:secret@mail.example.com:65536",
		"port zero":                "smtp://ann:secret@mail.example.com:0",
		"a user without password":  "smtp://secret@mail.example.com",
		"a slash in the password":  "smtp://ann:12/secret@mail.example.com:587",
		"a question mark in it":    "smtp://ann:12?secret@mail.example.com:587",
		"a number sign in it":      "smtp://ann:12#secret@mail.example.com:587",
		"a query that would do no": "smtps://ann:secret@mail.example.com?tls=no",
	} {
		_, err := mail.NewSMTP(address, from)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "secret", name)
		assert.NotContains(t, err.Error(), "ann", name)
	}
	for _, address := range []string{"smtp://mail.example.com", "smtps://u:p@mail.example.com/", "smtp://u:p@[::1]:25"} {
		_, err := mail.NewSMTP(address, "no-reply@plaza.example")
		require.NoError(t, err, address)
	}
	for _, wrong := range []string{"", "Plaza", "a@b.example\r\nBcc: eve@example.com"} {
		_, err := mail.NewSMTP("smtp://mail.example.com", wrong)
		require.Error(t, err, wrong)
	}
}

// notMails are refused by every sender, and must not be repeated.
func notMails() map[string]mail.Message {
	return map[string]mail.Message{
		"a line in To":            {To: "ada@example.com\nBcc: eve@example.com", Text: "canary"},
		"a return in To":          {To: "ada@example.com\rBcc: eve@example.com", Text: "canary"},
		"a line in Subject":       {To: "ada@example.com", Subject: "Hi\r\nBcc: eve@example.com", Text: "canary"},
		"the end of the headers":  {To: "ada@example.com", Subject: "Hi\r\n\r\nother text", Text: "canary"},
		"no address":              {To: "canary", Text: "canary"},
		"nobody":                  {Text: "canary"},
		"two addresses":           {To: "ada@example.com, eve@example.com", Text: "canary"},
		"a name with the address": {To: "Ada <ada@example.com>", Text: "canary"},
	}
}

func TestWhatIsNoMailIsNotSent(t *testing.T) {
	t.Parallel()
	box := openMailbox(t, false, false)
	sender := newSMTP(t, "smtp://"+box.address)
	for name, m := range notMails() {
		err := sender.Send(t.Context(), m)
		require.ErrorContains(t, err, "mail: ", name)
		assert.NotContains(t, err.Error(), "canary", name)
	}
	assert.Empty(t, box.got())
}
