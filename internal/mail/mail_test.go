package mail_test

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/mail"
)

// server is an SMTP server that keeps what it gets.
type server struct {
	mu   sync.Mutex
	user string
	to   string
	data string
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { //nolint:ireturn // the library asks for it
	return session{s}, nil
}

type session struct{ *server }

func (s session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s session) Auth(string) (sasl.Server, error) { //nolint:ireturn // ditto
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.user = user + "/" + password
		return nil
	}), nil
}

func (s session) Mail(string, *smtp.MailOptions) error { return nil }

func (s session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "unknown") {
		return &smtp.SMTPError{Code: 550, Message: "no such mailbox"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = to
	return nil
}

func (s session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = string(data)
	return err
}

func (session) Reset()        {}
func (session) Logout() error { return nil }

func serve(t *testing.T) (*server, string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	backend := &server{}
	s := smtp.NewServer(backend)
	s.AllowInsecureAuth = true
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, s.Close())
		<-ended
	})
	return backend, listener.Addr().String()
}

func TestAMailIsDeliveredAsItWasWritten(t *testing.T) {
	t.Parallel()
	backend, address := serve(t)
	sender, err := mail.NewSMTP("smtp://ann:hidden@"+address, "Plaza <no-reply@plaza.example>")
	require.NoError(t, err)
	require.NoError(t, sender.Send(t.Context(), mail.Message{To: "bo@example.com", Subject: "Grüße", Text: "Your code is 12345678.\n"}))
	backend.mu.Lock()
	defer backend.mu.Unlock()
	assert.Equal(t, "ann/hidden", backend.user)
	assert.Equal(t, "bo@example.com", backend.to)
	assert.Contains(t, backend.data, "Your code is 12345678.")
	assert.Contains(t, backend.data, "Auto-Submitted: auto-generated")
	assert.Contains(t, backend.data, `From: "Plaza" <no-reply@plaza.example>`)
	assert.NotContains(t, strings.ToLower(backend.data), "go-mail")
}

func TestWhatIsNotDeliveredIsTold(t *testing.T) {
	t.Parallel()
	backend, address := serve(t)
	sender, err := mail.NewSMTP("smtp://"+address, "no-reply@plaza.example")
	require.NoError(t, err)
	for _, m := range []mail.Message{
		{To: "unknown@example.com", Text: "canary"},
		{To: "no address", Text: "canary"},
		{To: "bo@example.com", Subject: "a\r\nBcc: eve@example.com", Text: "canary"},
	} {
		err := sender.Send(t.Context(), m)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "canary")
	}
	assert.Empty(t, backend.data)
	for _, wrong := range []string{"http://x:hidden@y", "smtp://", "smtp://x:hidden@y:port", "::"} {
		_, err := mail.NewSMTP(wrong, "no-reply@plaza.example")
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "hidden")
	}
	_, err = mail.NewSMTP("smtps://mail.example", "nobody")
	require.ErrorContains(t, err, "from")
}

func TestAServerThatSaysNothingIsGivenUp(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	sender, err := mail.NewSMTP("smtp://"+listener.Addr().String(), "no-reply@plaza.example")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.Error(t, sender.Send(ctx, mail.Message{To: "bo@example.com", Subject: "Hello"}))
}

func TestKeptMailsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	directory := filepath.Join(t.TempDir(), "mail")
	kept := mail.NewCapture(directory)
	none, err := kept.List(10)
	require.NoError(t, err)
	assert.Empty(t, none)
	long := strings.Repeat("Grüße, = and more. ", 40) + "\n\n.\nend\n"
	for _, subject := range []string{"first", "Zweite für Sie"} {
		require.NoError(t, kept.Send(t.Context(), mail.Message{To: "ann@example.com", Subject: subject, Text: long}))
	}
	require.Error(t, kept.Send(t.Context(), mail.Message{To: "ann@example.com\nBcc: eve@example.com"}))
	mails, err := kept.List(10)
	require.NoError(t, err)
	require.Len(t, mails, 2)
	assert.Equal(t, "Zweite für Sie", mails[0].Subject)
	assert.Equal(t, strings.TrimSpace(long), strings.TrimSpace(mails[0].Text))
	assert.Equal(t, "ann@example.com", mails[0].To)
	mails, err = kept.List(1)
	require.NoError(t, err)
	assert.Len(t, mails, 1)
	files, err := os.ReadDir(directory)
	require.NoError(t, err)
	require.Len(t, files, 2, "no drafts are left")
	about, err := files[0].Info()
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), about.Mode().Perm())
	require.NoError(t, os.WriteFile(filepath.Join(directory, "29991231T000000.000000000Z-x.eml"), []byte("To: nobody\n\n"), 0o600))
	_, err = kept.List(10)
	require.Error(t, err)
}
