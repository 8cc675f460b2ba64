package mock

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/plaza-api/plaza/internal/contract"
)

// preference is what a caller wants to see (RFC 7240).
type preference struct {
	code    int    // 0 where any will do
	example string // the name of one
}

// readPreference reads Prefer. What it does not know it ignores, as RFC 7240 wants it (section 2).
func readPreference(h http.Header) preference {
	var p preference
	between := func(c rune) bool { return c == ',' || c == ';' }
	for part := range strings.FieldsFuncSeq(strings.Join(h["Prefer"], ","), between) {
		name, value, _ := strings.Cut(part, "=")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "code":
			if code, err := strconv.Atoi(value); err == nil && isStatus(code) {
				p.code = code
			}
		case "example":
			p.example = value
		}
	}
	return p
}

// isStatus tells whether an answer can end with a status.
func isStatus(code int) bool {
	const end = 600
	return code >= http.StatusOK && code < end
}

// applied tells the caller what was followed.
func (p preference) applied(code, example bool) []string {
	var words []string
	if code {
		words = append(words, fmt.Sprintf("code=%d", p.code))
	}
	if example {
		words = append(words, "example="+p.example)
	}
	return words
}

// offers are the media types of an operation's usual answer, those of JSON first.
func offers(o *contract.Operation) []string {
	declared := response(o, success(o))
	if declared == nil {
		return nil
	}
	return mediaTypes(declared.Content)
}

// mediaTypes are names in the order in which they are served.
func mediaTypes[M any](content map[string]M) []string {
	names := make([]string, 0, len(content))
	for name := range content {
		names = append(names, name)
	}
	slices.Sort(names)
	slices.SortStableFunc(names, func(a, b string) int {
		return strings.Compare(jsonFirst(a), jsonFirst(b))
	})
	return names
}

func jsonFirst(name string) string {
	switch {
	case strings.HasPrefix(name, mimeJSON):
		return "0"
	case strings.Contains(name, "json"):
		return "1"
	}
	return "2"
}

// choose finds which offer an Accept header wants most (RFC 9110, section 12.5.1); -1 where it wants none.
func choose(accept, offered []string) int {
	header := strings.Join(accept, ",")
	if strings.TrimSpace(header) == "" {
		return 0
	}
	best, most := -1, 0.0
	for i, offer := range offered {
		if q := wanted(header, offer); q > most {
			best, most = i, q
		}
	}
	return best
}

// wanted is the weight that an Accept header gives a media type: that of the most precise part that names it.
func wanted(header, offer string) float64 {
	name, _, _ := strings.Cut(offer, ";")
	kind, _, _ := strings.Cut(name, "/")
	precision, weight := -1, 0.0
	for part := range strings.SplitSeq(header, ",") {
		asked, parameters, err := mime.ParseMediaType(part)
		rank := slices.Index([]string{"*/*", kind + "/*", name}, asked)
		if strings.Contains(name, "*") {
			rank = 0 // whatever is asked for is served
		}
		if err != nil || rank < 0 || rank <= precision {
			continue
		}
		precision, weight = rank, 1
		if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
			weight = q
		}
	}
	return weight
}
