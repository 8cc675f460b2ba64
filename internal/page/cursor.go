package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxID is the largest id (2^53 - 1), so that every JSON number type holds it.
const MaxID = 1<<53 - 1

// cursorFormat is the first byte of a cursor; another format has another.
const cursorFormat = 1

// cursorHead is what comes before a cursor's text: format, list, time and id.
const cursorHead = 1 + listHash + 8 + 8

// listHash is how many bytes of a hash bind a cursor to its list.
const listHash = 8

// errCursor tells that a cursor is not one of this list's.
var errCursor = errors.New("is not a cursor of this list")

// Position is a place in the order of a list: by time or by text, and then by id.
type Position struct {
	Time time.Time // to the microsecond
	Text string
	ID   int64
}

// Newest returns the place before the first row of a list in which the newest comes first.
func Newest() Position {
	return Position{Time: time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC), ID: MaxID}
}

// First returns the place before the first row of every other list.
func First() Position {
	return Position{Time: time.Unix(0, 0).UTC()}
}

// Cursor returns p as an opaque text, bound to list: a name for the list, its filter and its order.
func (p Position) Cursor(list string) string {
	b := make([]byte, 0, cursorHead+len(p.Text))
	b = append(b, cursorFormat)
	b = append(b, hash(list)...)
	b = binary.BigEndian.AppendUint64(b, uint64(p.Time.UnixMicro()))
	b = binary.BigEndian.AppendUint64(b, uint64(p.ID)) //nolint:gosec // an id is not negative
	b = append(b, p.Text...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads a cursor of list; errCursor for everything else.
func parseCursor(list, cursor string) (Position, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || strings.ContainsAny(cursor, "\r\n") { // line breaks, which the decoder skips
		return Position{}, errCursor
	}
	if len(b) < cursorHead || b[0] != cursorFormat || !bytes.Equal(b[1:1+listHash], hash(list)) {
		return Position{}, errCursor
	}
	micros := binary.BigEndian.Uint64(b[1+listHash:])
	id := binary.BigEndian.Uint64(b[1+listHash+8:])
	text := b[cursorHead:]
	if micros > uint64(Newest().Time.UnixMicro()) || id > MaxID ||
		!utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 || len(text) > math.MaxUint16 {
		return Position{}, errCursor
	}
	at := time.UnixMicro(int64(micros)).UTC() //nolint:gosec // before the year 10000
	return Position{Time: at, Text: string(text), ID: int64(id)}, nil
}

func hash(list string) []byte {
	sum := sha256.Sum256([]byte(list))
	return sum[:listHash]
}
