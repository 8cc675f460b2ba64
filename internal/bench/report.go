package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// WriteTable prints the measures for people, with what each had to reach.
func WriteTable(w io.Writer, measures []Measure) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight) //nolint:mnd // a gap
	_, _ = fmt.Fprintln(table, "ratio\ttarget\t\tours/s\ttheirs/s\tp99 ms\ttheirs\tCPU µs\ttheirs\t  measure")
	for _, m := range measures {
		sign, verdict := "≥", "missed"
		if m.AtMost {
			sign = "≤"
		}
		if m.Met {
			verdict = "met"
		}
		if m.Ours == nil {
			_, _ = fmt.Fprintf(table, "%.2f %s\t%s %g\t%s\t\t\t\t\t\t\t  %s\n",
				m.Value, m.Unit, sign, m.Target, verdict, m.Name)
			continue
		}
		_, _ = fmt.Fprintf(table, "%.2f\t%s %.2f\t%s\t%s\t%s\t%.1f\t%.1f\t%.0f\t%.0f\t  %s\n",
			m.Value, sign, m.Target, verdict, m.Ours.spread(), m.Theirs.spread(), m.Ours.P99, m.Theirs.P99,
			m.Ours.CPU, m.Theirs.CPU, m.Name)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}

// spread is the median rate, and how far the turns were from it.
func (s Side) spread() string {
	return fmt.Sprintf("%.0f ±%.0f%%", s.Rate, 50*(s.Most-s.Least)/s.Rate) //nolint:mnd // half of it, in percent
}

// WriteJSON prints the measures for machines.
func WriteJSON(w io.Writer, measures []Measure) error {
	to := json.NewEncoder(w)
	to.SetIndent("", "  ")
	if err := to.Encode(map[string][]Measure{"measures": measures}); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}
