package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"
	"time"
)

// Report is what was measured, on what.
type Report struct {
	Setting    Setting     `json:"setting"`
	Measures   []Measure   `json:"measures"`
	Operations []Operation `json:"operations"` // of the mixed load, at its normal rate
	Charts     []Chart     `json:"charts"`
}

// Setting is what everything was measured on.
type Setting struct {
	Begun      time.Time `json:"begun"`
	Go         string    `json:"go"`
	System     string    `json:"system"`
	Processors int       `json:"processors"`
	Users      int       `json:"users"`
	Turns      int       `json:"turns"`
	Length     string    `json:"length"`
	Warm       string    `json:"warm"`
	Skew       float64   `json:"skew"`
}

func (o Options) setting() Setting {
	return Setting{
		Begun: time.Now().UTC().Truncate(time.Second), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Processors: runtime.NumCPU(), Users: o.Users, Turns: o.Turns,
		Length: o.Length.String(), Warm: o.Warm.String(), Skew: o.Skew,
	}
}

// Missed tells whether any target was.
func (r Report) Missed() bool {
	for _, m := range r.Measures {
		if !m.Met {
			return true
		}
	}
	return false
}

// WriteTable prints the measures for people, with what each had to reach.
func (r Report) WriteTable(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight) // a gap
	_, _ = fmt.Fprintln(table, "ratio\ttarget\t\tours/s\ttheirs/s\tp99 ms\ttheirs\tCPU µs\ttheirs\t  measure")
	for _, m := range r.Measures {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t", m.value(), m.target(), m.verdict())
		if m.Ours == nil {
			_, _ = fmt.Fprintf(table, "\t\t\t\t\t\t  %s\n", m.Name)
			continue
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%.1f\t%.1f\t%.0f\t%.0f\t  %s\n",
			m.Ours.spread(), m.Theirs.spread(), m.Ours.P99, m.Theirs.P99, m.Ours.CPU, m.Theirs.CPU, m.Name)
	}
	between := "\n"
	for _, m := range r.Measures {
		if m.Note != "" {
			_, _ = fmt.Fprintf(table, "%s  %s:\n      %s\n", between, m.Name, m.Note)
			between = ""
		}
	}
	if len(r.Operations) > 0 {
		_, _ = fmt.Fprintln(table, "\na second\tp50 ms\tp95 ms\tp99 ms\tanswers\t  operation of the mixed load")
	}
	for _, o := range r.Operations {
		_, _ = fmt.Fprintf(table, "%.0f\t%.1f\t%.1f\t%.1f\t%s\t  %s\n", o.Rate, o.P50, o.P95, o.P99, o.answers(), o.Name)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}

// WriteJSON prints the report for machines.
func (r Report) WriteJSON(w io.Writer) error {
	to := json.NewEncoder(w)
	to.SetIndent("", "  ")
	if err := to.Encode(r); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}
