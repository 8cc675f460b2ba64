package app

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// otlp begins the names of OpenTelemetry's variables for exporters; each has a form for traces alone, which wins.
const otlp, otlpTraces = "OTEL_EXPORTER_OTLP_", "OTEL_EXPORTER_OTLP_TRACES_"

// traceVariables are OpenTelemetry's own; its SDK reads others itself.
func traceVariables() []Variable {
	return []Variable{
		{
			Name: otlp + "ENDPOINT", Default: "empty: no traces",
			Meaning:    "the OpenTelemetry collector that gets traces, as `http://collector:4318`",
			set:        parseCollector,
			setDefault: func(*Config) {},
		},
		{
			Name: otlpTraces + "ENDPOINT", Default: "the former with /v1/traces",
			Meaning:    "the same with its path, as `http://collector:4318/v1/traces`",
			set:        parseTracesEndpoint,
			setDefault: func(*Config) {},
		},
		{
			Name: otlp + "PROTOCOL", Default: "http/protobuf",
			Meaning:    "`http/protobuf`; no other is spoken",
			set:        parseProtocol,
			setDefault: func(*Config) {},
		},
		{
			Name: otlp + "HEADERS", Default: "empty",
			Meaning:    "what the collector wants to be sent along, as `api-key=0815,tenant=plaza`, each value URL-encoded",
			set:        parseTraceHeaders,
			setDefault: func(*Config) {},
		},
		{
			Name: otlp + "TIMEOUT", Default: "10000",
			Meaning:    "how long the collector may take to answer, in milliseconds",
			set:        parseTraceTimeout,
			setDefault: func(*Config) {},
		},
		{
			Name: "OTEL_SDK_DISABLED", Default: "false",
			Meaning:    "`true`: no traces, whatever the others say",
			set:        parseDisabled,
			setDefault: func(*Config) {},
		},
	}
}

// preferTraces puts what is said for traces alone in the place of what is said for all that OpenTelemetry exports.
func preferTraces(values map[string]string) {
	for _, name := range []string{"PROTOCOL", "HEADERS", "TIMEOUT"} {
		if value := values[otlpTraces+name]; value != "" {
			values[otlp+name] = value
			delete(values, otlpTraces+name)
		}
	}
}

func parseCollector(c *Config, value string) error {
	c.Traces.Endpoint = strings.TrimSuffix(value, "/") + "/v1/traces"
	return checkCollector(value)
}

func parseTracesEndpoint(c *Config, value string) error {
	c.Traces.Endpoint = value
	return checkCollector(value)
}

// checkCollector never repeats the value, which may hold a password.
func checkCollector(value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("is not the address of a collector, which looks like http://collector:4318")
	}
	return nil
}

func parseProtocol(_ *Config, value string) error {
	if value != "http/protobuf" {
		return fmt.Errorf("is %q, but must be http/protobuf", value)
	}
	return nil
}

// parseTraceHeaders never repeats the value, which may hold a key.
func parseTraceHeaders(c *Config, value string) error {
	c.Traces.Headers = map[string]string{}
	for pair := range strings.SplitSeq(value, ",") {
		name, escaped, found := strings.Cut(pair, "=")
		text, err := url.PathUnescape(strings.TrimSpace(escaped))
		if name = strings.TrimSpace(name); err != nil || !found || name == "" {
			return errors.New("must be names and URL-encoded values, as in api-key=0815,tenant=plaza")
		}
		c.Traces.Headers[name] = text
	}
	return nil
}

func parseTraceTimeout(c *Config, value string) error {
	ms, err := strconv.ParseUint(value, 10, 31)
	if err != nil || ms == 0 {
		return fmt.Errorf("is %q, but must be a number of milliseconds", value)
	}
	c.Traces.Timeout = time.Duration(ms) * time.Millisecond
	return nil
}

func parseDisabled(c *Config, value string) error {
	switch strings.ToLower(value) {
	case "true":
		c.Traces.Endpoint = "" // it comes last
	case "false":
	default:
		return fmt.Errorf("is %q, but must be true or false", value)
	}
	return nil
}
