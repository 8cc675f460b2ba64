package mail_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/mail"
)

func TestKeptMailsAreListedTheNewestFirst(t *testing.T) {
	t.Parallel()
	directory := filepath.Join(t.TempDir(), "below", "[mail") // no pattern
	capture := mail.NewCapture(directory)
	before := time.Now()
	for i := range 5 {
		m := message()
		m.Subject += strconv.Itoa(i)
		require.NoError(t, capture.Send(t.Context(), m))
	}
	for n, want := range map[int]string{-1: "", 0: "", 1: "4", 3: "432", 5: "43210", 9: "43210"} {
		got, err := capture.List(n)
		require.NoError(t, err)
		var order strings.Builder
		for _, c := range got {
			digit, ok := strings.CutPrefix(c.Subject, message().Subject)
			require.True(t, ok)
			order.WriteString(digit)
			assert.WithinRange(t, c.At, before, time.Now())
			assert.Equal(t, message().Text, c.Text)
			assert.Equal(t, message().To, c.To)
		}
		assert.Equal(t, want, order.String())
	}
}

func TestWhatIsKeptIsForItsOwnerAloneAndWhole(t *testing.T) {
	t.Parallel()
	directory := filepath.Join(t.TempDir(), "mail")
	require.NoError(t, mail.NewCapture(directory).Send(t.Context(), message()))
	about, err := os.Stat(directory)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o700), about.Mode().Perm())
	entries, err := os.ReadDir(directory)
	require.NoError(t, err)
	require.Len(t, entries, 1, "no draft is left")
	assert.Regexp(t, `^\d{8}T\d{6}\.\d{9}Z-[A-Z2-7]+\.eml$`, entries[0].Name())
	about, err = entries[0].Info()
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o600), about.Mode().Perm())
}

func TestAMailOfAnyShapeIsListedAsItWasKept(t *testing.T) {
	t.Parallel()
	capture := mail.NewCapture(t.TempDir())
	for _, want := range []mail.Message{
		{To: "ada@example.com"},
		{To: "jörg@müller.example", Subject: strings.Repeat("Äpfel und Öl ", 30) + "!", Text: strings.Repeat("ü", 5000)},
		{To: `"a b"@example.com`, Subject: "a = b?", Text: "From me\n\n.\n=20\t\n"},
		{To: "ada@example.com", Subject: strings.Repeat("plain words ", 20) + "!", Text: strings.Repeat("x", 5000)},
	} {
		require.NoError(t, capture.Send(t.Context(), want))
		got, err := capture.List(1)
		require.NoError(t, err)
		require.Len(t, got, 1)
		assert.Equal(t, want, got[0].Message)
	}
}

func TestNoDirectoryIsNoMail(t *testing.T) {
	t.Parallel()
	got, err := mail.NewCapture(filepath.Join(t.TempDir(), "none")).List(3)
	require.NoError(t, err)
	assert.Empty(t, got)
}

func TestAFileOfSomebodyElseIsNoMailButABrokenMailIsTold(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	capture := mail.NewCapture(directory)
	require.NoError(t, capture.Send(t.Context(), message()))
	for _, name := range []string{"saved.eml", ".draft.1", "20060102T150405.000000000Z-draft"} {
		require.NoError(t, os.WriteFile(filepath.Join(directory, name), []byte("no mail"), 0o600))
	}
	got, err := capture.List(9)
	require.NoError(t, err)
	assert.Len(t, got, 1)

	require.NoError(t, os.WriteFile(filepath.Join(directory, "20060102T150405.000000000Z-X.eml"), []byte("canary"), 0o600))
	_, err = capture.List(9)
	require.ErrorContains(t, err, "20060102T150405.000000000Z-X.eml")
}

func TestWhatIsNoMailIsNotKept(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	capture := mail.NewCapture(directory)
	for name, m := range notMails() {
		err := capture.Send(t.Context(), m)
		require.ErrorContains(t, err, "mail: ", name)
		assert.NotContains(t, err.Error(), "canary", name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, capture.Send(ctx, message()), context.Canceled)
	entries, err := os.ReadDir(directory)
	require.NoError(t, err)
	assert.Empty(t, entries)
}

func TestADirectoryThatCannotBeMadeIsAnError(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	capture := mail.NewCapture(filepath.Join(file, "mail"))
	require.ErrorContains(t, capture.Send(t.Context(), message()), "mail: ")
	_, err := capture.List(1)
	require.ErrorContains(t, err, "mail: ")
}
