package check

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	answerTimeout = 10 * time.Second
	// mostBytes bounds what is read of an answer.
	mostBytes = 16 << 20
	// longestPause bounds how long is waited where the server says that it was asked too often.
	longestPause = time.Minute
)

// asker sends requests to one server.
type asker struct {
	options ServerOptions
	client  *http.Client
	sent    int
}

// answered is an answer, read to the end.
type answered struct {
	request *http.Request
	id      string // the X-Request-Id that was sent
	status  int
	header  http.Header
	body    []byte // not compressed any more
}

func newAsker(o ServerOptions) *asker {
	if o.Timeout == 0 {
		o.Timeout = answerTimeout
	}
	transport := o.Transport
	if transport == nil {
		transport = &http.Transport{
			Proxy: http.ProxyFromEnvironment, DisableCompression: true, ForceAttemptHTTP2: true, MaxIdleConns: 1,
		}
	}
	return &asker{options: o, client: &http.Client{
		Transport: transport, Timeout: o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (a *asker) close() { a.client.CloseIdleConnections() }

func (a *asker) request(ctx context.Context, method, path string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, a.options.URL+path, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// ask sends a request. Where the server says that it was asked too often it waits as told, once.
func (a *asker) ask(ctx context.Context, r *http.Request) (answered, error) {
	answer, err := a.send(r)
	if err != nil || answer.status != http.StatusTooManyRequests {
		return answer, err
	}
	seconds, err := strconv.Atoi(answer.header.Get("Retry-After"))
	pause := time.Duration(seconds) * time.Second
	if err != nil || pause > longestPause {
		return answer, fmt.Errorf("%s was asked too often (429): try again later", r.URL.Path)
	}
	select {
	case <-ctx.Done():
		return answer, fmt.Errorf("%s: %w", r.URL.Path, context.Cause(ctx))
	case <-time.After(pause):
	}
	again := r.Clone(ctx)
	if r.GetBody != nil {
		if again.Body, err = r.GetBody(); err != nil {
			return answer, fmt.Errorf("%s: %w", r.URL.Path, err)
		}
	}
	if answer, err = a.send(again); err == nil && answer.status == http.StatusTooManyRequests {
		err = fmt.Errorf("%s was asked too often (429), also after %s: try again later", r.URL.Path, pause)
	}
	return answer, err
}

func (a *asker) send(r *http.Request) (answered, error) {
	a.sent++
	id := "plazadev-check-" + strconv.Itoa(a.sent)
	r.Header.Set("X-Request-Id", id)
	response, err := a.client.Do(r)
	if err != nil {
		return answered{}, unreachable(a.options.URL, err)
	}
	defer response.Body.Close() //nolint:errcheck // it is read to the end
	body, err := io.ReadAll(io.LimitReader(response.Body, mostBytes))
	if err != nil {
		return answered{}, unreachable(a.options.URL, err)
	}
	answer := answered{request: r, id: id, status: response.StatusCode, header: response.Header, body: body}
	if response.Header.Get("Content-Encoding") == "gzip" && len(body) > 0 {
		if answer.body, err = unzip(body); err != nil {
			return answered{}, fmt.Errorf("%s: an answer that says gzip and is none: %w", r.URL.Path, err)
		}
	}
	return answer, nil
}

func unzip(body []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err //nolint:wrapcheck // wrapped by the caller
	}
	return io.ReadAll(io.LimitReader(reader, mostBytes)) //nolint:wrapcheck // ditto
}

// unreachable says why no answer came, in words that help.
func unreachable(address string, err error) error {
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	hostname, other := errors.AsType[x509.HostnameError](err)
	invalid, bad := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%s speaks no TLS: ask it with http://", address)
	case unknown:
		return fmt.Errorf("%s shows a certificate of nobody whom this machine trusts (SSL_CERT_FILE names others)", address)
	case other:
		return fmt.Errorf("%s shows a certificate that is not for %s", address, hostname.Host)
	case bad && invalid.Reason == x509.Expired:
		return fmt.Errorf("%s shows a certificate that has expired, or is not valid yet", address)
	default:
		return fmt.Errorf("no answer from %s: %w", address, err)
	}
}

// detailOf is what a problem says, in brackets; nothing where there is none.
func detailOf(a answered) string {
	var problem struct {
		Detail string `json:"detail"`
	}
	if json.Unmarshal(a.body, &problem) != nil || problem.Detail == "" {
		return ""
	}
	return " (" + problem.Detail + ")"
}
