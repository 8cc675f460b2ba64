package example

import (
	"iter"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/plaza-api/plaza/internal/contract"
)

const (
	// maxMore is how many characters beyond the shortest match are tried.
	maxMore = 5000
	// usualMore is how many characters a text has beyond the shortest match, where it may have them.
	usualMore = 6
)

// matching yields texts that match a pattern, with at least and at most so many characters.
func matching(pattern string, least, most int) iter.Seq[string] {
	return func(yield func(string) bool) {
		pattern = contract.GoPattern(pattern)
		parsed, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			return
		}
		compiled, err := regexp.Compile(pattern)
		if err != nil {
			return
		}
		parsed = parsed.Simplify()
		shortest := utf8.RuneCountInString(write(parsed, 0, 0))
		start := max(min(usualMore, most-shortest), least-shortest, 0)
		for turn := range 3 { // of alternatives and of letters
			for _, more := range steps(start, least-shortest) {
				text := write(parsed, more, turn)
				for _, one := range []string{text, text + strings.Repeat("a", max(least-utf8.RuneCountInString(text), 0))} {
					if n := utf8.RuneCountInString(one); n >= least && n <= most && compiled.MatchString(one) && !yield(one) {
						return
					}
				}
			}
		}
	}
}

// steps are lengths to try beyond the shortest match: from start on, then those before it.
func steps(start, least int) []int {
	var all []int
	for more := start; more <= min(start+usualMore, maxMore); more++ {
		all = append(all, more)
	}
	for more := min(start, maxMore); more >= max(least/8, 0); more-- {
		all = append(all, more)
	}
	return all
}

// write writes a match with up to so many characters more than there have to be.
func write(parsed *syntax.Regexp, more, turn int) string {
	w := writer{more: more, turn: turn}
	w.write(parsed)
	return w.text.String()
}

type writer struct {
	text strings.Builder
	more int // how many characters may still come that need not
	turn int
}

func (w *writer) write(r *syntax.Regexp) {
	switch r.Op { //nolint:exhaustive // the others match no characters
	case syntax.OpLiteral:
		for _, c := range r.Rune {
			w.text.WriteRune(c)
		}
	case syntax.OpCharClass:
		w.text.WriteRune(w.letter(r.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.text.WriteRune(w.letter([]rune{'a', 'z'}))
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range r.Sub {
			w.write(sub)
		}
	case syntax.OpAlternate:
		w.write(r.Sub[w.turn%len(r.Sub)])
	case syntax.OpStar, syntax.OpQuest:
		w.repeat(r.Sub[0], 0, r.Op == syntax.OpQuest)
	case syntax.OpPlus:
		w.repeat(r.Sub[0], 1, false)
	}
}

// repeat writes a part as often as it has to be there, then while there is room.
func (w *writer) repeat(r *syntax.Regexp, least int, once bool) {
	for range least {
		w.write(r)
	}
	for w.more > 0 {
		before := w.text.Len()
		room := w.more
		w.more = 0
		w.write(r)
		w.more = max(room-utf8.RuneCountInString(w.text.String()[before:]), 0)
		if once || w.text.Len() == before {
			return
		}
	}
}

// letter is one of a class, a friendly one where it can be: another in each place.
func (w *writer) letter(ranges []rune) rune {
	place := w.text.Len() + w.turn
	for _, friendly := range []string{
		"abcdefghijklmnopqrstuvwxyz", "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "-_. !#$%&/",
	} {
		var fit []rune
		for _, c := range friendly {
			if inRanges(ranges, c) {
				fit = append(fit, c)
			}
		}
		if len(fit) > 0 {
			return fit[place%len(fit)]
		}
	}
	for i := 0; i+1 < len(ranges); i += 2 {
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			if unicode.IsPrint(c) {
				return c
			}
		}
	}
	return ranges[0]
}

func inRanges(ranges []rune, c rune) bool {
	for i := 0; i+1 < len(ranges); i += 2 {
		if c >= ranges[i] && c <= ranges[i+1] {
			return true
		}
	}
	return false
}
