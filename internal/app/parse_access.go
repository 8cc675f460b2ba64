package app

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"

	outgoing "github.com/plaza-api/plaza/internal/mail"
)

func parseIssuer(c *Config, value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("is %q, but must be a URL, as in https://id.example", value)
	}
	c.OIDCIssuer = value
	return nil
}

// parseSecretKey never repeats the value.
func parseSecretKey(c *Config, value string) error {
	key, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(key) != secretKeyLength {
		return errors.New("must be 32 bytes in base64, as openssl rand -base64 32 prints them")
	}
	c.SecretKey = key
	return nil
}

func parseSignUp(c *Config, value string) error {
	if value != "open" && value != "closed" {
		return fmt.Errorf("is %q, but must be open or closed", value)
	}
	c.SignUpClosed = value == "closed"
	return nil
}

func parsePublicURL(c *Config, value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || value != u.Scheme+"://"+u.Host || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("is %q, but must be a scheme and a host, as in https://plaza.example", value)
	}
	c.PublicURL = strings.ToLower(value)
	return nil
}

// parseSMTPURL never repeats the value, which may hold a password.
func parseSMTPURL(c *Config, value string) error {
	if _, err := outgoing.NewSMTP(value, "nobody@example.com"); err != nil {
		return err
	}
	c.SMTPURL = value
	return nil
}

func parseMailFrom(c *Config, value string) error {
	if _, err := mail.ParseAddress(value); err != nil {
		return fmt.Errorf("is %q, but must be an address, as in Plaza <no-reply@plaza.example>", value)
	}
	c.MailFrom = value
	return nil
}
