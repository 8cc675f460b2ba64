package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestATextIsChangedInEachPlaceWhereAPatternMayLook(t *testing.T) {
	t.Parallel()
	mutants := sqlMutants([]string{"abc", "x", "never"})
	for _, want := range []string{
		"aAc", "Aabc", "abcA", "aAbc", "AAA", "bc", "ac", "ab", // of the first text, with a strange character or less
		"a c", "a\nc", "aéc", "a٠c", "a'c", "0abc", "x_",
	} {
		assert.Contains(t, mutants, want)
	}
	for _, mutant := range mutants {
		assert.NotContains(t, mutant, "never", "two texts are enough")
	}
}

func TestATextIsStretchedToALengthThatFits(t *testing.T) {
	t.Parallel()
	numbered := func(text string) bool { return strings.HasPrefix(text, "A-") }
	for _, row := range []struct {
		name   string
		length int
		filler string
		want   string
	}{
		{"longer", 6, "", "A---17"},
		{"longer in bytes", 6, "é", "A-éé17"},
		{"shorter", 3, "", "A-7"},
		{"shorter in bytes", 3, "é", ""},
		{"too short to fit", 1, "", ""},
		{"as it is", 4, "", "A-17"},
	} {
		text, found := sqlStretch([]string{"A-17"}, row.length, row.filler, numbered)
		assert.Equal(t, row.want, text, row.name)
		assert.Equal(t, row.want != "", found, row.name)
	}
	text, _ := sqlStretch(nil, 3, "", func(string) bool { return true })
	assert.Equal(t, "aaa", text)
}

func TestTheShortestTextIsWhatNothingCanBeLeftOutOf(t *testing.T) {
	t.Parallel()
	dashed := func(text string) bool { return strings.Count(text, "-") == 1 && strings.HasPrefix(text, "a") }
	assert.Equal(t, "a-", sqlShortest([]string{"aabb-cc", "ab-"}, dashed))
	assert.Empty(t, sqlShortest([]string{"aabb-cc"}, func(string) bool { return true }))
	assert.Empty(t, sqlShortest(nil, dashed))
}

func TestAPatternHasItsShortestTextAndOneWithAll(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string][]string{
		"^[A-Z][0-9]?(x|y)+z*$": {"Ax", "A0xz"},
		"^[a-z]{2,3}.$":         {"aaa", "aaaa"},
		"^[^a-z]$":              {"!", "!"},
		"^[X-c][X-Z]$":          {"aX", "aX"},
		"^[\\t ][ 5]$":          {"\t5", "\t5"},
		"^(unclosed$":           nil,
	} {
		assert.Equal(t, want, sqlSamples(pattern), pattern)
	}
}

func TestArraysOfManyItemsAreCountedInLetters(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range 2000 {
		letters := sqlLetters(n)
		assert.Regexp(t, "^[a-z]+$", letters)
		assert.False(t, seen[letters], letters)
		seen[letters] = true
	}
}
