package app_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/telemetry"
)

func TestDevelopmentNeedsNoVariable(t *testing.T) {
	t.Parallel()
	config, err := app.LoadConfig([]string{"HOME=/root", "PLAZA_DATABASE_URL="})
	require.NoError(t, err)
	assert.Equal(t, app.Config{
		Environment: app.Development,
		HTTPAddr:    "127.0.0.1:8080",
		AdminAddr:   "127.0.0.1:8081",
		DataDir:     ".plaza",
		MailFrom:    "Plaza <plaza@localhost>",
		RateLimits:  httpapi.RateLimitsEnforced,
		Docs:        true,
		Sampling:    1,
		CORSOrigins: []string{
			"http://localhost:3000", "http://localhost:4200", "http://localhost:5173", "http://localhost:8000",
			"http://127.0.0.1:3000", "http://127.0.0.1:4200", "http://127.0.0.1:5173", "http://127.0.0.1:8000",
		},
	}, config)
}

func TestProductionTakesNothingForGranted(t *testing.T) {
	t.Parallel()
	config, err := app.LoadConfig([]string{"PLAZA_DATABASE_URL=postgres://db/plaza", "PLAZA_ENV=production"})
	require.NoError(t, err)
	assert.Equal(t, app.Config{
		Environment: app.Production, HTTPAddr: "127.0.0.1:8080", AdminAddr: "127.0.0.1:8081", DatabaseURL: "postgres://db/plaza",
		RateLimits: httpapi.RateLimitsEnforced, Sampling: 0.01,
	}, config)

	config, err = app.LoadConfig([]string{"PLAZA_ENV=production", "PLAZA_DATA_DIR=/var/lib/plaza"})
	require.NoError(t, err)
	assert.Equal(t, "/var/lib/plaza", config.DataDir)

	_, err = app.LoadConfig([]string{"PLAZA_ENV=production"})
	require.ErrorContains(t, err, "PLAZA_ENV=production needs PLAZA_DATABASE_URL, or PLAZA_DATA_DIR")
}

func TestEveryVariableIsRead(t *testing.T) {
	t.Parallel()
	config, err := app.LoadConfig([]string{
		"PLAZA_HTTP_ADDR=[::1]:0", "PLAZA_ADMIN_ADDR=[::1]:1", "PLAZA_DATABASE_URL=host=db user=plaza",
		"PLAZA_DATABASE_REPLICA_URLS=postgres://a/plaza, postgres://b/plaza", "PLAZA_DATA_DIR=elsewhere", "PLAZA_DOCS=off",
		"PLAZA_RESPONSE_SAMPLING=0.25",
		"PLAZA_CORS_ORIGINS=https://b.example:8443, https://a.example,https://a.example",
		"PLAZA_OIDC_ISSUER=https://id.example", "PLAZA_OIDC_AUDIENCE=plaza", "PLAZA_SIGN_UP=closed",
		"PLAZA_SECRET_KEY=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
		"PLAZA_REDIS_URL=rediss://:secret@cache:6379/1", "PLAZA_RATE_LIMITS=observe",
		"PLAZA_TRUSTED_PROXIES=10.0.0.0/8, 2001:db8::7", "PLAZA_PUBLIC_URL=https://plaza.example",
		"PLAZA_SMTP_URL=smtps://mail.example:465", "PLAZA_MAIL_FROM=no-reply@plaza.example",
		"OTEL_EXPORTER_OTLP_ENDPOINT=https://collector.example/", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
		"OTEL_EXPORTER_OTLP_HEADERS=api-key=a%20secret%3D, tenant=plaza", "OTEL_EXPORTER_OTLP_TIMEOUT=500",
		"OTEL_SDK_DISABLED=false", "OTEL_SERVICE_NAME=read by the SDK",
	})
	require.NoError(t, err)
	assert.Equal(t, app.Config{
		Environment: app.Development, HTTPAddr: "[::1]:0", AdminAddr: "[::1]:1", DatabaseURL: "host=db user=plaza",
		ReplicaURLs: []string{"postgres://a/plaza", "postgres://b/plaza"}, DataDir: "elsewhere",
		CORSOrigins: []string{"https://a.example", "https://b.example:8443"}, Sampling: 0.25,
		OIDCIssuer: "https://id.example", OIDCAudience: "plaza", SignUpClosed: true,
		SecretKey: []byte("01234567890123456789012345678901"),
		RedisURL:  "rediss://:secret@cache:6379/1", RateLimits: httpapi.RateLimitsObserved,
		PublicURL: "https://plaza.example", SMTPURL: "smtps://mail.example:465", MailFrom: "no-reply@plaza.example",
		Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::7/128")},
		Traces: telemetry.TraceConfig{
			Endpoint: "https://collector.example/v1/traces", Timeout: 500 * time.Millisecond,
			Headers: map[string]string{"api-key": "a secret=", "tenant": "plaza"},
		},
	}, config)

	config, err = app.LoadConfig([]string{"PLAZA_CORS_ORIGINS=none", "PLAZA_ADMIN_ADDR=off"})
	require.NoError(t, err)
	assert.Empty(t, config.CORSOrigins)
	assert.Empty(t, config.AdminAddr)
}

