package check

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	// sqlEndless is how long a text is that has no limit.
	sqlEndless = 300_000
	// sqlPlaces is at how many places of a text its length is changed.
	sqlPlaces = 64
	// sqlStrange are the characters that texts are tried with: those that patterns are about, an upper-case letter and
	// a digit among them, a letter, a digit and a sign of other scripts, and what programs stumble on.
	sqlStrange = "A0 _-.,:;!#*%+@/\\'\"(é٠€\n"
)

// texts are strings at both ends of the lengths, at what SQL names, and with characters that a pattern or a format
// may be about.
func (t *sqlTrials) texts(
	schema *openapi3.Schema, at string, allows func(value any) bool, seeds []any, ruled bool,
) []sqlTrial {
	var trials []sqlTrial
	add := func(value, words, keyword string) {
		trials = append(trials, sqlTrial{value: value, words: words, at: at, keyword: keyword, schema: schema})
	}
	if len(schema.Enum) > 0 {
		for _, word := range slices.Concat(schema.Enum, sqlAny(t.group.column.labels), sqlAny(t.group.column.words)) {
			if text, ok := word.(string); ok {
				add(text, sqlQuote(text), "enum")
			}
		}
		add("example of another word", "a word that is not in enum", "enum")
		return trials
	}
	form := sqlForm(schema, ruled)
	var texts []string
	for _, seed := range seeds {
		if text, ok := seed.(string); ok && allows(text) {
			texts = append(texts, text)
			keyword := form
			if schema.Example == text {
				keyword = "example"
			}
			add(text, sqlQuote(text), keyword)
		}
	}
	t.lengths(schema, allows, texts, add)
	if form == "" {
		return trials
	}
	for _, text := range sqlMutants(texts) {
		if !sqlTrimmed(text) {
			add(text, sqlQuote(text), form)
		}
	}
	return trials
}

// sqlForm is the keyword that says more of a text than its length, if any does.
func sqlForm(schema *openapi3.Schema, ruled bool) string {
	switch {
	case schema.Pattern != "":
		return "pattern"
	case schema.Format != "":
		return "format"
	case ruled:
		return "x-rule"
	}
	return ""
}

// lengths are texts of the lengths that matter. They have the form of those that are allowed, if that can be done.
func (t *sqlTrials) lengths(
	schema *openapi3.Schema, allows func(value any) bool, texts []string, add func(value, words, keyword string),
) {
	most := int64(sqlEndless)
	if schema.MaxLength != nil {
		most = int64(min(*schema.MaxLength, sqlEndless))
	}
	least := int64(min(schema.MinLength, sqlEndless))
	for _, n := range t.wanted(least, most) {
		keyword := "maxLength"
		if n <= least {
			keyword = "minLength"
		}
		// As many characters in bytes and in more than bytes: SQL may count either.
		for _, filler := range []string{"", "é"} {
			fits := func(text string) bool { return allows(text) }
			if n < least || n > most { // else it is no length that refuses it
				fits = t.beyond(schema)
			}
			value, found := sqlStretch(texts, int(n), filler, fits)
			if !found && filler == "" && (n < least || n > most) {
				value, found = sqlStretch(texts, int(n), filler, func(string) bool { return true })
			}
			if found {
				add(value, fmt.Sprintf("%d characters", n), keyword)
			}
		}
	}
	if least == 0 {
		shortest := sqlShortest(texts, func(text string) bool { return allows(text) })
		add(shortest, sqlQuote(shortest), "minLength")
	}
}

// wanted are the lengths that matter: at both ends, and at what SQL names.
func (t *sqlTrials) wanted(least, most int64) []int64 {
	wanted := []int64{least, most, most + 1}
	if least > 0 {
		wanted = append(wanted, least-1)
	}
	for _, n := range t.group.column.numbers {
		if n > least && n < most {
			wanted = append(wanted, n-1, n, n+1)
		}
	}
	return wanted
}

// beyond tells whether a text keeps all that a schema says but the lengths.
func (t *sqlTrials) beyond(schema *openapi3.Schema) func(text string) bool {
	relaxed := *schema
	relaxed.MinLength, relaxed.MaxLength = 0, nil
	return func(text string) bool { return t.judge.allows(&relaxed, text) }
}

// sqlStretch makes a text of n characters out of others.
func sqlStretch(texts []string, n int, filler string, fits func(string) bool) (string, bool) {
	for _, text := range append(slices.Clone(texts), "a") {
		runes := []rune(text)
		for i := range min(len(runes), sqlPlaces) {
			changed := sqlResize(runes, i, n-len(runes), filler)
			if utf8.RuneCountInString(changed) == n && !sqlTrimmed(changed) && fits(changed) {
				return changed, true
			}
		}
	}
	return "", false
}

// sqlResize repeats the character at i, or the filler there, or leaves out what begins there.
func sqlResize(runes []rune, i, more int, filler string) string {
	switch {
	case filler == "" && more < 0:
		return string(runes[:i]) + string(runes[min(i-more, len(runes)):])
	case more < 0:
		return ""
	case filler == "":
		filler = string(runes[i])
	}
	return string(runes[:i]) + strings.Repeat(filler, more) + string(runes[i:])
}

// sqlShortest leaves out of the texts what can be left out, and returns the shortest.
func sqlShortest(texts []string, fits func(string) bool) string {
	if fits("") || len(texts) == 0 {
		return ""
	}
	shortest := texts[0]
	for _, text := range texts {
		runes := []rune(text)
		for i := 0; i < len(runes); {
			without := slices.Delete(slices.Clone(runes), i, i+1)
			if fits(string(without)) {
				runes = without
			} else {
				i++
			}
		}
		if len(string(runes)) < len(shortest) {
			shortest = string(runes)
		}
	}
	return shortest
}

// sqlMutants changes a character of some texts: every kind of strange one, at the beginning, within and at the end.
func sqlMutants(texts []string) []string {
	var mutants []string
	for _, text := range texts[:min(len(texts), 2)] {
		runes := []rune(text)
		if len(runes) == 0 {
			continue
		}
		for _, strange := range sqlStrange {
			changed := slices.Clone(runes)
			changed[len(runes)/2] = strange
			mutants = append(mutants, string(changed), string(strange)+text, text+string(strange),
				string(slices.Insert(slices.Clone(runes), len(runes)/2, strange)),
				strings.Repeat(string(strange), len(runes)))
		}
		for i := range runes {
			mutants = append(mutants, string(slices.Delete(slices.Clone(runes), i, i+1)))
		}
	}
	slices.Sort(mutants)
	return slices.Compact(mutants)
}

// sqlTrimmed tells that a text would be trimmed before it is looked at.
func sqlTrimmed(text string) bool { return strings.TrimSpace(text) != text }

// sqlQuote shows a text, or its beginning.
func sqlQuote(text string) string {
	if runes := []rune(text); len(runes) > 30 {
		return fmt.Sprintf("%q…", string(runes[:30]))
	}
	return fmt.Sprintf("%q", text)
}

func sqlAny(words []string) []any {
	values := make([]any, len(words))
	for i, word := range words {
		values[i] = word
	}
	return values
}
