package plaza

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// attemptMargin is what an attempt has beyond the time that the server allows itself, for the way there and back.
	attemptMargin = 5 * time.Second
	// maxAnswer bounds an answer, in bytes: 100 posts of 100,000 characters, and some.
	maxAnswer = 64 << 20
)

const formMediaType = "application/x-www-form-urlencoded"

// operation is what the contract says of a call.
type operation struct {
	id, method string
	path       string // with %s for each parameter
	mediaType  string // of the body
	timeout    time.Duration
	authorized bool // a token is sent where there is one
	idempotent bool // it takes an Idempotency-Key
	enveloped  bool // the result comes as data
}

// call is one call of an operation.
type call struct {
	*core

	operation *operation
	path      string
	query     url.Values
	header    http.Header
	body      any // nil: none
	// current reads the resource that the call is about; nil where there is no such operation.
	current func(context.Context) (any, error)

	timeout, attemptTimeout, maxRetryAfter time.Duration
	retries                                int
	onResponse                             func(*http.Response)

	safe    bool   // to repeat, whatever became of it
	token   string // that was sent last
	renewed bool   // another was asked for after 401
}

// newCall makes a call with the parameters of the path.
func newCall[O interface{ apply(c *call) }](c *core, o *operation, options []O, path ...any) *call {
	segments := make([]any, len(path))
	for i, p := range path {
		segments[i] = url.PathEscape(fmt.Sprint(p))
	}
	made := &call{
		core: c, operation: o, path: fmt.Sprintf(o.path, segments...), query: url.Values{}, header: http.Header{},
		timeout: defaultTimeout, attemptTimeout: o.timeout + attemptMargin, maxRetryAfter: defaultMaxRetryAfter,
		retries: defaultRetries, safe: o.idempotent || o.method == http.MethodGet || o.method == http.MethodDelete,
	}
	for _, option := range c.options {
		option(made)
	}
	for _, option := range options {
		option.apply(made)
	}
	return made
}

// set sends a query parameter unless it is zero.
func set[T comparable](c *call, name string, value T) {
	var zero T
	if value != zero {
		c.query.Set(name, fmt.Sprint(value))
	}
}

// with adds a body.
func (c *call) with(body any) *call {
	c.body = body
	return c
}

// send makes a call and returns its result.
func send[T any](ctx context.Context, c *call) (T, error) {
	var result T
	var into any = &result
	if c.operation.enveloped {
		into = &struct{ Data *T }{&result}
	}
	err := c.do(ctx, into)
	return result, err
}

// do makes the call, whose answer goes into what into points to; nil where it has none.
func (c *call) do(ctx context.Context, into any) error {
	body, err := c.encode()
	if err != nil {
		return c.failed(err)
	}
	bounded, cancel := bound(ctx, c.timeout)
	defer cancel()
	err = c.repeat(bounded, body, into)
	var stale *StaleVersionError
	if errors.As(err, &stale) && c.current != nil {
		if current, readErr := c.current(ctx); readErr == nil {
			stale.Current = current
		}
	}
	return err
}

// bound gives a context a deadline, unless limit is 0.
func bound(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}

// encode makes the body once, for all attempts.
func (c *call) encode() ([]byte, error) {
	// A path that names nothing, or the folder above, is another one.
	for segment := range strings.SplitSeq(c.path[1:], "/") {
		if segment == "" || segment == "." || segment == ".." {
			return nil, fmt.Errorf("%q is no path", c.path)
		}
	}
	if c.body == nil {
		return nil, nil
	}
	encoded, err := json.Marshal(c.body)
	if err == nil && c.operation.mediaType != formMediaType {
		return encoded, nil
	}
	fields := map[string]string{}
	if err = errors.Join(err, json.Unmarshal(encoded, &fields)); err != nil {
		return nil, fmt.Errorf("encoding the body: %w", err)
	}
	form := url.Values{}
	for name, value := range fields {
		form.Set(name, value)
	}
	return []byte(form.Encode()), nil
}

// attempt sends the request once.
func (c *call) attempt(ctx context.Context, body []byte, into any) error {
	request, err := c.request(ctx, body)
	if err != nil {
		return err
	}
	// To get a token may take attempts of its own.
	if err := c.authorize(ctx, request); err != nil {
		return err
	}
	ctx, cancel := bound(ctx, c.attemptTimeout)
	defer cancel()
	response, err := c.http.Do(request.WithContext(ctx))
	if err != nil {
		return c.unanswered(ctx, err)
	}
	defer response.Body.Close() //nolint:errcheck // what is wanted of it was read
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return c.unanswered(ctx, err)
	}
	if len(content) > maxAnswer {
		return c.failed(fmt.Errorf("the answer is larger than %d bytes", maxAnswer))
	}
	// A write that failed tells one as well: it may have been done.
	if text := response.Header.Get(positionHeader); text != "" {
		c.remember(text)
	}
	if c.onResponse != nil {
		response.Body = io.NopCloser(bytes.NewReader(content))
		c.onResponse(response)
	}
	if response.StatusCode < http.StatusOK || response.StatusCode >= http.StatusMultipleChoices {
		return c.refused(response, content)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(content, into); err != nil {
		return c.failed(fmt.Errorf("the answer is not what the contract says: %w", err))
	}
	return nil
}

func (c *call) request(ctx context.Context, body []byte) (*http.Request, error) {
	address := c.url + c.path
	if len(c.query) > 0 {
		address += "?" + c.query.Encode()
	}
	var content io.Reader
	if body != nil {
		content = bytes.NewReader(body)
	}
	request, err := http.NewRequestWithContext(ctx, c.operation.method, address, content)
	if err != nil {
		return nil, c.failed(err)
	}
	request.Header.Set("Accept", "application/json, application/problem+json")
	request.Header.Set("User-Agent", "plaza-go/"+ContractVersion)
	if body != nil {
		request.Header.Set("Content-Type", c.operation.mediaType)
	}
	if position := c.position.Load(); position != nil && time.Since(position.at) < positionKept {
		request.Header.Set(positionHeader, position.text)
	}
	maps.Copy(request.Header, c.header)
	return request, nil
}
