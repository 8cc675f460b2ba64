package check

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Format is how a report is written.
type Format struct {
	Name  string
	Help  string
	Write func(w io.Writer, r Report, style Style) error
}

// Style is what a format may know of where it is read.
type Style struct {
	Color bool
	// Notes shows notes one by one; otherwise they are only counted.
	Notes bool
}

// Formats are all formats; the first one is the default.
func Formats() []Format {
	return []Format{
		{Name: "text", Help: "for a terminal", Write: writeText},
		{Name: "json", Help: "for programs", Write: writeJSON},
	}
}

// Write writes a report in the format of that name.
func Write(w io.Writer, format string, r Report, style Style) error {
	formats := Formats()
	i := slices.IndexFunc(formats, func(f Format) bool { return f.Name == format })
	if i < 0 {
		return fmt.Errorf("there is no format %s", format)
	}
	return formats[i].Write(w, r, style)
}

// writeJSON writes all findings, notes too.
func writeJSON(w io.Writer, r Report, _ Style) error {
	type layer struct {
		Name    string  `json:"name"`
		Seconds float64 `json:"seconds"`
		Error   string  `json:"error,omitempty"`
	}
	document := struct {
		Base     string    `json:"base,omitempty"`
		ExitCode int       `json:"exit_code"`
		Errors   int       `json:"errors"`
		Warnings int       `json:"warnings"`
		Notes    int       `json:"notes"`
		Seconds  float64   `json:"seconds"`
		Layers   []layer   `json:"layers"`
		Findings []Finding `json:"findings"`
	}{
		Base: r.Base, ExitCode: r.ExitCode(), Errors: r.Count(Error), Warnings: r.Count(Warning), Notes: r.Count(Note),
		Seconds: r.Took.Seconds(), Layers: []layer{}, Findings: append([]Finding{}, r.Findings()...),
	}
	for _, result := range r.Results {
		entry := layer{Name: result.Layer, Seconds: result.Took.Seconds()}
		if result.Err != nil {
			entry.Error = result.Err.Error()
		}
		document.Layers = append(document.Layers, entry)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
