package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// checkedBody stands in for a request's body once it is checked.
type checkedBody struct {
	value  any
	reader *bytes.Reader
	closer io.Closer
}

// ValidatedValue returns the value that was checked; oapi-codegen's strict servers bind it.
func (b *checkedBody) ValidatedValue() any { return b.value }

// Read gives the checked value as JSON, or a form as it was sent.
func (b *checkedBody) Read(into []byte) (int, error) {
	if b.reader == nil {
		text, err := json.Marshal(b.value)
		if err != nil {
			return 0, fmt.Errorf("encoding the checked body: %w", err)
		}
		b.reader = bytes.NewReader(text)
	}
	return b.reader.Read(into) //nolint:wrapcheck // io.EOF must stay what it is
}

// Close closes the body that was read.
func (b *checkedBody) Close() error {
	if b.closer == nil {
		return nil
	}
	return b.closer.Close() //nolint:wrapcheck // nothing to add
}

// Canonical returns the checked body of r as JSON with sorted keys, without reading
// it away: equal requests give equal bytes. It is nil where there is no such body.
func Canonical(r *http.Request) ([]byte, error) {
	checked, ok := r.Body.(*checkedBody)
	if !ok {
		return nil, nil
	}
	text, err := json.Marshal(checked.value)
	if err != nil {
		return nil, fmt.Errorf("encoding the checked body: %w", err)
	}
	return text, nil
}
