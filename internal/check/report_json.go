package check

import (
	"encoding/json"
	"io"
	"time"
)

// writeJSON writes all findings, notes too. Fields are only ever added to it.
func writeJSON(w io.Writer, r Report, _ Style) error {
	type layer struct {
		Name    string  `json:"name"`
		Seconds float64 `json:"seconds"`
		Error   string  `json:"error,omitempty"`
	}
	counts := tally(r.Findings())
	document := struct {
		Version     string    `json:"version,omitempty"`
		Base        string    `json:"base,omitempty"`
		BaseVersion string    `json:"base_version,omitempty"`
		ExitCode    int       `json:"exit_code"`
		Errors      int       `json:"errors"`
		Warnings    int       `json:"warnings"`
		Notes       int       `json:"notes"`
		Begun       time.Time `json:"begun"`
		Seconds     float64   `json:"seconds"`
		Layers      []layer   `json:"layers"`
		Findings    []Finding `json:"findings"`
	}{
		Version: r.Version, Base: r.Base, BaseVersion: r.BaseVersion,
		ExitCode: r.ExitCode(), Errors: counts[Error], Warnings: counts[Warning], Notes: counts[Note],
		Begun: r.Begun, Seconds: r.Took.Seconds(),
		Layers: []layer{}, Findings: append([]Finding{}, r.Findings()...),
	}
	for _, result := range r.Results {
		entry := layer{Name: result.Layer, Seconds: result.Took.Seconds()}
		if result.Err != nil {
			entry.Error = result.Err.Error()
		}
		document.Layers = append(document.Layers, entry)
	}
	return encode(w, document)
}

// encode writes a document as people read JSON.
func encode(w io.Writer, document any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document) //nolint:wrapcheck // Write says what it is
}
