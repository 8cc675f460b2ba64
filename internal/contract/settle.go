package contract

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/plaza-api/plaza/internal/fault"
)

// settling walks one decoded value along its shape.
type settling struct {
	path  []string
	found findings
	rows  *rows
	sent  []Restricted
}

// rows is an array whose items are checked one by one.
type rows struct {
	path  []string
	shape *shape
	items []any
}

// settle brings value into the form that is checked and stored: strings trimmed and
// NFC, defaults in place. It notes what schemas cannot say, and returns the value.
func (w *settling) settle(s *shape, value any) any {
	if s == nil {
		return value
	}
	switch v := value.(type) {
	case string:
		if s.trim {
			if text := tidy(v); text != v {
				value = text
			}
		}
	case json.Number:
		w.number(s, v)
	case []any:
		value = w.array(s, v)
	case map[string]any:
		w.object(s, v)
	}
	if s.rule != nil && value != nil {
		for _, field := range s.rule(value) {
			w.found.add(finding{
				path: append(slices.Clone(w.path), split(field.Pointer)...), keyword: ruleKeyword, detail: field.Detail, weak: true,
			})
		}
	}
	return value
}

// number refuses for integers what is none, or fits no int64; all others were decoded to int64.
func (w *settling) number(s *shape, n json.Number) {
	if !s.schema.Type.Is("integer") {
		return
	}
	if strings.ContainsAny(string(n), ".eE") {
		w.found.add(finding{path: slices.Clone(w.path), schema: s.schema, keyword: "type"})
		return
	}
	w.found.add(finding{path: slices.Clone(w.path), keyword: "format", detail: outOfRange, weak: true})
}

// array settles the items. Of a list that is too long anyway it keeps one item more than is allowed: whoever sends
// a million faulty items must not have a million faults described.
func (w *settling) array(s *shape, items []any) []any {
	if limit := s.schema.MaxItems; limit != nil && uint64(len(items)) > *limit {
		items = items[:*limit+1]
	} else if s.rows != nil {
		w.rows = &rows{path: slices.Clone(w.path), shape: s.rows, items: items}
	}
	if s.items == nil || s.rows != nil {
		return items
	}
	for i, item := range items {
		step := ""
		if s.items.findsFaults(item) {
			step = strconv.Itoa(i)
		}
		w.path = append(w.path, step)
		items[i] = w.settle(s.items, item)
		w.path = w.path[:len(w.path)-1]
	}
	return items
}

// findsFaults tells whether settling value may find a fault, which then needs a path.
func (s *shape) findsFaults(value any) bool {
	switch value.(type) {
	case nil, bool, string, int64:
		return s.rule != nil
	}
	return true
}

func (w *settling) object(s *shape, object map[string]any) {
	s.forgetUnknown(object)
	for i := range s.members {
		w.member(&s.members[i], object)
	}
	if s.choice != nil {
		if value, ok := object[s.choice.property].(string); ok {
			w.settle(s.choice.byValue[value], object)
		}
	}
	if s.rest == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, known := s.rank[name]; !known {
			w.path = append(w.path, name)
			object[name] = w.settle(s.rest, object[name])
			w.path = w.path[:len(w.path)-1]
		}
	}
}

// forgetUnknown takes all but the first unknown names out of a closed object, for the same reason as array.
func (s *shape) forgetUnknown(object map[string]any) {
	closed := s.schema.AdditionalProperties.Has
	if closed == nil || *closed || len(object) <= len(s.rank)+maxFields {
		return
	}
	unknown := 0
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, known := s.rank[name]; known {
			continue
		}
		if unknown++; unknown > maxFields {
			delete(object, name)
		}
	}
}

func (w *settling) member(m *member, object map[string]any) {
	value, sent := object[m.name]
	if !sent {
		if m.fallback != nil {
			object[m.name] = copied(m.fallback)
		}
		return
	}
	w.path = append(w.path, m.name)
	if len(m.roles) > 0 || len(m.scopes) > 0 {
		w.sent = append(w.sent, Restricted{Pointer: pointer(w.path), Roles: m.roles, Scopes: m.scopes})
	}
	object[m.name] = w.settle(m.shape, value)
	w.path = w.path[:len(w.path)-1]
}

// tidy trims what cannot be seen and brings text to Unicode's NFC form.
func tidy(text string) string {
	text = strings.TrimFunc(text, unseen)
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return norm.NFC.String(text)
		}
	}
	return text
}

// unseen tells white space, control characters and marks without a form of their own: a name of nothing else is no
// name, and one that begins with a mark of direction turns the line around that it stands in. Joiners are none of
// them, since letters and emoji change their form by them.
func unseen(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r <= ' ' || r == 0x7f
	case r == '\u200b', r == '\u200e', r == '\u200f', r == '\u2060', r == '\ufeff':
		return true
	case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return true
	}
	return unicode.IsSpace(r) || unicode.IsControl(r)
}

// copied returns a default that the next request does not share.
func copied(value any) any {
	switch v := value.(type) {
	case map[string]any:
		result := make(map[string]any, len(v))
		for name, entry := range v {
			result[name] = copied(entry)
		}
		return result
	case []any:
		result := make([]any, len(v))
		for i, item := range v {
			result[i] = copied(item)
		}
		return result
	}
	return value
}

// Restricted is a field that was sent and that not everybody may set (x-roles and x-scopes on a property).
type Restricted struct {
	Pointer string
	Roles   []string // of which the caller has to have one; none: any
	Scopes  []string // all of which the caller has to have
}

// Faults are what a caller is told who has that role and those scopes; none: the field may be set.
func (r Restricted) Faults(role string, scopes []string) []fault.Field {
	var faults []fault.Field
	if len(r.Roles) > 0 && !slices.Contains(r.Roles, role) {
		faults = append(faults, fault.Field{Pointer: r.Pointer, Detail: "may only be set by " + strings.Join(r.Roles, ", ")})
	}
	for _, scope := range r.Scopes {
		if !slices.Contains(scopes, scope) {
			faults = append(faults, fault.Field{Pointer: r.Pointer, Detail: "needs the scope " + scope})
		}
	}
	return faults
}
