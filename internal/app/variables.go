package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plaza-api/plaza/internal/httpapi"
)

// Variable is one environment variable that configures the server.
type Variable struct {
	Name string
	// Default is what holds where the variable is not set, in words.
	Default string
	// Meaning says what the variable does and which values it takes.
	Meaning string

	set        func(c *Config, value string) error
	setDefault func(c *Config)
}

// Variables returns every variable that Plaza reads, in the order to explain them in.
func Variables() []Variable {
	return slices.Concat(
		baseVariables(), accessVariables(), mailVariables(), limitVariables(), edgeVariables(), traceVariables())
}

func baseVariables() []Variable {
	return []Variable{
		{
			Name: "PLAZA_ENV", Default: "development",
			Meaning:    "`development` or `production`, which refuses to start on development's defaults",
			set:        parseEnvironment,
			setDefault: func(c *Config) { c.Environment = Development },
		},
		{
			Name: "PLAZA_HTTP_ADDR", Default: "127.0.0.1:8080",
			Meaning:    "where the API listens, as `host:port`; without a host on every interface",
			set:        parseHTTPAddr,
			setDefault: func(c *Config) { c.HTTPAddr = "127.0.0.1:8080" },
		},
		{
			Name: "PLAZA_ADMIN_ADDR", Default: "127.0.0.1:8081",
			Meaning:    "where /metrics and /debug/pprof are served, as `host:port`, or `off`; not for the world",
			set:        parseAdminAddr,
			setDefault: func(c *Config) { c.AdminAddr = "127.0.0.1:8081" },
		},
		{
			Name: "PLAZA_PUBLIC_URL", Default: "http:// and PLAZA_HTTP_ADDR; none in production",
			Meaning:    "where browsers reach the server, as `https://plaza.example`; the issuer of own tokens",
			set:        parsePublicURL,
			setDefault: func(*Config) {},
		},
		{
			Name: "PLAZA_DATABASE_URL", Default: "empty: embedded",
			Meaning:    "the PostgreSQL to use, as `postgres://user@host/database`; 15 or newer",
			set:        parseDatabaseURL,
			setDefault: func(*Config) {},
		},
		{
			Name: "PLAZA_DATABASE_REPLICA_URLS", Default: "empty",
			Meaning:    "servers that follow it, to read from, as addresses of one server each, separated by commas",
			set:        parseReplicaURLs,
			setDefault: func(*Config) {},
		},
		{
			Name: "PLAZA_DATA_DIR", Default: ".plaza; none in production",
			Meaning:    "the directory in which the embedded PostgreSQL keeps its data",
			set:        func(c *Config, value string) error { c.DataDir = value; return nil },
			setDefault: func(c *Config) { c.DataDir = inDevelopment(c, ".plaza") },
		},
	}
}

func accessVariables() []Variable {
	return []Variable{
		{
			Name: "PLAZA_OIDC_ISSUER", Default: "empty: own sign-in",
			Meaning:    "the OpenID provider whose access tokens are taken instead, as `https://id.example`",
			set:        parseIssuer,
			setDefault: func(*Config) {},
		},
		{
			Name: "PLAZA_OIDC_AUDIENCE", Default: "empty",
			Meaning:    "what the tokens of that provider have to name as their audience",
			set:        func(c *Config, value string) error { c.OIDCAudience = value; return nil },
			setDefault: func(*Config) {},
		},
		{
			Name: "PLAZA_SECRET_KEY", Default: "made on the first start; none in production",
			Meaning:    "32 random bytes in base64, by which keys are encrypted and codes are hashed",
			set:        parseSecretKey,
			setDefault: func(*Config) {},
		},
		{
			Name: "PLAZA_SIGN_UP", Default: "open",
			Meaning:    "`open`, or `closed`: only admins create users",
			set:        parseSignUp,
			setDefault: func(*Config) {},
		},
	}
}

