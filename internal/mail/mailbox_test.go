package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// soon is far less than any time-out of the package, and far more than a busy machine loses.
const soon = 5 * time.Second

// letter is a mail as a server got it.
type letter struct {
	user, password, from, to string
	encrypted                bool
	data                     []byte
}

// mailbox is a server that keeps all mail, or refuses it.
type mailbox struct {
	address     string
	refuseTo    error
	refuseData  error
	rude        bool   // leaves without an answer to QUIT
	newestTLS   uint16 // that it speaks; 0: any
	certificate tls.Certificate
	roots       *x509.CertPool

	mu      sync.Mutex
	letters []letter
}

// openMailbox starts a server that offers STARTTLS where it has a certificate; implicit speaks TLS from the start.
func openMailbox(t *testing.T, certified, implicit bool, change ...func(*mailbox)) *mailbox {
	t.Helper()
	m := &mailbox{}
	for _, c := range change {
		c(m)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &visit{mailbox: m, conn: c}, nil
	}))
	server.Domain, server.AllowInsecureAuth, server.ErrorLog = "localhost", !certified, quiet{}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	m.address = listener.Addr().String()
	if certified {
		m.certify(t)
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{m.certificate}, MaxVersion: m.newestTLS}
	}
	if implicit {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = listener.Close() // a server that has not begun to serve does not know of it
		_ = server.Close()
		<-ended
	})
	return m
}

// certify makes a certificate that signs itself.
func (m *mailbox) certify(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}, &x509.Certificate{SerialNumber: big.NewInt(1)}, key.Public(), key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	m.certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	m.roots = x509.NewCertPool()
	m.roots.AddCert(leaf)
}

// got returns all letters.
func (m *mailbox) got() []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]letter(nil), m.letters...)
}

// one returns the only letter.
func (m *mailbox) one(t *testing.T) letter {
	t.Helper()
	letters := m.got()
	require.Len(t, letters, 1)
	return letters[0]
}

// quiet logs nothing: connections that end early are what is tested.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// visit is a connection to a mailbox.
type visit struct {
	*mailbox

	conn   *smtp.Conn
	letter letter
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) { //nolint:ireturn // the library asks for it
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password == "wrong" {
			return smtp.ErrAuthFailed
		}
		v.letter.user, v.letter.password = user, password
		return nil
	}), nil
}

func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	v.letter.from = from
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.letter.to = to
	return v.refuseTo
}

func (v *visit) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil || v.refuseData != nil {
		return v.refuseData
	}
	_, v.letter.encrypted = v.conn.TLSConnectionState()
	v.letter.data = data
	v.mu.Lock()
	defer v.mu.Unlock()
	v.letters = append(v.letters, v.letter)
	return nil
}

// Reset follows a mail that was taken, once its client knows.
func (v *visit) Reset() {
	if v.rude && len(v.letter.data) > 0 {
		_ = v.conn.Conn().Close()
	}
}

func (v *visit) Logout() error { return nil }

// silentServer accepts connections, and says only what greeting is.
func silentServer(t *testing.T, greeting string) (address string, accepted <-chan struct{}) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	visited, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		_, err = io.WriteString(conn, greeting)
		assert.NoError(t, err)
		close(visited)
		_, _ = io.Copy(io.Discard, conn) // ends when the client leaves
		_ = conn.Close()
	}()
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		<-ended
	})
	return listener.Addr().String(), visited
}
