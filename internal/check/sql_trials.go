package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// sqlMany is how many items an array has that has no limit.
const sqlMany = 1000

// sqlTrial is a value that contract and database must agree on.
type sqlTrial struct {
	value any
	// words are what people call it: 101 characters.
	words string
	// at is the pointer to the schema, and keyword what of it the trial is about.
	at, keyword string
	schema      *openapi3.Schema
}

// sqlTrials makes the values for one group.
type sqlTrials struct {
	judge *sqlJudge
	group *sqlGroup
	// allows is what the contract says of a value in its request.
	allows func(value any) bool
	seeds  []any
}

// all are the trials of the group, most telling first.
func (t *sqlTrials) all() []sqlTrial {
	trials := t.values()
	if t.group.schema.Nullable && !t.group.column.notNull { // of which sqlNulls tells
		trials = append(trials, t.trial(nil, "null", "nullable"))
	}
	return trials
}

func (t *sqlTrials) values() []sqlTrial {
	schema := t.group.schema
	switch {
	case schema.Type.Is(openapi3.TypeString):
		return t.texts(schema, t.group.limits, t.allows, t.seeds, t.group.hasRule())
	case sqlIsNumber(schema):
		return t.numbers(schema, t.group.limits)
	case schema.Type.Is(openapi3.TypeBoolean):
		return []sqlTrial{t.trial(true, "true", "enum"), t.trial(false, "false", "enum")}
	case schema.Type.Is(openapi3.TypeArray) && schema.Items != nil:
		return append(t.counts(), t.items()...)
	}
	return nil
}

func (t *sqlTrials) trial(value any, words, keyword string) sqlTrial {
	return sqlTrial{value: value, words: words, at: t.group.limits, keyword: keyword, schema: t.group.schema}
}

// counts are arrays with as many items as are just allowed, and one more or less.
func (t *sqlTrials) counts() []sqlTrial {
	schema := t.group.schema
	smallest, largest := int64(min(schema.MinItems, sqlMany)), int64(sqlMany)
	if schema.MaxItems != nil {
		largest = int64(min(*schema.MaxItems, sqlMany))
	}
	wanted := []int64{smallest - 1, smallest, largest, largest + 1}
	for _, number := range t.group.column.numbers {
		if number > smallest && number < largest {
			wanted = append(wanted, number, number+1)
		}
	}
	var trials []sqlTrial
	for _, n := range wanted {
		if n < 0 {
			continue
		}
		keyword := "maxItems"
		if n <= smallest {
			keyword = "minItems"
		}
		array := t.array(int(n))
		if within := n >= smallest && n <= largest; int64(len(array)) == n && (!within || t.allows(array)) {
			trials = append(trials, t.trial(array, fmt.Sprintf("%d items", n), keyword))
		}
	}
	if schema.UniqueItems {
		if item := t.array(1); len(item) == 1 {
			trials = append(trials, t.trial([]any{item[0], item[0]}, "the same item twice", "uniqueItems"))
		}
	}
	return trials
}

// array makes n items, no two of them alike if there are as many.
func (t *sqlTrials) array(n int) []any {
	items := []any{}
	var seeds []string
	for _, seed := range t.itemSeeds() {
		if text, ok := seed.(string); ok && len(items) < n && !slices.Contains(items, seed) {
			items = append(items, text)
			seeds = append(seeds, text)
		}
	}
	for i := 0; len(items) < n && len(seeds) > 0; i++ {
		items = append(items, t.another(seeds, i))
	}
	if item := t.group.schema.Items.Value; sqlIsNumber(item) {
		first := int64(1)
		if item.Min != nil {
			first = sqlWhole(*item.Min) + 1 // which an exclusive bound allows too
		}
		for i := range n {
			items = append(items, first+int64(i))
		}
	}
	return t.named(items)
}

// another makes the item of that number out of others; it is one of them for want of another.
func (t *sqlTrials) another(seeds []string, number int) string {
	for _, seed := range seeds {
		if other := seed + sqlLetters(number); t.judge.allows(t.group.schema.Items.Value, other) {
			return other
		}
	}
	return seeds[number%len(seeds)]
}

// named puts a word that SQL names among the items, if the contract allows them with it alone.
func (t *sqlTrials) named(items []any) []any {
	for _, word := range t.group.column.words {
		if len(items) > 0 && !t.allows(items) && !slices.Contains(items, any(word)) {
			with := slices.Clone(items)
			with[len(with)-1] = word
			if t.allows(with) {
				return with
			}
		}
	}
	return items
}

// itemSeeds are believable items that the contract allows.
func (t *sqlTrials) itemSeeds() []any {
	item := t.group.schema.Items.Value
	var seeds []any
	known := map[string]bool{} // in lower case, in which they may be stored
	add := func(value any) {
		if lower := strings.ToLower(sqlText(value)); t.judge.allows(item, value) && !known[lower] {
			known[lower] = true
			seeds = append(seeds, value)
		}
	}
	if item.Example != nil {
		add(sqlValue(item.Example))
	}
	for _, word := range item.Enum {
		add(sqlValue(word))
	}
	for _, seed := range t.seeds {
		if list, ok := seed.([]any); ok {
			for _, value := range list {
				add(value)
			}
		}
	}
	if len(seeds) == 0 && item.Type.Is(openapi3.TypeString) { // no example has one
		plain := strings.Repeat("a", int(min(max(item.MinLength, 1), sqlEndless)))
		for _, text := range append(sqlSamples(item.Pattern), plain) {
			add(text)
		}
	}
	return seeds
}

// items are arrays with one item at its limits.
func (t *sqlTrials) items() []sqlTrial {
	item := t.group.schema.Items
	at := sqlTarget(item, t.group.limits+"/items")
	beside := t.array(max(int(min(t.group.schema.MinItems, sqlMany)), 1))
	beside = beside[min(len(beside), 1):]
	wrap := func(value any) []any { return append([]any{value}, beside...) }
	var trials []sqlTrial
	switch {
	case item.Value.Type.Is(openapi3.TypeString):
		allows := func(value any) bool { return t.allows(wrap(value)) }
		trials = t.texts(item.Value, at, allows, t.itemSeeds(), false)
	case sqlIsNumber(item.Value):
		trials = t.numbers(item.Value, at)
	}
	for i := range trials {
		trials[i].value = wrap(trials[i].value)
		trials[i].words = "an item of " + trials[i].words
	}
	return trials
}

// sqlLetters counts in letters: a, b, … z, ba, bb.
func sqlLetters(n int) string {
	text := string(rune('a' + n%26))
	for n /= 26; n > 0; n /= 26 {
		text = string(rune('a'+n%26)) + text
	}
	return text
}