func TestWhatIsSaidOfTracesAloneWinsUnlessTheyAreDisabled(t *testing.T) {
	t.Parallel()
	environ := []string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://all.example", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://traces.example/take",
		"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf",
		"OTEL_EXPORTER_OTLP_HEADERS=for=all", "OTEL_EXPORTER_OTLP_TRACES_HEADERS=for=traces",
		"OTEL_EXPORTER_OTLP_TIMEOUT=1", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=2",
	}
	config, err := app.LoadConfig(environ)
	require.NoError(t, err)
	assert.Equal(t, telemetry.TraceConfig{
		Endpoint: "http://traces.example/take", Headers: map[string]string{"for": "traces"}, Timeout: 2 * time.Millisecond,
	}, config.Traces)
	config, err = app.LoadConfig(append(environ, "OTEL_SDK_DISABLED=true"))
	require.NoError(t, err)
	assert.Empty(t, config.Traces.Endpoint)
}

func TestAllFaultsOfAConfigurationComeBackTogether(t *testing.T) {
	t.Parallel()
	_, err := app.LoadConfig([]string{
		"PLAZA_PORT=80", "PLAZA_DOCS=yes", "PLAZA_ENV=prod", "PLAZA_HTTP_ADR=:80", "PLAZA_HTTP_ADDR=8080",
	})
	require.EqualError(t, err, `the configuration is not usable:
  PLAZA_ENV is "prod", but must be development or production
  PLAZA_HTTP_ADDR is "8080", but must be host:port with a port from 0 to 65535, as in 127.0.0.1:8080
  PLAZA_DOCS is "yes", but must be on or off
  PLAZA_HTTP_ADR is unknown; did you mean PLAZA_HTTP_ADDR?
  PLAZA_PORT is unknown; did you mean PLAZA_DOCS?`)
	var wrong *app.ConfigError
	require.ErrorAs(t, err, &wrong)
	assert.Len(t, wrong.Faults, 5)
}

