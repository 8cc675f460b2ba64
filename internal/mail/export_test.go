package mail

import (
	"crypto/x509"
	"time"

	"github.com/wneessen/go-mail"
)

// MustEncrypt tells whether a server at host has to offer STARTTLS.
func MustEncrypt(host string) bool { return policy(host) == mail.TLSMandatory }

// BeStrict has a server on this machine encrypt, like any other.
func (s *SMTP) BeStrict() { s.policy = mail.TLSMandatory }

// Trust accepts the certificates of a test.
func (s *SMTP) Trust(roots *x509.CertPool) { s.tls.RootCAs = roots }

// Hurry gives up early.
func (s *SMTP) Hurry(patience time.Duration) { s.patience = patience }
