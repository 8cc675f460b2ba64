package app

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/telemetry"
)

// Environment tells what may be taken for granted.
type Environment string

// The environments. Production takes nothing for granted that only a developer would want.
const (
	Development Environment = "development"
	Production  Environment = "production"
)

// Config is how one server runs.
type Config struct {
	Environment Environment
	HTTPAddr    string   // host:port; port 0 takes a free one
	AdminAddr   string   // ditto, for metrics and profiles; empty: none
	DatabaseURL string   // empty: the embedded server in DataDir
	ReplicaURLs []string // of servers that follow it
	DataDir     string
	// PublicURL is where browsers reach the server, and what own tokens name as their issuer.
	PublicURL  string
	SecretKey  []byte // 32 bytes; none: a file in DataDir has them
	OIDCIssuer string // empty: own sign-in
	// OIDCAudience is what tokens of that issuer have to name.
	OIDCAudience string
	SignUpClosed bool   // only admins create users
	SMTPURL      string // empty: mails are kept in DataDir, in development only
	MailFrom     string
	RedisURL     string // empty: limits are counted in this process
	RateLimits   httpapi.RateLimits
	Proxies      []netip.Prefix // whose X-Forwarded-For counts
	Docs         bool
	CORSOrigins  []string
	Sampling     float64 // which share of the answers is held against the contract, 0 to 1
	Traces       telemetry.TraceConfig
}

// ConfigError is everything that is wrong with a configuration.
type ConfigError struct{ Faults []error }

// Error lists the faults, one a line.
func (e *ConfigError) Error() string {
	lines := []string{"the configuration is not usable:"}
	for _, fault := range e.Faults {
		lines = append(lines, "  "+fault.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the faults.
func (e *ConfigError) Unwrap() []error { return e.Faults }

// LoadConfig reads Variables from an environment as os.Environ returns it; an empty value counts as none.
// Its error is a *ConfigError.
func LoadConfig(environ []string) (Config, error) {
	values := ours(environ)
	var config Config
	var faults []error
	for _, v := range Variables() { // PLAZA_ENV comes first: defaults depend on it
		value, stated := values[v.Name]
		delete(values, v.Name)
		if !stated {
			v.setDefault(&config)
			continue
		}
		if err := v.set(&config, value); err != nil {
			faults = append(faults, fmt.Errorf("%s %w", v.Name, err))
		}
	}
	if config.Environment == Production && config.DatabaseURL == "" && config.DataDir == "" {
		faults = append(faults, errors.New("PLAZA_ENV=production needs PLAZA_DATABASE_URL, or PLAZA_DATA_DIR "+
			"where PostgreSQL is to run embedded"))
	}
	if (config.OIDCIssuer == "") != (config.OIDCAudience == "") {
		faults = append(faults, errors.New("PLAZA_OIDC_ISSUER and PLAZA_OIDC_AUDIENCE go together"))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !strings.HasPrefix(name, prefix) {
			continue // OpenTelemetry's SDK may read it
		}
		faults = append(faults, fmt.Errorf("%s is unknown; did you mean %s?", name, nearest(name)))
	}
	if len(faults) > 0 {
		return Config{}, &ConfigError{Faults: faults}
	}
	return config, nil
}

// servable returns what a server needs beside what every command does, as a *ConfigError.
func (c Config) servable() error {
	if c.Environment != Production || c.OIDCIssuer != "" {
		return nil
	}
	var faults []error
	for name, missing := range map[string]bool{
		"PLAZA_SECRET_KEY, by which secrets are kept (openssl rand -base64 32)": c.SecretKey == nil,
		"PLAZA_SMTP_URL, by which codes are mailed":                             c.SMTPURL == "",
		"PLAZA_MAIL_FROM, whom mails come from":                                 c.MailFrom == "",
		"PLAZA_PUBLIC_URL, where browsers reach it, with https":                 !strings.HasPrefix(c.PublicURL, "https://"),
	} {
		if missing {
			faults = append(faults, errors.New("PLAZA_ENV=production needs "+name+", or PLAZA_OIDC_ISSUER"))
		}
	}
	if len(faults) == 0 {
		return nil
	}
	slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return &ConfigError{Faults: faults}
}

// prefix begins the names that nobody but Plaza gives a meaning.
const prefix = "PLAZA_"

// ours picks Plaza's variables and OpenTelemetry's out of an environment.
func ours(environ []string) map[string]string {
	values := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if (strings.HasPrefix(name, prefix) || strings.HasPrefix(name, "OTEL_")) && value != "" {
			values[name] = value
		}
	}
	preferTraces(values)
	return values
}
