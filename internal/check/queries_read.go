package check

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// namedQuery is one query of a file, from its name to the next one.
type namedQuery struct {
	file, name string
	line       int // of the name
	text       string
}

// queryName is the line that sqlc knows a query by.
var queryName = regexp.MustCompile(`(?m)^--\s*name:\s*(\w+)`)

// readQueries reads queries/*.sql.
func readQueries(tree fs.FS) ([]namedQuery, error) {
	files, err := fs.Glob(tree, "queries/*.sql")
	if err != nil {
		return nil, fmt.Errorf("the queries: %w", err)
	}
	var queries []namedQuery
	for _, file := range files {
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			return nil, fmt.Errorf("the queries: %w", err)
		}
		queries = append(queries, splitQueries(file, string(text))...)
	}
	return queries, nil
}

func splitQueries(file, text string) []namedQuery {
	names := queryName.FindAllStringSubmatchIndex(text, -1)
	queries := make([]namedQuery, len(names))
	for i, at := range names {
		end := len(text)
		if i+1 < len(names) {
			end = names[i+1][0]
		}
		queries[i] = namedQuery{
			file: file, name: text[at[2]:at[3]], line: strings.Count(text[:at[0]], "\n") + 1, text: text[at[0]:end],
		}
	}
	return queries
}

// numbered is a query as PostgreSQL takes it, with the place that each of its characters has in the query's own text.
type numbered struct {
	text  string
	bytes []int // of each character of text, where it stands in the query
}

// queryToken finds what sqlc has of its own, and passes over what only looks like it: comments, strings and names.
var queryToken = regexp.MustCompile(`(?s)--[^\n]*|/\*.*?\*/|\b[eE]'(?:[^'\\]|\\.)*'|'[^']*'|"[^"]*"|\$\$.*?\$\$|` +
	`@(?P<short>[a-zA-Z_]\w*)|` +
	`\bsqlc\.(?:n?arg|slice)\(\s*'?(?P<long>\w+)'?\s*\)|` +
	`\bsqlc\.embed\(\s*(?P<embed>\w+)\s*\)`)

// numberedQuery replaces named parameters by numbers, as sqlc does.
func numberedQuery(text string) numbered {
	var n numbered
	var b strings.Builder
	var names []string
	put := func(part string, from, step int) {
		for i := range part {
			n.bytes = append(n.bytes, from+i*step)
		}
		b.WriteString(part)
	}
	end := 0
	for _, at := range queryToken.FindAllStringSubmatchIndex(text, -1) {
		name := firstGroup(text, at, 1, 2)
		table := firstGroup(text, at, 3)
		if name == "" && table == "" {
			continue
		}
		put(text[end:at[0]], end, 1)
		if table != "" {
			put(table+".*", at[0], 0)
		} else {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
			put("$"+strconv.Itoa(slices.Index(names, name)+1), at[0], 0)
		}
		end = at[1]
	}
	put(text[end:], end, 1)
	n.text = b.String()
	return n
}

// firstGroup is the first of the groups that has matched.
func firstGroup(text string, at []int, groups ...int) string {
	for _, group := range groups {
		if at[2*group] >= 0 {
			return text[at[2*group]:at[2*group+1]]
		}
	}
	return ""
}

// place is line and column, from 1, of a position of PostgreSQL: a character, from 1. Without a position it is the
// place of the query's name.
func (n numbered) place(q namedQuery, position int32) (line, column int) {
	if position < 1 || int(position) > len(n.bytes) {
		return q.line, 0
	}
	return placeIn(q.text, n.bytes[position-1], q.line)
}

// placeIn is line and column, from 1, of a byte of a text that begins at a line.
func placeIn(text string, offset, first int) (line, column int) {
	before := text[:offset]
	return first + strings.Count(before, "\n"), utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
}

// words splits GetUserByID into its words, in small letters.
func words(name string) []string {
	var all []string
	for i, r := range name {
		if unicode.IsUpper(r) && (i == 0 || !unicode.IsUpper(rune(name[i-1]))) || i == 0 {
			all = append(all, "")
		}
		all[len(all)-1] += string(unicode.ToLower(r))
	}
	return all
}
