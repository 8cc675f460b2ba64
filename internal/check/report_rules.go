package check

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"
)

// Rules lists the rules of all layers, and those that they share.
func Rules() []Rule {
	var all []Rule
	for _, layer := range append(Layers(), ServerLayer(ServerOptions{})) {
		all = append(all, layer.Rules...)
	}
	return append(all, sharedRules()...)
}

// WriteRules writes rules with their severity and help. Only those are written that have the name, or are of the layer,
// where one is given.
func WriteRules(w io.Writer, rules []Rule, only string, style Style) error {
	t, width := text{style: style}, 0
	var chosen []Rule
	for _, rule := range rules {
		if layer, _, _ := strings.Cut(rule.ID, "/"); only == "" || rule.ID == only || layer == only {
			chosen = append(chosen, rule)
			width = max(width, len(rule.ID))
		}
	}
	if len(chosen) == 0 {
		return fmt.Errorf("there is no rule and no layer %s", only)
	}
	for _, rule := range chosen {
		first := fmt.Sprintf("%s  %-7s  ", t.paint(fmt.Sprintf("%-*s", width, rule.ID), color.Bold), rule.Severity)
		t.lines(first, strings.Repeat(" ", width+2+7+2), rule.Help, "")
	}
	if _, err := io.WriteString(w, t.out.String()); err != nil {
		return fmt.Errorf("writing the rules: %w", err)
	}
	return nil
}
