package seed

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/plaza-api/plaza/internal/user"
)

const (
	founders = 50
	// years is how far back people have joined.
	years = 3
	// guilds is how many rare tags there are.
	guilds = 5000
	minor  = "minor"
)

// end is the instant from which times count back.
var end = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant

// maker draws rows for the people with ids from first on.
type maker struct {
	words words
	first int64
	users int
	// mail are the names as they stand in e-mail addresses.
	mailFirst, mailLast []string
}

func newMaker(first int64, users int) (*maker, error) {
	w, err := readWords()
	if err != nil {
		return nil, err
	}
	m := &maker{words: w, first: first, users: users}
	for _, name := range w.firstNames {
		m.mailFirst = append(m.mailFirst, forMail(name))
	}
	for _, name := range w.lastNames {
		m.mailLast = append(m.mailLast, forMail(name))
	}
	return m, nil
}

// forMail makes ASCII letters of a name.
func forMail(name string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), name)
	if err != nil {
		plain = name
	}
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(plain))
}

// joined is when the person with that number joined: the later the higher, evenly.
func (m *maker) joined(i int) time.Time {
	span := end.Sub(end.AddDate(-years, 0, 0))
	return end.Add(-span).Add(time.Duration(float64(span) * float64(i) / float64(m.users))).Truncate(time.Microsecond)
}

// user is a row of users: id, name, email, age, status, tags, created_at.
func (m *maker) user(r *rand.Rand, i int) []any {
	id := m.first + int64(i)
	f, l := r.IntN(len(m.words.firstNames)), r.IntN(len(m.words.lastNames))
	name := m.words.firstNames[f] + " " + user.TitleCase(m.words.lastNames[l])
	email := fmt.Sprintf("%s.%s.%d@example.com", m.mailFirst[f], m.mailLast[l], id)
	age := int32(13 + r.IntN(78)) //nolint:gosec // under 91
	status := "active"
	switch {
	case r.IntN(14) == 0:
		status = "inactive"
	case i >= founders && i < m.users/5 && r.IntN(100) == 0:
		status = "suspended"
	}
	tags := m.tags(r)
	if i < founders {
		name = "Quill " + user.TitleCase(m.words.lastNames[l])
		email = fmt.Sprintf("founder.%s.%d@example.com", m.mailLast[l], id)
		tags = append([]string{"founder"}, tags...)
	}
	if age < 18 && status == "active" {
		tags = append(tags, minor)
	}
	return []any{id, name, email, age, status, tags, m.joined(i)}
}

// tags are up to three common tags, the first of the list most often, and now and then a rare one.
func (m *maker) tags(r *rand.Rand) []string {
	tags := make([]string, 0, 5)
	for range r.IntN(4) {
		n := len(m.words.tags)
		tag := m.words.tags[min(r.IntN(n), r.IntN(n), r.IntN(n))]
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	if r.IntN(20) == 0 {
		tags = append(tags, fmt.Sprintf("guild_%d", r.IntN(guilds)))
	}
	return tags
}

// address is a row of addresses: user_id, slot, street, city, country, postal_code, created_at.
func (m *maker) address(r *rand.Rand, i int) []any {
	p := m.words.places[r.IntN(len(m.words.places))]
	street := fmt.Sprintf("%d %s", 1+r.IntN(400), m.words.streets[r.IntN(len(m.words.streets))])
	return []any{m.first + int64(i), int32(1), street, p.city, p.country, p.postalCode, m.joined(i)}
}

// post is a row of posts: author_id, title, content, created_at.
func (m *maker) post(r *rand.Rand, i int) []any {
	var content strings.Builder
	for range 2 + r.IntN(5) {
		content.WriteString(m.words.sentences[r.IntN(len(m.words.sentences))])
		content.WriteByte(' ')
	}
	joined := m.joined(i)
	written := joined.Add(time.Duration(r.Float64() * float64(end.Sub(joined)))).Truncate(time.Microsecond)
	return []any{m.first + int64(i), m.words.titles[r.IntN(len(m.words.titles))], content.String(), written}
}
