package example

import (
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// maxSteps is how many integers in a row are tried.
const maxSteps = 100

// bounds are the numbers between which a value lies; where nothing is said, wide ones.
func bounds(schema *openapi3.Schema) (low, high float64) {
	low, high = -math.MaxInt32, math.MaxInt32
	if schema.Min != nil {
		low, high = *schema.Min, max(high, *schema.Min+maxSteps)
	}
	if bound := schema.ExclusiveMin.Value; bound != nil && *bound >= low {
		low, high = *bound, max(high, *bound+maxSteps)
	}
	if schema.Max != nil {
		low, high = min(low, *schema.Max), *schema.Max
	}
	if bound := schema.ExclusiveMax.Value; bound != nil {
		low, high = min(low, *bound), min(high, *bound)
	}
	return low, high
}

// integers yields whole numbers: a small one, then those at the bounds.
func integers(schema *openapi3.Schema, nth int) iter.Seq[any] {
	low, high := bounds(schema)
	step := 1.0
	if schema.MultipleOf != nil && *schema.MultipleOf > 0 {
		step = *schema.MultipleOf
	}
	var values []any
	add := func(value float64) {
		if value == math.Trunc(value) && math.Abs(value) <= 1<<62 && value <= high {
			values = append(values, int64(value))
		}
	}
	for _, start := range []float64{max(low, 1), low, 0} {
		for i := range maxSteps {
			add((math.Ceil(start/step) + float64(nth+i)) * step)
		}
	}
	for i := range maxSteps {
		add((math.Floor(high/step) - float64(i)) * step)
	}
	return slices.Values(values)
}

// numbers yields numbers: one with a fraction, multiples, those at the bounds, and those between.
func numbers(schema *openapi3.Schema, nth int) iter.Seq[any] {
	low, high := bounds(schema)
	return func(yield func(any) bool) {
		values := []float64{1.5 + float64(nth), 1 + float64(nth), 0.5, 0}
		if m := schema.MultipleOf; m != nil && *m > 0 {
			first := math.Ceil(max(low, 0) / *m)
			values = nil
			for _, k := range []float64{
				first + float64(nth), first, first + 1, math.Ceil(low / *m), math.Ceil(low / *m) + 1,
				math.Floor(high / *m), math.Floor(high / *m) - 1,
			} {
				values = append(values, k**m)
			}
		}
		const quarters = 4
		for k := range quarters + 1 {
			values = append(values, low+(high-low)*float64(k)/quarters)
		}
		for _, value := range values {
			if value >= low && value <= high && !yield(value) {
				return
			}
		}
	}
}

// formats are values of formats, each as the nth of several; where several stand, the first that fits is taken.
func formats(format string) []string {
	switch format {
	case "date-time":
		return []string{"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678901Z"}
	case "date":
		return []string{"2026-01-02"}
	case "time":
		return []string{"03:04:05Z"}
	case "duration":
		return []string{"P1D"}
	case "uuid":
		return []string{"7c9e6679-7425-40de-944b-e07fc1f90ae0"}
	case "uri", "url", "uri-reference", "iri", "iri-reference":
		return []string{"https://example.com/", "https://example.com", "a:b"}
	case "email", "idn-email":
		return []string{"ann@example.com", "a@b.example"}
	case "hostname", "idn-hostname":
		return []string{"www.example.com", "a.example"}
	case "ipv4", "ip":
		return []string{"192.0.2.1"}
	case "ipv6":
		return []string{"2001:db8::1"}
	case "json-pointer":
		return []string{"/a"}
	case "regex":
		return []string{"^[a-z]+$"}
	case "byte", "base64":
		return []string{"dGV4dA==", "dGV4", ""}
	}
	return nil
}

// stringsOf yields texts: those of the format, those that match the pattern, words.
func stringsOf(schema *openapi3.Schema, nth int) iter.Seq[any] {
	least := int(schema.MinLength) //nolint:gosec // a length
	var fitting []any
	for _, text := range formats(schema.Format) {
		fitting = append(fitting, changedText(text, nth), text, filled(schema.Format, text, least))
	}
	return func(yield func(any) bool) {
		for _, text := range fitting {
			if !yield(text) {
				return
			}
		}
		if schema.Pattern != "" {
			for text := range matching(schema.Pattern, least, longest(schema)) {
				if nth > 0 && !yield(changedText(text, nth)) || !yield(text) {
					return
				}
			}
		}
		text := name("text", nth)
		usual := max(least, min(longest(schema), len(text)))
		yield((text + strings.Repeat("text", least))[:usual])
	}
}

// longest is how long a text may be, in characters.
func longest(schema *openapi3.Schema) int {
	if schema.MaxLength == nil || *schema.MaxLength > math.MaxInt32 {
		return math.MaxInt32
	}
	return int(*schema.MaxLength)
}

// filled makes the value of a format as long as it has to be at least.
func filled(format, text string, least int) string {
	missing := least - len(text)
	if missing <= 0 {
		return text
	}
	switch format {
	case "byte", "base64":
		const group = 4
		return strings.Repeat("dGV4", (least+group-1)/group)
	case "email", "idn-email", "hostname", "idn-hostname":
		return strings.Repeat("a", missing) + text
	case "date-time":
		return strings.TrimSuffix(text, "Z") + "." + strings.Repeat("0", max(missing-1, 1)) + "Z"
	}
	return text + strings.Repeat("a", missing)
}
