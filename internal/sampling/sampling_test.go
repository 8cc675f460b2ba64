package sampling_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/sampling"
)

const source = `openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /a:
    get:
      operationId: getA
      security: []
      x-rate-limit: none
      x-timeout: 1s
      responses:
        '200':
          description: d
          content:
            application/json:
              schema:
                type: object
                additionalProperties: false
                properties: {n: {type: integer}, text: {type: string}}
`

// watched is a sampler of all answers, what it has counted as "operation status", and its log.
type watched struct {
	*sampling.Sampler

	operation  *contract.Operation
	mismatches []string
	log        bytes.Buffer // to be read when the sampler has stopped
}

func watch(t *testing.T) *watched {
	t.Helper()
	c, err := contract.Load([]byte(source), contract.Rules{})
	require.NoError(t, err)
	w := &watched{operation: c.Operation("getA")}
	w.Sampler = sampling.New(1, func(operation string, status int) {
		w.mismatches = append(w.mismatches, fmt.Sprint(operation, " ", status))
	}, slog.New(slog.NewJSONHandler(&w.log, nil)))
	return w
}

func (w *watched) answer(body string, headers ...string) sampling.Answer {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return sampling.Answer{Operation: w.operation, Method: http.MethodGet, Status: 200, Header: h, Body: []byte(body), RequestID: "r"}
}

func compressed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

func TestWhatTheContractDoesNotAllowIsCountedAndLoggedWithoutItsValue(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		body, encoding string
		want           any
	}{
		"what is declared":            {`{"n":1}`, "", nil},
		"another type":                {`{"n":"secret"}`, "", []any{"body /n: must be an integer"}},
		"a field that leaks":          {`{"password_hash":"secret"}`, "", []any{"body /password_hash: is not a known field"}},
		"compressed by the handler":   {compressed(t, `{"n":1}`), "gzip", nil},
		"compressed, of another type": {compressed(t, `{"n":"secret"}`), "gzip", []any{"body /n: must be an integer"}},
		"not compressed as it says":   {`secret`, "gzip", []any{"body: is not what Content-Encoding says"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := watch(t)
			w.Start()
			w.Offer(w.answer(row.body, "Content-Encoding", row.encoding, "Content-Type", "application/json"))
			w.Stop(t.Context())
			assert.EqualValues(t, 1, w.Checked())
			if row.want == nil {
				assert.Empty(t, w.log.String())
				assert.Empty(t, w.mismatches)
				return
			}
			assert.Equal(t, []string{"getA 200"}, w.mismatches)
			var line map[string]any
			require.NoError(t, json.Unmarshal(w.log.Bytes(), &line))
			assert.Equal(t, []any{"WARN", "getA", 200.0, "r", row.want},
				[]any{line["level"], line["operation"], line["status"], line["request_id"], line["faults"]})
			assert.NotContains(t, w.log.String(), "secret")
		})
	}
}

func TestTheQueueIsBoundedByNumberAndByBytes(t *testing.T) {
	t.Parallel()
	w := watch(t) // not started: nothing leaves the queue
	for range 260 {
		w.Offer(w.answer(`{}`))
	}
	assert.EqualValues(t, 4, w.Dropped())
	w.Start()
	w.Stop(t.Context())
	assert.EqualValues(t, 256, w.Checked())

	w = watch(t)
	large := w.answer(`{"text":"` + string(bytes.Repeat([]byte("a"), sampling.MaxBody-11)) + `"}`)
	for range 18 {
		w.Offer(large)
	}
	assert.EqualValues(t, 2, w.Dropped(), "16 MiB wait")
	w.Start()
	w.Stop(t.Context())
	assert.EqualValues(t, 16, w.Checked())
	assert.Empty(t, w.mismatches)
	for range 16 {
		w.Offer(large)
	}
	assert.EqualValues(t, 2, w.Dropped(), "there is room again for what was dropped and for what was checked")
}

func TestWhatTheEndLeavesIsDropped(t *testing.T) {
	t.Parallel()
	w := watch(t)
	for range 200 {
		w.Offer(w.answer(`{}`))
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	w.Start()
	w.Stop(over)
	assert.EqualValues(t, 200, w.Checked()+w.Dropped())
	w.Offer(w.answer(`{}`)) // of a request that was cut off: it stays where it is, and nobody waits
}

func TestWhatIsLargeOnceItIsPlainIsSkipped(t *testing.T) {
	t.Parallel()
	w := watch(t)
	w.Offer(w.answer(compressed(t, string(make([]byte, sampling.MaxBody+1))), "Content-Encoding", "gzip"))
	w.Skip()
	w.Start()
	w.Stop(t.Context())
	assert.Equal(t, []uint64{0, 2}, []uint64{w.Checked(), w.Skipped()})
	assert.Empty(t, w.mismatches)
}

func TestAPanicOfACheckDoesNotEndTheOthers(t *testing.T) {
	t.Parallel()
	w := watch(t)
	var log bytes.Buffer
	s := sampling.New(1, func(string, int) { panic("secret") }, slog.New(slog.NewJSONHandler(&log, nil)))
	s.Offer(w.answer(`{"n":"a"}`))
	s.Offer(w.answer(`{}`))
	s.Start()
	s.Stop(t.Context())
	assert.EqualValues(t, 2, s.Checked())
	assert.Contains(t, log.String(), "could not be held against the contract")
	assert.NotContains(t, log.String(), "secret")
}

func TestAShareOfTheAnswersIsPicked(t *testing.T) {
	t.Parallel()
	for share, want := range map[float64][2]int{0: {0, 0}, 0.5: {4_000, 6_000}, 1: {10_000, 10_000}} {
		s, picked := sampling.New(share, nil, nil), 0
		for range 10_000 {
			if s.Picks() {
				picked++
			}
		}
		assert.GreaterOrEqual(t, picked, want[0], share)
		assert.LessOrEqual(t, picked, want[1], share)
	}
}
