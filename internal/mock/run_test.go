package mock_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/mock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const one = `
openapi: 3.0.3
info: {title: One, version: '1'}
paths: {'/%s/{id}': {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer, example: 5}}], responses: {'200': {description: It}}}}}
`

// lines reads what is written, line by line.
func lines(r io.Reader) func(t *testing.T, want string) string {
	scanner := bufio.NewScanner(r)
	return func(t *testing.T, want string) string {
		t.Helper()
		for scanner.Scan() {
			if strings.Contains(scanner.Text(), want) {
				return scanner.Text()
			}
		}
		require.Fail(t, "the program ended without a line with "+want)
		return ""
	}
}

func TestAContractThatIsSavedIsServed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "openapi.yaml")
	save := func(text string) {
		other := file + "~"
		require.NoError(t, os.WriteFile(other, []byte(text), 0o600))
		require.NoError(t, os.Rename(other, file), "as editors save")
	}
	save(fmt.Sprintf(one, "cats"))
	outReader, out := io.Pipe()
	logReader, log := io.Pipe()
	told, logged := lines(outReader), lines(logReader)
	s, err := mock.New(mock.Options{File: file, Rules: httpapi.Rules(), Log: log, Now: time.Now})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- s.Run(ctx, "127.0.0.1:0", out)
		_, _ = out.Close(), log.Close()
	}()
	address := regexp.MustCompile(`http://[0-9.]+:[0-9]+`).FindString(told(t, "One 1 is mocked at "))
	assert.Contains(t, told(t, "curl"), "curl -s '"+address+"/cats/5'")

	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	status := func(path string) int {
		answered := make(chan int, 1)
		go func() {
			defer close(answered)
			q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+path, http.NoBody)
			if !assert.NoError(t, err) {
				return
			}
			r, err := client.Do(q)
			if assert.NoError(t, err) && assert.NoError(t, r.Body.Close()) {
				answered <- r.StatusCode
			}
		}()
		logged(t, path)
		return <-answered
	}
	assert.Equal(t, 200, status("/cats/7"))
	save(fmt.Sprintf(one, "dogs"))
	assert.Contains(t, logged(t, "openapi.yaml was saved"), "1 operations")
	assert.Equal(t, 404, status("/cats/7"))
	assert.Equal(t, 200, status("/dogs/7"))
	save("openapi: [")
	logged(t, "openapi.yaml is served as it was, as it cannot be read now:")
	assert.Contains(t, logged(t, "openapi.yaml:1:1: "), "did not find expected node content")
	assert.Equal(t, 200, status("/dogs/7"))

	stop()
	require.NoError(t, <-ended)
	_, err = (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(address, "http://"))
	require.Error(t, err, "nobody listens any more")
}

func TestAMockThatCannotBeServedSaysWhy(t *testing.T) {
	t.Parallel()
	_, err := mock.New(mock.Options{File: "none.yaml", Rules: httpapi.Rules(), Log: io.Discard, Now: time.Now})
	require.ErrorContains(t, err, "none.yaml")
	s := start(t, plaza)
	require.ErrorContains(t, s.Run(t.Context(), "127.0.0.1:none", io.Discard), "listening")
}

func TestLatencyIsATimeOrARange(t *testing.T) {
	t.Parallel()
	var fixed, wide, same mock.Latency
	require.NoError(t, fixed.UnmarshalText([]byte("200ms")))
	assert.Equal(t, mock.Latency{From: 200 * time.Millisecond, To: 200 * time.Millisecond}, bounds(fixed))
	require.NoError(t, wide.UnmarshalText([]byte("100ms..800ms")))
	require.NoError(t, same.UnmarshalText([]byte("100ms..800ms")))
	seen := map[time.Duration]bool{}
	for range 100 {
		held := wide.Next()
		assert.Equal(t, held, same.Next(), "the same with every start")
		assert.GreaterOrEqual(t, held, 100*time.Millisecond)
		assert.LessOrEqual(t, held, 800*time.Millisecond)
		seen[held] = true
	}
	assert.Greater(t, len(seen), 90)
	for _, wrong := range []string{"", "7", "-1s", "800ms..100ms", "1s..", "2h"} {
		assert.Error(t, fixed.UnmarshalText([]byte(wrong)), wrong)
	}
}

func bounds(l mock.Latency) mock.Latency { return mock.Latency{From: l.From, To: l.To} }

func TestWhoHasGoneIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	var hour mock.Latency
	require.NoError(t, hour.UnmarshalText([]byte("1h")))
	s, err := mock.New(mock.Options{File: plaza, Rules: httpapi.Rules(), Log: io.Discard, Now: time.Now, Latency: hour})
	require.NoError(t, err)
	gone, leave := context.WithCancel(t.Context())
	leave()
	r, err := http.NewRequestWithContext(gone, http.MethodGet, "/healthz", http.NoBody)
	require.NoError(t, err)
	answer(s, r)
}

func TestTheCallThatIsShownIsHarmless(t *testing.T) {
	t.Parallel()
	s := written(t, `{openapi: 3.0.3, info: {title: "One\e[2J\n::error::x", version: '1'}, paths: {"/it's/{id}": {get: {
		parameters: [{name: id, in: path, required: true, schema: {type: integer, example: 5}},
			{name: X-A, in: header, required: true, schema: {type: string, example: "a'; b '"}}],
		responses: {'200': {description: It}}}}}}`)
	outReader, out := io.Pipe()
	told := lines(outReader)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- s.Run(ctx, "127.0.0.1:0", out)
		_ = out.Close()
	}()
	assert.Regexp(t, `^One \[2J ::error::x 1 is mocked at `, told(t, "mocked"))
	call := told(t, "curl")
	assert.Contains(t, call, `-H 'X-A: a'\''; b '\'''`)
	assert.NotContains(t, call, "it's")
	stop()
	require.NoError(t, <-ended)
}