func mailVariables() []Variable {
	return []Variable{
		{
			Name: "PLAZA_SMTP_URL", Default: "empty: mails are kept, and `plaza mail` prints them; none in production",
			Meaning:    "the mail server, as `smtp://user:password@host:587` or `smtps://…:465`",
			set:        parseSMTPURL,
			setDefault: func(*Config) {},
		},
		{
			Name: "PLAZA_MAIL_FROM", Default: "Plaza <plaza@localhost>; none in production",
			Meaning:    "whom mails come from, as `Plaza <no-reply@plaza.example>`",
			set:        parseMailFrom,
			setDefault: func(c *Config) { c.MailFrom = inDevelopment(c, "Plaza <plaza@localhost>") },
		},
	}
}

func limitVariables() []Variable {
	return []Variable{
		{
			Name: "PLAZA_REDIS_URL", Default: "empty: in process",
			Meaning:    "where several servers share what they keep and their rate limits, as `redis://host:6379/0`",
			set:        parseRedisURL,
			setDefault: func(*Config) {},
		},
		{
			Name: "PLAZA_RATE_LIMITS", Default: "enforce",
			Meaning:    "`enforce`, `observe`, which counts and never refuses, or `off`",
			set:        parseRateLimits,
			setDefault: func(c *Config) { c.RateLimits = httpapi.RateLimitsEnforced },
		},
		{
			Name: "PLAZA_TRUSTED_PROXIES", Default: "empty",
			Meaning:    "whose `X-Forwarded-For` counts, as addresses or networks, `10.0.0.0/8,192.0.2.7`",
			set:        parseProxies,
			setDefault: func(*Config) {},
		},
	}
}

func edgeVariables() []Variable {
	return []Variable{
		{
			Name: "PLAZA_DOCS", Default: "on; off in production",
			Meaning:    "`on` or `off`: whether /docs, /openapi.json and /openapi.yaml are served",
			set:        parseDocs,
			setDefault: func(c *Config) { c.Docs = inDevelopment(c, true) },
		},
		{
			Name: "PLAZA_CORS_ORIGINS", Default: "localhost and 127.0.0.1 at 3000, 4200, 5173, 8000; none in production",
			Meaning:    "the browser origins that may call, as `https://a.example,https://b.example`, or `none`",
			set:        parseOrigins,
			setDefault: func(c *Config) { c.CORSOrigins = inDevelopment(c, developmentOrigins()) },
		},
		{
			Name: "PLAZA_RESPONSE_SAMPLING", Default: "1; 0.01 in production",
			Meaning: "which share of the answers is held against the contract, off the requests' path, from `0` to `1`",
			set:     parseSampling,
			setDefault: func(c *Config) {
				if c.Sampling = 1; c.Environment == Production {
					c.Sampling = productionSampling
				}
			},
		},
	}
}

// inDevelopment returns value there, and nothing in production.
func inDevelopment[T any](c *Config, value T) T {
	if c.Environment == Production {
		var nothing T
		return nothing
	}
	return value
}

// developmentOrigins are where the development servers of web frameworks listen.
func developmentOrigins() []string {
	var origins []string
	for _, host := range []string{"localhost", "127.0.0.1"} {
		for _, port := range []string{"3000", "4200", "5173", "8000"} {
			origins = append(origins, "http://"+host+":"+port)
		}
	}
	return origins
}

// WriteVariables writes the variables as a table for a terminal, each line after indent.
func WriteVariables(w *strings.Builder, indent string) {
	const width = len("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT  ")
	plain := strings.NewReplacer("`", "")
	for _, v := range Variables() {
		fmt.Fprintf(w, "%s%-*s%s\n", indent, width, v.Name, plain.Replace(v.Meaning))
		fmt.Fprintf(w, "%s%-*sdefault: %s\n", indent, width, "", plain.Replace(v.Default))
	}
}

// nearest returns the known name that takes the fewest changes of one letter to reach from name.
func nearest(name string) string {
	best, least := "", 0
	for _, v := range Variables() {
		if d := distance(name, v.Name); best == "" || d < least {
			best, least = v.Name, d
		}
	}
	return best
}

// distance is Levenshtein's, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
