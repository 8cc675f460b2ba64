package etag

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// GzipSuffix ends the tag of a representation that was compressed.
const GzipSuffix = "-gzip"

// hashBytes is how much of the SHA-256 hash stands in a tag.
const hashBytes = 8

// Format returns the strong tag of a representation of a row's version, with its quotes.
func Format(version int64, representation []byte) string {
	hash := sha256.Sum256(representation)
	tag := make([]byte, 0, len(`""-`)+20+2*hashBytes)
	tag = append(tag, '"')
	tag = strconv.AppendInt(tag, version, 10)
	tag = append(tag, '-')
	tag = hex.AppendEncode(tag, hash[:hashBytes])
	tag = append(tag, '"')
	return string(tag)
}

// Compressed returns the tag of the compressed representation of what has tag.
func Compressed(tag string) string {
	return strings.TrimSuffix(tag, `"`) + GzipSuffix + `"`
}

// Fresh reports whether If-None-Match names tag: by weak comparison (RFC 9110, sections 8.8.3.2 and 13.1.2),
// whether or not the representation was compressed. A header that is no list of tags names none.
func Fresh(ifNoneMatch, tag string) bool {
	if ifNoneMatch == tag || strings.TrimSpace(ifNoneMatch) == "*" { // the first is what most callers send
		return true
	}
	tags, ok := split(ifNoneMatch)
	if !ok {
		return false
	}
	want := strings.Trim(tag, `"`)
	for _, t := range tags {
		if strings.TrimSuffix(t.opaque, GzipSuffix) == want {
			return true
		}
	}
	return false
}

// entityTag is one tag of a list, without its quotes.
type entityTag struct {
	opaque string
	weak   bool
}

// split reads a list of entity tags (RFC 9110, section 8.8.3: 1#entity-tag); false if it is none.
func split(list string) ([]entityTag, bool) {
	var tags []entityTag
	for {
		list = strings.TrimLeft(list, " \t,")
		if list == "" {
			return tags, len(tags) > 0
		}
		rest, weak := strings.CutPrefix(list, "W/")
		rest, quoted := strings.CutPrefix(rest, `"`)
		opaque, rest, closed := strings.Cut(rest, `"`)
		if !quoted || !closed || strings.ContainsFunc(opaque, notInTag) {
			return nil, false
		}
		rest = strings.TrimLeft(rest, " \t")
		if rest != "" && rest[0] != ',' {
			return nil, false
		}
		tags = append(tags, entityTag{opaque: opaque, weak: weak})
		list = rest
	}
}

// notInTag tells the characters that no opaque tag holds (etagc: %x21 / %x23-7E / obs-text).
func notInTag(r rune) bool { return r <= ' ' || r == 0x7f }
