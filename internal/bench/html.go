package bench

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed report.html
var pageTemplate string

// WriteHTML writes the report as one page that needs nothing else.
func (r Report) WriteHTML(w io.Writer) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"whole":   func(v float64) string { return fmt.Sprintf("%.0f", v) },
		"tenth":   func(v float64) string { return fmt.Sprintf("%.1f", v) },
		"value":   Measure.value,
		"target":  Measure.target,
		"verdict": Measure.verdict,
		"spread":  Side.spread,
		"answers": Operation.answers,
		"draw":    Chart.Draw,
		"short":   short,
	}).Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	if err := t.Execute(w, r); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}
