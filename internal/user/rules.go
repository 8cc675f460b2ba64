package user

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/plaza-api/plaza/gen/db"
)

const (
	// AdultAge is the age from which a user is an adult.
	AdultAge = 18
	// MinorTag is the tag of active users under AdultAge.
	MinorTag = "minor"
	// MaxTags is how many tags a user may send, repeats included and MinorTag not.
	MaxTags = 10
)

var (
	errDigit = errors.New("cannot contain numbers")
	errTag   = errors.New("must be letters, digits and _, with at least one letter or digit")
)

// IsAdult tells whether a user is 18 or older.
func IsAdult(u User) bool { return u.Age >= AdultAge }

// DisplayName is the name with the e-mail address.
func DisplayName(u User) string { return u.Name + " (" + u.Email + ")" }

// CheckName returns an error for a name with a decimal digit of any script (Unicode's category Nd).
func CheckName(name string) error {
	if strings.ContainsFunc(name, unicode.IsDigit) {
		return errDigit
	}
	return nil
}

// CheckTag returns an error unless a tag is letters, decimal digits and _, with at least one letter or digit.
func CheckTag(tag string) error {
	wordy := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	strange := func(r rune) bool { return r != '_' && !wordy(r) }
	if !strings.ContainsFunc(tag, wordy) || strings.ContainsFunc(tag, strange) {
		return errTag
	}
	return nil
}

// OwnTags counts the tags that are the user's own, repeats included.
func OwnTags(tags []string) int {
	own := 0
	for _, t := range tags {
		if lower(t) != MinorTag {
			own++
		}
	}
	return own
}

// settle brings f into the form that is stored.
func (f Fields) settle() Fields {
	if f.Status == "" {
		f.Status = db.UserStatusActive
	}
	f.Name = TitleCase(f.Name)
	f.Tags = settleTags(f.Tags, f.Age < AdultAge && f.Status == db.UserStatusActive)
	return f
}

// TitleCase makes a letter after a non-letter upper case and every other letter lower case, in NFC. A combining
// mark continues what it stands on.
func TitleCase(name string) string {
	inWord := false
	cased := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsMark(r):
			return r
		case !unicode.IsLetter(r):
			inWord = false
			return r
		case inWord:
			return unicode.ToLower(r)
		default:
			inWord = true
			return unicode.ToUpper(r)
		}
	}, norm.NFC.String(name))
	return norm.NFC.String(cased)
}

// settleTags puts tags in lower case without repeats, in the order they first came in, and the server's tag last
// where it belongs.
func settleTags(tags []string, minor bool) []string {
	settled := make([]string, 0, len(tags)+1)
	for _, t := range tags {
		if t = lower(t); t != MinorTag && !slices.Contains(settled, t) {
			settled = append(settled, t)
		}
	}
	if minor {
		settled = append(settled, MinorTag)
	}
	return settled
}

// lower is the lower case of a tag, in NFC.
func lower(tag string) string { return norm.NFC.String(strings.ToLower(tag)) }
