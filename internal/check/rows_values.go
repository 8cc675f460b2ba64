package check

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// null stands for no value among those to choose from.
const null = "\x00"

// pick returns a value of a row: the next ones of a column's where a constraint refused the first, with another number
// in each row.
func pick(choices []string, turn, row int, c filledColumn) any {
	at := turn
	if c.Target != nil {
		at += row
	}
	choice := choices[at%len(choices)]
	if choice == null {
		return nil
	}
	return rowNumber.ReplaceAllStringFunc(choice, func(place string) string {
		width, _ := strconv.Atoi(rowNumber.FindStringSubmatch(place)[1]) // without a number it is as wide as it gets
		return fmt.Sprintf("%0*d", width, row)
	})
}

// rowNumber stands for the number of a row, with so many digits.
var rowNumber = regexp.MustCompile(`%ROW(\d*)%`)

// quoted finds the texts in the definition of a constraint.
var quoted = regexp.MustCompile(`(~~|~)?\s*'((?:[^']|'')*)'`)

// values returns what a column may hold, the likeliest first. %ROW% stands for the number of the row.
func (c filledColumn) values() []string {
	element := c.Type
	if c.Element != nil {
		element = *c.Element
	}
	var values []string
	if len(c.Labels) > 0 {
		values = c.Labels
	} else {
		values = append(c.fitting(), ofType(element)...)
	}
	if c.Element != nil && element != "\"char\"" {
		lists := make([]string, 0, len(values)+1)
		for _, v := range values {
			lists = append(lists, `{"`+strings.ReplaceAll(v, `"`, `\"`)+`"}`)
		}
		values = append([]string{"{}"}, lists...)
	}
	if !c.NotNull {
		values = append(values, null)
	}
	return values
}

// ofType returns values of a type.
func ofType(name string) []string {
	const hash = `\x` + "0000000000000000000000000000000000000000000000000000000000000000"
	switch {
	case strings.HasPrefix(name, "timestamp"):
		return []string{"2026-01-01 00:00:00+00", "now", "2027-01-01 00:00:00+00"}
	case name == "date":
		return []string{"2026-01-01"}
	case name == "bytea":
		return []string{hash[:2+56] + "%ROW8%", `\x`}
	case name == "integer", name == "bigint", name == "smallint", name == "numeric":
		return []string{"1", "%ROW%", "0", "20", "200", "1000"}
	case name == "boolean":
		return []string{"false", "true"}
	case name == "uuid":
		return []string{"00000000-0000-4000-8000-%ROW12%"}
	case name == "jsonb", name == "json":
		return []string{"{}", "[]"}
	case name == "inet":
		return []string{"192.0.2.1"}
	case name == "interval":
		return []string{"1 hour"}
	default:
		return []string{"words of row %ROW%", "words", "", "a"}
	}
}

// fitting returns texts that the constraints of a column name: members of lists, and examples of patterns.
func (c filledColumn) fitting() []string {
	var found []string
	for _, check := range c.Checks {
		for _, text := range quoted.FindAllStringSubmatch(check, -1) {
			literal := strings.ReplaceAll(text[2], "''", "'")
			switch text[1] {
			case "~":
				if example, ok := matching(literal); ok {
					found = append(found, example)
				}
			case "~~": // LIKE
				found = append(found, strings.NewReplacer("%", "", "_", "a").Replace(literal)+"%ROW%")
			default:
				found = append(found, literal)
			}
		}
	}
	return found
}

// matching returns a text that a regular expression matches, with the number of the row where it leaves room.
func matching(pattern string) (string, bool) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", false
	}
	return textOf(parsed), true
}

// textOf returns a text that r matches.
func textOf(r *syntax.Regexp) string {
	var b strings.Builder
	switch r.Op { //nolint:exhaustive // the others match no character of their own
	case syntax.OpLiteral:
		return string(r.Rune)
	case syntax.OpCharClass:
		if holds(r, 'a') || len(r.Rune) == 0 { // a class of nothing
			return "a"
		}
		return string(r.Rune[0])
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "a"
	case syntax.OpCapture, syntax.OpPlus:
		return textOf(r.Sub[0])
	case syntax.OpAlternate:
		return textOf(r.Sub[0])
	case syntax.OpRepeat:
		if of := r.Sub[0]; of.Op == syntax.OpCharClass && holds(of, '0') && r.Min > rowDigits {
			return strings.Repeat(textOf(of), r.Min-rowDigits) + fmt.Sprintf("%%ROW%d%%", rowDigits)
		}
		return strings.Repeat(textOf(r.Sub[0]), max(r.Min, 1))
	case syntax.OpConcat:
		for _, part := range r.Sub {
			b.WriteString(textOf(part))
		}
	}
	return b.String()
}

// rowDigits is how wide the number of a row is where a pattern asks for so many characters.
const rowDigits = 8

// holds tells whether a class, which is a list of ranges, has a character.
func holds(class *syntax.Regexp, r rune) bool {
	for i := 0; i+1 < len(class.Rune); i += 2 {
		if class.Rune[i] <= r && r <= class.Rune[i+1] {
			return true
		}
	}
	return false
}
