package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/idempotency"
)

const headerIdempotencyReplayed = "Idempotency-Replayed"

// idempotent answers a request with an Idempotency-Key once (x-idempotent;
// draft-ietf-httpapi-idempotency-key-header-07): the same again gets the answer that was stored with its effect.
// Nothing is sent before that is committed.
func (s *Server) idempotent(op *contract.Operation) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if !op.Policy.Idempotent {
			return next
		}
		return func(c echo.Context) error {
			name := c.Request().Header.Get(idempotency.Header)
			if name == "" {
				return next(c)
			}
			request := c.Request()
			fingerprint, err := fingerprintOf(op, c)
			if err != nil {
				return err
			}
			key := idempotency.Key{Caller: callerKey(c), Key: name, Fingerprint: fingerprint}
			sent := c.Response()
			answer, replayed, err := s.config.Answers.Do(request.Context(), key,
				func(ctx context.Context) (idempotency.Answer, error) {
					kept := &keeper{header: http.Header{}}
					c.SetRequest(request.WithContext(ctx))
					c.SetResponse(echo.NewResponse(kept, c.Echo()))
					err := next(c)
					return kept.answer(), err
				})
			c.SetRequest(request)
			c.SetResponse(sent)
			if err != nil {
				return err
			}
			return send(c, answer, replayed)
		}
	}
}

// fingerprintOf tells requests apart: by operation, path, query, and the body as it was checked.
func fingerprintOf(op *contract.Operation, c echo.Context) ([sha256.Size]byte, error) {
	body, err := contract.Canonical(c.Request())
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("fingerprint: %w", err)
	}
	text, err := json.Marshal([]any{op.ID, c.ParamValues(), c.Request().URL.RawQuery, json.RawMessage(body)})
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("fingerprint: %w", err)
	}
	return sha256.Sum256(text), nil
}

// send writes an answer that was kept.
func send(c echo.Context, a idempotency.Answer, replayed bool) error {
	h := c.Response().Header()
	for name, value := range map[string]string{
		echo.HeaderContentType: a.ContentType, echo.HeaderLocation: a.Location, headerETag: a.ETag,
	} {
		if value != "" {
			h.Set(name, value)
		}
	}
	if replayed {
		h.Set(headerIdempotencyReplayed, "true")
	}
	h.Set(echo.HeaderContentLength, strconv.Itoa(len(a.Body)))
	c.Response().WriteHeader(a.Status)
	if _, err := c.Response().Write(a.Body); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// keeper keeps an answer instead of sending it.
type keeper struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the header of the answer.
func (k *keeper) Header() http.Header { return k.header }

// WriteHeader keeps the status.
func (k *keeper) WriteHeader(status int) { k.status = status }

// Write keeps a part of the body.
func (k *keeper) Write(part []byte) (int, error) { return k.body.Write(part) } //nolint:wrapcheck // it never fails

func (k *keeper) answer() idempotency.Answer {
	return idempotency.Answer{
		Status: k.status, ContentType: k.header.Get(echo.HeaderContentType), Location: k.header.Get(echo.HeaderLocation),
		ETag: k.header.Get(headerETag), Body: k.body.Bytes(),
	}
}
