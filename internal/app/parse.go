package app

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

func parseEnvironment(c *Config, value string) error {
	switch e := Environment(value); e {
	case Development, Production:
		c.Environment = e
		return nil
	default:
		return fmt.Errorf("is %q, but must be development or production", value)
	}
}

func parseHTTPAddr(c *Config, value string) error {
	c.HTTPAddr = value
	return checkAddr(value)
}

func parseAdminAddr(c *Config, value string) error {
	if value == "off" {
		return nil
	}
	c.AdminAddr = value
	return checkAddr(value)
}

func checkAddr(value string) error {
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("is %q, but must be host:port with a port from 0 to 65535, as in 127.0.0.1:8080", value)
	}
	return nil
}

// parseDatabaseURL never repeats the value, which may hold a password.
func parseDatabaseURL(c *Config, value string) error {
	if _, err := pgx.ParseConfig(value); err != nil {
		return errors.New("is not a PostgreSQL address, which looks like postgres://user:password@host:5432/database")
	}
	c.DatabaseURL = value
	return nil
}

// parseReplicaURLs never repeats the value either. Addresses are URIs here: keyword strings may hold commas.
func parseReplicaURLs(c *Config, value string) error {
	for address := range strings.SplitSeq(value, ",") {
		address = strings.TrimSpace(address)
		if _, err := pgx.ParseConfig(address); err != nil || !strings.Contains(address, "://") {
			return errors.New("has what is not a PostgreSQL address, which looks like " +
				"postgres://user:password@host:5432/database; several are separated by commas")
		}
		c.ReplicaURLs = append(c.ReplicaURLs, address)
	}
	return nil
}

func parseDocs(c *Config, value string) error {
	if value != "on" && value != "off" {
		return fmt.Errorf("is %q, but must be on or off", value)
	}
	c.Docs = value == "on"
	return nil
}

func parseOrigins(c *Config, value string) error {
	if value == "none" {
		return nil
	}
	var origins, strange []string
	for origin := range strings.SplitSeq(value, ",") {
		origin = strings.TrimSpace(origin)
		if !isOrigin(origin) {
			strange = append(strange, strconv.Quote(origin))
		}
		origins = append(origins, origin)
	}
	if len(strange) > 0 {
		return fmt.Errorf("has %s, but must be none, or origins as a browser sends them, separated by commas: "+
			"http or https, the host in lower case, the port where it is not the scheme's, and nothing more",
			strings.Join(strange, ", "))
	}
	slices.Sort(origins)
	c.CORSOrigins = slices.Compact(origins)
	return nil
}

// isOrigin reports whether text is an origin as browsers serialise it (RFC 6454, section 6.2); patterns are none.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || strings.ContainsAny(text, "*?") || strings.ToLower(text) != text {
		return false
	}
	defaultPort := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	return defaultPort != "" && u.Port() != defaultPort && text == u.Scheme+"://"+u.Host
}

// productionSampling is the share of answers that finds what is often wrong, at no cost to speak of.
const productionSampling = 0.01

func parseSampling(c *Config, value string) error {
	share, err := strconv.ParseFloat(value, 64)
	if err != nil || !(share >= 0 && share <= 1) { // NaN is neither
		return fmt.Errorf("is %q, but must be a share from 0 to 1, as 0.01", value)
	}
	c.Sampling = share
	return nil
}
