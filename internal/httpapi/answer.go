package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/etag"
)

// answer is what a handler returns: a status, headers and a body that is encoded already, so that an entity tag
// and the bytes that it stands for are of one piece.
type answer struct {
	status   int
	etag     string
	location string
	body     []byte
	gzip     func() []byte // the body compressed; nil: as the middleware does it, if at all
}

// answers makes answers.
type answers struct {
	now func() time.Time
}

// read answers a read of one resource: itself with its tag, or 304 if the caller has it.
func (answers) read(version int64, resource any, ifNoneMatch *string) (answer, error) {
	e, err := entry(version, resource)
	return readOf(e, ifNoneMatch), err
}

// entry is a resource as it is answered, and kept.
func entry(version int64, resource any) (cache.Entry, error) {
	body, err := encode(resource)
	if err != nil {
		return cache.Entry{}, err
	}
	return cache.Entry{Body: body, Tag: etag.Format(version, body)}, nil
}

// readOf answers a read with an entry, or 304 if the caller has it.
func readOf(e cache.Entry, ifNoneMatch *string) answer {
	a := answer{status: http.StatusOK, etag: e.Tag, body: e.Body}
	if ifNoneMatch != nil && etag.Fresh(*ifNoneMatch, a.etag) {
		a.status, a.body = http.StatusNotModified, nil
		// A cache refreshes what it has under the very tag that 304 carries (RFC 9111, section 4.3.4).
		if compressed := etag.Compressed(a.etag); strings.Contains(*ifNoneMatch, compressed) {
			a.etag = compressed
		}
	} else if len(a.body) >= cache.CompressFrom {
		a.gzip = e.Gzip
	}
	return a
}

// written answers a write of one resource: in the envelope, with the tag that a read would have.
func (a answers) written(status int, version int64, resource any, location, message string) (answer, error) {
	e, err := entry(version, resource)
	if err != nil {
		return answer{}, err
	}
	return a.writtenAs(status, e, location, message)
}

// writtenAs answers a write of the resource that a read would answer so.
func (a answers) writtenAs(status int, e cache.Entry, location, message string) (answer, error) {
	enveloped, err := a.enveloped(status, json.RawMessage(e.Body), message)
	enveloped.etag, enveloped.location = e.Tag, location
	return enveloped, err
}

// enveloped answers with data in the envelope.
func (a answers) enveloped(status int, data any, message string) (answer, error) {
	body, err := encode(envelope{Success: true, Data: data, Message: message, Timestamp: toTime(a.now())})
	return answer{status: status, body: body}, err
}

// send writes the answer.
func (a answer) send(w http.ResponseWriter) error {
	h := w.Header()
	if a.gzip != nil && compresses(w) {
		a.body, a.etag = a.gzip(), etag.Compressed(a.etag)
		h.Set(echo.HeaderContentEncoding, "gzip")
	}
	if a.etag != "" {
		h.Set(headerETag, a.etag)
	}
	if a.location != "" {
		h.Set(echo.HeaderLocation, a.location)
	}
	if a.body != nil {
		h.Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
		h.Set(echo.HeaderContentLength, strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if _, err := w.Write(a.body); err != nil && a.body != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// compresses tells whether the middleware has found that the caller takes gzip.
func compresses(w http.ResponseWriter) bool {
	for {
		switch inner := w.(type) {
		case *gzhttp.GzipResponseWriter, gzhttp.GzipResponseWriterWithCloseNotify:
			return true
		case interface{ Unwrap() http.ResponseWriter }:
			w = inner.Unwrap()
		default:
			return false
		}
	}
}

// encode returns v as JSON that is not escaped for HTML, since it is never part of a page.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding the answer: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
