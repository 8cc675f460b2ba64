package etag

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/plaza-api/plaza/internal/fault"
)

// errNotTags tells that If-Match is neither * nor a list of entity tags.
var errNotTags = errors.New("must be a list of entity tags or *")

// Match is what If-Match asks of the version that is stored. The zero Match asks nothing.
type Match struct {
	given    bool
	any      bool
	versions []int64
}

// ParseMatch reads an If-Match header (RFC 9110, section 13.1.1). A weak tag, and one that is not ours, matches
// no version. The error tells that the header is neither * nor a list of tags.
func ParseMatch(header string) (Match, error) {
	if strings.TrimSpace(header) == "*" {
		return Match{given: true, any: true}, nil
	}
	tags, ok := split(header)
	if !ok {
		return Match{}, errNotTags
	}
	m := Match{given: true}
	for _, t := range tags {
		digits, _, _ := strings.Cut(t.opaque, "-")
		version, err := strconv.ParseInt(digits, 10, 64)
		// A sign or a leading zero makes it no tag of ours.
		if err == nil && !t.weak && digits == strconv.FormatInt(version, 10) {
			m.versions = append(m.versions, version)
		}
	}
	return m, nil
}

// Check returns fault.StaleVersion unless version, the one that is stored, is what was asked for.
func (m Match) Check(version int64) error {
	if !m.given || m.any || slices.Contains(m.versions, version) {
		return nil
	}
	return fault.New(fault.StaleVersion, "The resource has changed since it was read")
}
