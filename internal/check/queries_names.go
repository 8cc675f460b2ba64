package check

import (
	"path"
	"slices"
	"strings"
)

// queryVerbs are all that a query's name may begin with.
const queryVerbs = "get, list, count, insert, update, delete, consume"

// names holds the names against the rules for them.
func (l *queriesRun) names() {
	verbs := strings.Split(queryVerbs, ", ")
	nouns := map[string][]string{}
	for _, q := range l.queries {
		nouns[q.file] = singular(strings.Split(strings.TrimSuffix(path.Base(q.file), ".sql"), "_"))
	}
	first := map[string]namedQuery{}
	for _, q := range l.queries {
		if other, twice := first[q.name]; twice {
			l.atf(q, "queries/duplicate", "%s stands in %s:%d already: rename one of them", q.name, other.file, other.line)
			continue
		}
		first[q.name] = q
		parts := words(q.name)
		if !slices.Contains(verbs, parts[0]) {
			l.atf(q, "queries/verb", "%s begins with none of the verbs %s: rename it", q.name, queryVerbs)
		}
		switch home := homeOf(parts, nouns); home {
		case q.file:
		case "":
			l.atf(q, "queries/noun", "%s does not name what its file is about: add %s", q.name, strings.Join(nouns[q.file], " "))
		default:
			l.atf(q, "queries/noun", "%s is about what %s is for: move it there", q.name, home)
		}
	}
}

// homeOf returns the file whose noun comes first in the words of a name; of two that begin with one word, the longer.
func homeOf(parts []string, nouns map[string][]string) string {
	for i := range parts {
		home := ""
		for file, noun := range nouns {
			if i+len(noun) <= len(parts) && slices.Equal(singular(parts[i:i+len(noun)]), noun) && len(noun) > len(nouns[home]) {
				home = file
			}
		}
		if home != "" {
			return home
		}
	}
	return ""
}

// singular returns words with the last one in the singular.
func singular(parts []string) []string {
	parts = slices.Clone(parts)
	last := &parts[len(parts)-1]
	for _, ending := range [][2]string{{"sses", "ss"}, {"ies", "y"}, {"ss", "ss"}, {"s", ""}} {
		if stem, found := strings.CutSuffix(*last, ending[0]); found {
			*last = stem + ending[1]
			break
		}
	}
	return parts
}
