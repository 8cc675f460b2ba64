package plaza

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// Option alters what New makes. A CallOption is one as well, for all calls.
type Option interface{ change(c *core) }

type optionFunc func(*core)

func (o optionFunc) change(c *core) { o(c) }

// WithHTTPClient makes calls with a client of the caller's; http.DefaultClient otherwise.
func WithHTTPClient(client *http.Client) Option {
	return optionFunc(func(c *core) { c.http = client })
}

// core is what all namespaces call with.
type core struct {
	url     string // of the server, without a slash at its end
	http    *http.Client
	tokens  tokens // nil: nobody is signed in
	options []CallOption
	// position is the last that a write has answered: a read that shows it has that write, whichever server of the
	// database answers.
	position atomic.Pointer[position]
}

// New makes a client of the server at baseURL, such as https://plaza.example. It may be used by many goroutines at
// once. It fails where that is no absolute URL.
func New(baseURL string, options ...Option) (*API, error) {
	parsed, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("plaza: the base URL: %w", err)
	}
	if parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || parsed.RawQuery != "" {
		return nil, errors.New("plaza: the base URL must be like https://plaza.example")
	}
	c := &core{url: strings.TrimRight(baseURL, "/"), http: http.DefaultClient}
	for _, o := range options {
		o.change(c)
	}
	return newAPI(c), nil
}
