package app

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
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
