package user_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/user"
)

// oddRunes are where upper case, lower case and NFC disagree: letters that compose only in one case, title-case
// letters, letters of one case, marks, numbers that are letters to some, and the ends of Unicode.
var oddRunes = []rune("aZé'- .ßıİſKÅΩςΣǅǆŉʼnẞꭰᲐაⅷⓐªʰ한\u1112\u1161\u11abあ\u0300\u0301\u0307\u030c\u0323\u0338\u0345\u0903\u20dd" +
	"\u200d\u00ad\ufeff\ufffd\U00010428\U0001e900\U0010ffff")

func names() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringOfN(rapid.SampledFrom(oddRunes), 0, 12, -1),
		rapid.StringOfN(rapid.RuneFrom(nil, unicode.L, unicode.M, unicode.Zs, unicode.P), 0, 12, -1),
		rapid.String(),
	)
}

func TestTitleCase(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"o'neil mc-donald":     "O'Neil Mc-Donald",
		"ANN LEE":              "Ann Lee",
		"e\u0301va e\u0301":    "Éva É",          // marks compose
		"x\u0323\u0301y":       "X\u0323\u0301y", // or stay, and continue the word
		"\u0301ann":            "\u0301Ann",
		"ann\u0301lee":         "Anńlee",
		"d’arcy o.j. van_dyke": "D’Arcy O.J. Van_Dyke",
		"ǆemal ΣΊΣΥΦΟΣ":        "Ǆemal Σίσυφοσ",
		"łukasz ŻÓŁW":          "Łukasz Żółw",
		"李小龙 한":                "李小龙 한",
		"":                     "",
	} {
		assert.Equal(t, want, user.TitleCase(name), "%+q", name)
	}
}

func TestTitleCaseHoldsForEveryName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := names().Draw(t, "name")

		got := user.TitleCase(name)

		assert.Equal(t, got, user.TitleCase(got), "again")
		assert.True(t, norm.NFC.IsNormalString(got), "%+q is not NFC", got)
		assert.Equal(t, folded(name), folded(got), "other letters")
		assert.LessOrEqual(t, utf8.RuneCountInString(got), utf8.RuneCountInString(norm.NFC.String(name)))
		inWord := false
		for _, r := range got {
			switch {
			case unicode.IsMark(r):
			case !unicode.IsLetter(r):
				inWord = false
			case inWord:
				assert.Equal(t, unicode.ToLower(r), r, "%+q in %+q", r, got)
			default:
				inWord = true
				assert.Equal(t, unicode.ToUpper(r), r, "%+q in %+q", r, got)
			}
		}
	})
}

// folded is a name without regard to case and composition, nor to the dot that i has in one case only.
func folded(name string) string {
	lower := strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, norm.NFC.String(name))
	return strings.ReplaceAll(norm.NFD.String(lower), "\u0307", "")
}

// Where a letter composes with its mark in one case only, the stored name is shorter than the one that was sent.
func TestOnlyAComposedLetterMakesANameShorter(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"\u0131\u0307": "\u0130", "aJ\u030c": "A\u01f0", "ſ\u0301": "\u015a"} {
		assert.Equal(t, want, user.TitleCase(name))
	}
	for r := range unicode.MaxRune {
		if !utf8.ValidRune(r) || !norm.NFC.IsNormalString(string(r)) {
			continue
		}
		for _, name := range []string{string(r), norm.NFC.String("a" + string(r))} {
			got := user.TitleCase(name)
			if utf8.RuneCountInString(got) != utf8.RuneCountInString(name) || got != user.TitleCase(got) {
				require.Equal(t, name, got, "another length, or another name the second time")
			}
		}
	}
}

func TestCheckName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Ann", "", "Ⅷ", "²", "①", "李", "_"} {
		require.NoError(t, user.CheckName(name), name)
	}
	for _, name := range []string{"Ann1", "٣", "Ann ９", "𝟙", "߀"} {
		require.EqualError(t, user.CheckName(name), "cannot contain numbers", name)
	}
}

func TestCheckTag(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"go", "_a", "1", "é", "日本", "٣_", "A"} {
		require.NoError(t, user.CheckTag(tag), tag)
	}
	for _, tag := range []string{"", "_", "___", "a b", "a-b", "a,b", "e\u0301", "²", "a\u200d", "\xff"} {
		require.ErrorContains(t, user.CheckTag(tag), "letters, digits and _", "%+q", tag)
	}
}

func TestOwnTagsCountsAllButMinor(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 3, user.OwnTags([]string{"a", "A", "minor", "MINOR", "minors"}))
	assert.Equal(t, 0, user.OwnTags(nil))
}

func TestWhatIsComputedOfAUser(t *testing.T) {
	t.Parallel()
	assert.True(t, user.IsAdult(user.User{Age: 18}))
	assert.False(t, user.IsAdult(user.User{Age: 17}))
	assert.Equal(t, "Ann Lee (ann@example.com)", user.DisplayName(user.User{Name: "Ann Lee", Email: "ann@example.com"}))
}

// TestTagsFollowTheModel holds tags against a plain model: the set of what was sent, and minor by the rule.
func TestTagsFollowTheModel(t *testing.T) {
	t.Parallel()
	tags := rapid.OneOf(
		rapid.SampledFrom([]string{"go", "GO", "Go", "minor", "Minor", "MINOR", "a_1", "A_1", "É", "é", "Σ", "ς", "K", "k"}),
		rapid.StringMatching(`[\p{L}\p{Nd}_]{0,9}[\p{L}\p{Nd}]`).Filter(norm.NFC.IsNormalString),
	)
	rapid.Check(t, func(t *rapid.T) {
		sent := rapid.SliceOfN(tags, 0, user.MaxTags).Draw(t, "tags")
		f := user.Fields{
			Name: "Ann Lee", Age: rapid.Int32Range(13, 25).Draw(t, "age"), Tags: sent,
			Status: rapid.SampledFrom([]user.Status{"", "active", "inactive", "suspended"}).Draw(t, "status"),
		}

		got := user.Settled(f)

		var want []string
		seen := map[string]bool{"minor": true}
		for _, tag := range sent {
			if tag = strings.ToLower(norm.NFC.String(tag)); !seen[tag] {
				seen[tag] = true
				want = append(want, tag)
			}
		}
		if f.Age < 18 && (f.Status == "" || f.Status == "active") {
			want = append(want, "minor")
		}
		assert.Equal(t, want, append([]string(nil), got.Tags...))
		assert.NotNil(t, got.Tags, "stored as no tags, not as null")
		assert.Equal(t, got, user.Settled(got), "again")
		for _, tag := range got.Tags {
			require.NoError(t, user.CheckTag(tag), "a stored tag that could not be sent")
		}
		assert.LessOrEqual(t, user.OwnTags(got.Tags), user.OwnTags(sent))
	})
}
