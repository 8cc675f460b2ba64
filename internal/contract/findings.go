package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/fault"
)

const (
	// maxFields is how many faults are listed; one more entry says how many were left out.
	maxFields = 100
	// maxRowFields is how many faults are listed of one item of a batch.
	maxRowFields = 20
	// maxPointer and maxName bound, in bytes, what is said of keys that the caller made up.
	maxPointer = 1000
	maxName    = 200
	// maxShown bounds a pointer inside a sentence, in bytes.
	maxShown = 100
	// ruleKeyword stands for x-rule among the keywords of JSON Schema.
	ruleKeyword = keyRule

	outOfRange = "is out of range"
)

// finding is a fault in a body before it is put into words.
type finding struct {
	path    []string
	keyword string
	schema  *openapi3.Schema // whose keyword failed
	detail  string           // empty where the keyword says it all
	// weak findings are left out if the same value has another.
	weak bool
}

// findings are the faults of one value.
type findings struct {
	all []finding
}

func (f *findings) add(one finding) { f.all = append(f.all, one) }

// fields puts the findings into words and into the order of the contract.
func (f *findings) fields(root *shape, words *phrases) []fault.Field {
	type placed struct {
		finding

		place   []int
		pointer string
	}
	strong := map[string]bool{}
	list := make([]placed, 0, len(f.all))
	for _, one := range f.all {
		p := placed{finding: one, place: root.place(one.path), pointer: pointer(one.path)}
		if p.keyword == "properties" {
			p.place = root.placeUnknown(one.path)
		}
		if p.detail == "" {
			p.detail = words.detail(p.schema, p.keyword)
		}
		strong[p.pointer] = strong[p.pointer] || !p.weak
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(a, b placed) int {
		return cmp.Or(slices.Compare(a.place, b.place), cmp.Compare(a.pointer, b.pointer),
			cmp.Compare(keywordRank(a.keyword), keywordRank(b.keyword)))
	})
	var fields []fault.Field
	for _, p := range list {
		field := fault.Field{Pointer: clip(p.pointer, maxPointer), Detail: p.detail}
		if p.weak && strong[p.pointer] || saidBefore(fields, field) {
			continue
		}
		fields = append(fields, field)
	}
	return fields
}

// saidBefore tells whether the faults of the same value already say this.
func saidBefore(fields []fault.Field, field fault.Field) bool {
	for i := len(fields) - 1; i >= 0 && fields[i].Pointer == field.Pointer; i-- {
		if fields[i] == field {
			return true
		}
	}
	return false
}

// invalid makes one fault of all fields, with as many as anyone will read.
func invalid(kind fault.Kind, fields []fault.Field) *fault.Fault {
	message := fmt.Sprintf("%d faults in the request", len(fields))
	switch {
	case len(fields) > 1:
	case kind == fault.PreconditionRequired:
		message = ifMatch + " is missing"
	default:
		message = sentence(fields[0])
	}
	if more := len(fields) - maxFields; more > 0 {
		fields = append(fields[:maxFields:maxFields], fault.Field{Detail: fmt.Sprintf("and at least %d more faults", more)})
	}
	return fault.New(kind, message, fields...)
}

// sentence says a single fault: words of the contract stand alone, ours need a subject.
func sentence(field fault.Field) string {
	if first, _ := utf8.DecodeRuneInString(field.Detail); unicode.IsUpper(first) {
		return field.Detail
	}
	subject := field.Name
	if subject == "" {
		subject = strings.ReplaceAll(strings.TrimPrefix(field.Pointer, "/"), "/", ".")
	}
	if subject == "" {
		subject = "The body"
	}
	return clip(subject, maxShown) + " " + field.Detail
}

// pointer writes a path as a JSON pointer (RFC 6901, section 3).
func pointer(path []string) string {
	var b strings.Builder
	for _, step := range path {
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(step, "~", "~0"), "/", "~1"))
	}
	return b.String()
}

// split reads a JSON pointer.
func split(text string) []string {
	if text == "" {
		return nil
	}
	steps := strings.Split(strings.TrimPrefix(text, "/"), "/")
	for i, step := range steps {
		steps[i] = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
	}
	return steps
}

// clip shortens text to at most limit bytes, between characters.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	const dots = "…"
	end := limit - len(dots)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	// Half an escape of a JSON pointer would be none.
	return strings.TrimSuffix(text[:end], "~") + dots
}
