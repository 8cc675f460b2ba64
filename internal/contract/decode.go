package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaza-api/plaza/internal/fault"
)

// maxDepth bounds how deep objects and arrays may nest.
const maxDepth = 64

// malformedBody is how every message about a body that is no JSON begins.
const malformedBody = "The body is not valid JSON"

// decodeJSON decodes exactly one JSON value (RFC 8259, and RFC 7493 on top of it):
// no repeated keys, no invalid UTF-8, no lone surrogates, no U+0000, no text after
// the value. Integers become int64; numbers that are none, or fit none, json.Number.
// Its error is a Malformed fault that says where, and repeats nothing of the body.
func decodeJSON(data *bytes.Buffer) (any, error) {
	d := decoder{Decoder: jsontext.NewDecoder(data)}
	value, err := d.value()
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return nil, d.malformed(err)
	}
	return value, nil
}

type decoder struct {
	*jsontext.Decoder
}

// next reads a token. The package's own errors are told apart in malformed.
func (d decoder) next() (jsontext.Token, error) {
	return d.ReadToken() //nolint:wrapcheck // becomes a fault before it leaves decodeJSON
}

// What JSON's grammar allows, or cannot see, and this package refuses.
var (
	errDepth = fmt.Errorf("nests deeper than %d levels", maxDepth)
	errNUL   = errors.New("holds the character U+0000")
	errAfter = errors.New("has text after its value")
)

func (d decoder) value() (any, error) {
	token, err := d.next()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case 't', 'f':
		return token.Bool(), nil
	case '"':
		return d.text(token)
	case '0':
		return number(token.String()), nil
	case '[':
		return d.array()
	case '{':
		return d.object()
	default:
		return nil, nil //nolint:nilnil // JSON's null
	}
}

func (d decoder) text(token jsontext.Token) (string, error) {
	text := token.String()
	if strings.IndexByte(text, 0) >= 0 {
		return "", errNUL
	}
	return text, nil
}

// number keeps every digit: as int64 where it is one, else as it was written.
func number(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return json.Number(text)
}

func (d decoder) array() (any, error) {
	if d.StackDepth() > maxDepth {
		return nil, errDepth
	}
	items := []any{}
	for d.PeekKind() != ']' {
		item, err := d.value()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	_, err := d.next()
	return items, err
}

func (d decoder) object() (any, error) {
	if d.StackDepth() > maxDepth {
		return nil, errDepth
	}
	members := map[string]any{}
	for d.PeekKind() != '}' {
		token, err := d.next()
		if err != nil {
			return nil, err
		}
		name, err := d.text(token)
		if err != nil {
			return nil, err
		}
		if members[name], err = d.value(); err != nil {
			return nil, err
		}
	}
	_, err := d.next()
	return members, err
}

// end makes sure that nothing but white space follows the value.
func (d decoder) end() error {
	_, err := d.next()
	if errors.Is(err, io.EOF) {
		return nil
	}
	return errAfter
}

// malformed says in a person's words what the decoder stumbled over, and where.
func (d decoder) malformed(err error) *fault.Fault {
	where, offset := d.StackPointer(), d.InputOffset()
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		where, offset = syntactic.JSONPointer, syntactic.ByteOffset
	}
	detail := "is not valid JSON"
	switch {
	case errors.Is(err, errDepth), errors.Is(err, errNUL), errors.Is(err, errAfter):
		detail = err.Error()
	case errors.Is(err, jsontext.ErrDuplicateName):
		detail = "is repeated"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		detail = "is cut off"
	case strings.Contains(err.Error(), "UTF-8"):
		detail = "is not valid UTF-8"
	case strings.Contains(err.Error(), "surrogate"):
		detail = "holds half a surrogate pair"
	}
	// What is refused must not be repeated: the answer is JSON of the same sort.
	at, subject := clip(strings.ReplaceAll(string(where), "\x00", "\ufffd"), maxPointer), "it"
	if at != "" {
		subject = clip(at, maxShown)
	}
	message := fmt.Sprintf("%s: %s %s, at byte %d", malformedBody, subject, detail, offset)
	return fault.New(fault.Malformed, message, fault.Field{Pointer: at, Detail: detail})
}
