package contract

import (
	"encoding/base64"
	"errors"
	"maps"
	"net/url"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// checkFormat complains about a format that nobody checks: kin-openapi would let it pass in silence.
func (v *visitor) checkFormat(schema *openapi3.Schema) {
	known := true
	switch {
	case schema.Format == "":
	case schema.Type.Is(openapi3.TypeString):
		_, known = v.formats()[schema.Format]
		known = known || schema.Format == "binary" || schema.Format == "password"
	case schema.Type.Is(openapi3.TypeInteger):
		known = schema.Format == "int32" || schema.Format == "int64"
	case schema.Type.Is(openapi3.TypeNumber):
		known = schema.Format == "float" || schema.Format == "double"
	default:
		known = false
	}
	if !known {
		v.report.atf(schema.Origin, "format", "unknown format %s", schema.Format)
	}
}

// formatOption makes kin-openapi check formats.
func (c *compiler) formatOption() openapi3.SchemaValidationOption {
	return openapi3.WithStringFormatValidators(c.formats())
}

// formats are those that every contract may use and those of the rules.
func (c *compiler) formats() map[string]openapi3.StringFormatValidator {
	checks := map[string]func(string) error{
		"date": isDate, "date-time": isTime, "uuid": isUUID, "uri": isURI, "byte": isBase64,
	}
	maps.Copy(checks, c.rules.Formats)
	validators := make(map[string]openapi3.StringFormatValidator, len(checks))
	for name, check := range checks {
		validators[name] = openapi3.NewCallbackValidator(check)
	}
	return validators
}

func isDate(text string) error {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return errors.New("must be a date, as in 2026-01-31")
	}
	return nil
}

func isTime(text string) error {
	if _, err := time.Parse(time.RFC3339Nano, text); err != nil {
		return errors.New("must be a date and time, as in 2026-01-31T12:00:00Z")
	}
	return nil
}

func isUUID(text string) error {
	good := len(text) == len("00000000-0000-0000-0000-000000000000")
	for i := 0; good && i < len(text); i++ {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			good = text[i] == '-'
			continue
		}
		c := text[i] | 0x20
		good = c >= '0' && c <= '9' || c >= 'a' && c <= 'f'
	}
	if !good {
		return errors.New("must be a UUID")
	}
	return nil
}

func isURI(text string) error {
	if parsed, err := url.Parse(text); err != nil || !parsed.IsAbs() {
		return errors.New("must be an absolute URI")
	}
	return nil
}

func isBase64(text string) error {
	if _, err := base64.StdEncoding.DecodeString(text); err != nil {
		return errors.New("must be base64")
	}
	return nil
}
