package check

import (
	"regexp/syntax"
	"strings"
)

// sqlSamples returns texts that a regular expression matches: the shortest, and one with all that may be there. None
// where Go cannot read it.
func sqlSamples(pattern string) []string {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	tree = tree.Simplify()
	var short, long strings.Builder
	sqlSample(tree, false, &short)
	sqlSample(tree, true, &long)
	return []string{short.String(), long.String()}
}

// sqlSample writes a text that a tree matches.
func sqlSample(tree *syntax.Regexp, long bool, b *strings.Builder) {
	switch tree.Op { //nolint:exhaustive // the others match the empty text
	case syntax.OpLiteral:
		b.WriteString(string(tree.Rune))
	case syntax.OpCharClass:
		b.WriteRune(sqlRune(tree.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('a')
	case syntax.OpPlus, syntax.OpCapture:
		sqlSample(tree.Sub[0], long, b)
	case syntax.OpStar, syntax.OpQuest:
		if long {
			sqlSample(tree.Sub[0], long, b)
		}
	case syntax.OpAlternate:
		sqlSample(tree.Sub[0], long, b)
	case syntax.OpConcat:
		for _, part := range tree.Sub {
			sqlSample(part, long, b)
		}
	}
}

// sqlRune chooses from a class, whose ranges are given by their ends: a lower-case letter where there is one, else what
// can be seen. PostgreSQL has no text with the first character that there is.
func sqlRune(ranges []rune) rune {
	if len(ranges) == 0 {
		return 'a'
	}
	chosen := ranges[0]
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i] <= 'a' && 'a' <= ranges[i+1] {
			return 'a'
		}
		if seen := max(ranges[i], '!'); chosen < '!' && seen <= ranges[i+1] {
			chosen = seen
		}
	}
	return chosen
}