func TestValuesAreReadStrictly(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{
		"PLAZA_ENV=Production",
		"PLAZA_HTTP_ADDR=127.0.0.1:65536",
		"PLAZA_HTTP_ADDR=127.0.0.1:http",
		"PLAZA_HTTP_ADDR=127.0.0.1:",
		"PLAZA_HTTP_ADDR=::1:80",
		"PLAZA_DATABASE_URL=mysql://db/plaza",
		"PLAZA_DATABASE_URL=postgres://db:port/plaza",
		"PLAZA_DATABASE_REPLICA_URLS=postgres://a/plaza,",
		"PLAZA_DATABASE_REPLICA_URLS=host=a user=plaza",
		"PLAZA_DATABASE_REPLICA_URLS=postgres://a,b/plaza",
		"PLAZA_OIDC_ISSUER=id.example",
		"PLAZA_SIGN_UP=no",
		"PLAZA_SECRET_KEY=c2hvcnQ=",
		"PLAZA_SECRET_KEY=0123456789012345678901234567890",
		"PLAZA_REDIS_URL=localhost:6379",
		"PLAZA_REDIS_URL=http://localhost:6379",
		"PLAZA_RATE_LIMITS=on",
		"PLAZA_TRUSTED_PROXIES=10.0.0.0/8,",
		"PLAZA_TRUSTED_PROXIES=proxy.example",
		"PLAZA_TRUSTED_PROXIES=10.0.0.0/33",
		"PLAZA_DOCS=1",
		"PLAZA_RESPONSE_SAMPLING=1.01", "PLAZA_RESPONSE_SAMPLING=-0.1", "PLAZA_RESPONSE_SAMPLING=NaN", "PLAZA_RESPONSE_SAMPLING=1%",
		"PLAZA_CORS_ORIGINS=*",
		"PLAZA_CORS_ORIGINS=https://*.example",
		"PLAZA_CORS_ORIGINS=https://a.example/",
		"PLAZA_CORS_ORIGINS=https://A.example",
		"PLAZA_CORS_ORIGINS=https://a.example:443",
		"PLAZA_CORS_ORIGINS=ftp://a.example",
		"PLAZA_CORS_ORIGINS=a.example",
		"PLAZA_CORS_ORIGINS=https://user@a.example",
		"PLAZA_CORS_ORIGINS=https://a.example,,https://b.example",
		"OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318",
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=/v1/traces",
		"OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
		"OTEL_EXPORTER_OTLP_HEADERS=api-key",
		"OTEL_EXPORTER_OTLP_HEADERS==value",
		"OTEL_EXPORTER_OTLP_HEADERS=api-key=%",
		"OTEL_EXPORTER_OTLP_TIMEOUT=10s",
		"OTEL_EXPORTER_OTLP_TIMEOUT=0",
		"OTEL_SDK_DISABLED=1",
	} {
		t.Run(entry, func(t *testing.T) {
			t.Parallel()
			_, err := app.LoadConfig([]string{entry})
			name, _, _ := strings.Cut(entry, "=")
			require.ErrorContains(t, err, "\n  "+name+" ")
		})
	}
}

func TestAFaultyURLKeepsItsPassword(t *testing.T) {
	t.Parallel()
	_, err := app.LoadConfig([]string{"PLAZA_DATABASE_URL=postgres://plaza:secret@db:port/plaza"})
	require.ErrorContains(t, err, "PLAZA_DATABASE_URL is not a PostgreSQL address")
	assert.NotContains(t, err.Error(), "secret")
	_, err = app.LoadConfig([]string{"PLAZA_DATABASE_REPLICA_URLS=postgres://a/plaza,postgres://plaza:secret@b:port/plaza"})
	require.ErrorContains(t, err, "PLAZA_DATABASE_REPLICA_URLS has what is not a PostgreSQL address")
	assert.NotContains(t, err.Error(), "secret")
	_, err = app.LoadConfig([]string{"PLAZA_REDIS_URL=reddis://plaza:secret@cache"})
	require.ErrorContains(t, err, "PLAZA_REDIS_URL is not a Redis address")
	assert.NotContains(t, err.Error(), "secret")
	_, err = app.LoadConfig([]string{"OTEL_EXPORTER_OTLP_ENDPOINT=plaza:secret@collector", "OTEL_EXPORTER_OTLP_HEADERS=secret"})
	require.ErrorContains(t, err, "OTEL_EXPORTER_OTLP_ENDPOINT is not the address of a collector")
	assert.NotContains(t, err.Error(), "secret")
}

func TestVariablesAreExplained(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	app.WriteVariables(&text, "  ")
	for _, v := range app.Variables() {
		assert.NotEmpty(t, v.Default, v.Name)
		assert.Contains(t, text.String(), "  "+v.Name)
		assert.Contains(t, text.String(), strings.ReplaceAll(v.Meaning, "`", "")+"\n")
	}
}
