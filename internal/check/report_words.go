package check

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// narrowest is the least width, in characters, at which lines are broken: below it they would be a column of words.
const narrowest = 24

// wrap breaks text at spaces into lines of so many characters; words that are longer stay whole, as paths must. Below
// narrowest lines are broken only where the text has line breaks. It returns at least one line.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		paragraph = printable(strings.TrimRight(paragraph, "\r"))
		if width < narrowest {
			lines = append(lines, paragraph)
			continue
		}
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			switch {
			case line == "":
				line = word
			case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
				line += " " + word
			default:
				lines = append(lines, line)
				line = word
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// printable writes out control characters, which a contract that somebody else wrote may hold: on a terminal they would
// be obeyed.
func printable(text string) string {
	hidden := func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
	}
	if !strings.ContainsFunc(text, hidden) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\t':
			b.WriteByte(' ')
		case hidden(r):
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// oneLine is text without line breaks and control characters, at most so many characters long.
func oneLine(text string, most int) string {
	text = printable(strings.Join(strings.Fields(text), " "))
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
