package check_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

func TestWatchAnswersEachSave(t *testing.T) {
	t.Parallel()
	p, contract := reviewed(t)
	w := watch(t, p)
	w.until(t, "agrees")

	whole := read(t, contract)
	replaceFile(t, contract, strings.Replace(whole, "      x-timeout: 1s\n", "", 1))
	w.until(t, "lint/timeout") // editors put another file in the place of the old one

	require.NoError(t, os.WriteFile(contract, []byte(whole[:len(whole)/2]+"\n - {"), 0o600))
	w.until(t, "contract/invalid") // what is half-written is a finding

	require.NoError(t, os.Remove(contract))
	w.until(t, "could not run") // a contract that is gone for a moment is no end

	require.NoError(t, os.WriteFile(filepath.Join(p.Root, "notes.txt"), []byte("no contract"), 0o600))
	replaceFile(t, contract, whole)
	w.until(t, "agrees") // another file's save is not answered

	w.end()
	require.NoError(t, <-w.ended)
}

func TestWatchClearsATerminal(t *testing.T) {
	t.Parallel()
	p, _ := reviewed(t)
	w := watch(t, p, func(w *watching) { w.terminal = true })
	w.until(t, "\x1b[2J")
	w.end()
	require.NoError(t, <-w.ended)
}

func TestWatchTellsWhatItCannotWatch(t *testing.T) {
	t.Parallel()
	p, _ := reviewed(t)
	p.Root = filepath.Join(p.Root, "nowhere")
	err := check.Watch(t.Context(), p, nil, io.Discard, check.Style{}, false)
	require.ErrorContains(t, err, "nowhere")

	p, _ = reviewed(t)
	require.ErrorIs(t, check.Watch(t.Context(), p, nil, closedPipe(), check.Style{}, false), io.ErrClosedPipe)
	require.ErrorIs(t, check.Watch(t.Context(), p, nil, closedPipe(), check.Style{}, true), io.ErrClosedPipe)
}

// BenchmarkWatch is how long a person waits after a save, in seconds, for the layers that watch runs.
func BenchmarkWatch(b *testing.B) {
	p, contract := reviewed(b)
	w := watch(b, p)
	w.until(b, "agrees")
	whole := read(b, contract)
	for i := 0; b.Loop(); i++ {
		replaceFile(b, contract, whole+strings.Repeat("\n", i%2+1))
		w.until(b, "agrees")
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/save")
	w.end()
	require.NoError(b, <-w.ended)
}

// BenchmarkCheck is how long all layers take on this project, in seconds.
func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		p := project(b)
		report := check.Run(b.Context(), p, check.Layers(), nil)
		for _, result := range report.Results {
			require.NoError(b, result.Err)
			b.ReportMetric(result.Took.Seconds(), "s/"+result.Layer)
		}
		b.ReportMetric(report.Took.Seconds(), "s/all")
	}
}

// reviewed is a folder with a copy of this project's contract alone.
func reviewed(tb testing.TB) (p *check.Project, contract string) {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "openapi.yaml"))
	require.NoError(tb, err)
	p, err = check.Open(tb.TempDir())
	require.NoError(tb, err)
	contract = p.Path(p.ContractFile)
	require.NoError(tb, os.WriteFile(contract, text, 0o600))
	return p, contract
}

func read(tb testing.TB, file string) string {
	tb.Helper()
	text, err := os.ReadFile(file)
	require.NoError(tb, err)
	return string(text)
}

// replaceFile saves as editors do that leave no moment without a whole file.
func replaceFile(tb testing.TB, file, text string) {
	tb.Helper()
	require.NoError(tb, os.WriteFile(file+"~", []byte(text), 0o600))
	require.NoError(tb, os.Rename(file+"~", file))
}

// watching is a watch that runs.
type watching struct {
	terminal bool
	lines    *bufio.Scanner
	end      context.CancelFunc
	ended    chan error
}

func watch(tb testing.TB, p *check.Project, settings ...func(*watching)) *watching {
	tb.Helper()
	reader, writer := io.Pipe()
	ctx, cancel := context.WithCancel(tb.Context())
	w := &watching{lines: bufio.NewScanner(reader), end: cancel, ended: make(chan error, 1)}
	for _, set := range settings {
		set(w)
	}
	layers := check.Watched(check.Layers())
	go func() {
		err := check.Watch(ctx, p, lintOf(layers), writer, check.Style{}, w.terminal)
		w.ended <- err
		_ = writer.CloseWithError(err)
	}()
	tb.Cleanup(func() {
		cancel()
		_ = reader.Close()
	})
	return w
}

// lintOf takes lint alone, as the others want more than a contract.
func lintOf(layers []check.Layer) []check.Layer {
	for i, l := range layers {
		if l.Name == "lint" {
			return layers[i : i+1]
		}
	}
	return nil
}

// until waits for a report that has some words. A save that the file system tells in two steps is answered twice.
func (w *watching) until(tb testing.TB, words string) {
	tb.Helper()
	var b strings.Builder
	for w.lines.Scan() {
		b.WriteString(w.lines.Text() + "\n")
		if !strings.HasSuffix(w.lines.Text(), " s)") { // the last line of a report
			continue
		}
		if strings.Contains(b.String(), words) {
			return
		}
		b.Reset()
	}
	require.Fail(tb, "the watch has ended without "+words, "%v\n%s", w.lines.Err(), b.String())
}

func closedPipe() io.Writer {
	reader, writer := io.Pipe()
	_ = reader.Close()
	return writer
}
