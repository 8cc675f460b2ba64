package page_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/page"
)

// positions draws places that rows can stand at.
func positions() *rapid.Generator[page.Position] {
	return rapid.Custom(func(t *rapid.T) page.Position {
		return page.Position{
			Time: time.UnixMicro(rapid.Int64Range(0, page.Newest().Time.UnixMicro()).Draw(t, "micros")).UTC(),
			Text: strings.ReplaceAll(rapid.StringN(0, 100, -1).Draw(t, "text"), "\x00", ""),
			ID:   rapid.Int64Range(0, page.MaxID).Draw(t, "id"),
		}
	})
}

func TestACursorLeadsBackToItsPlaceInItsListOnly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := positions().Draw(t, "position")
		list := rapid.String().Draw(t, "list")
		other := rapid.String().Filter(func(s string) bool { return s != list }).Draw(t, "other list")

		cursor := want.Cursor(list)

		got, err := page.ParseCursor(list, cursor)
		require.NoError(t, err)
		assert.Equal(t, want, got)
		assert.LessOrEqual(t, len(cursor), 1500, "what the contract allows")
		_, err = page.ParseCursor(other, cursor)
		require.Error(t, err, "a cursor of another list")
	})
}

func TestTheStartsOfListsMakeCursors(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]page.Position{"newest": page.Newest(), "first": page.First()} {
		got, err := page.ParseCursor("list", want.Cursor("list"))
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
	}
}

func TestAForgedCursorIsRefusedOrAHarmlessPlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw, err := base64.RawURLEncoding.DecodeString(positions().Draw(t, "position").Cursor("list"))
		require.NoError(t, err)
		for range rapid.IntRange(1, 4).Draw(t, "mutations") {
			at := rapid.IntRange(0, len(raw)).Draw(t, "at")
			cut := rapid.IntRange(0, len(raw)-at).Draw(t, "cut")
			with := rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(t, "with")
			raw = append(append(append([]byte{}, raw[:at]...), with...), raw[at+cut:]...)
		}
		requireHarmless(t, "list", base64.RawURLEncoding.EncodeToString(raw))
	})
}

func TestWhatIsNoCursorIsRefused(t *testing.T) {
	t.Parallel()
	good := page.Position{Time: page.First().Time, Text: "Ann", ID: 7}.Cursor("list")
	raw, err := base64.RawURLEncoding.DecodeString(good)
	require.NoError(t, err)
	changed := func(change func(b []byte) []byte) string {
		return base64.RawURLEncoding.EncodeToString(change(append([]byte{}, raw...)))
	}
	for name, cursor := range map[string]string{
		"nothing":            "",
		"no base64":          "%%%",
		"padding":            good + "=",
		"another alphabet":   strings.Repeat("+", 40),
		"a line break":       good[:8] + "\n" + good[8:],
		"loose last bits":    page.First().Cursor("list")[:33] + "B",
		"cut off":            good[:20],
		"another format":     changed(func(b []byte) []byte { b[0] = 2; return b }),
		"another list":       changed(func(b []byte) []byte { b[1] ^= 1; return b }),
		"a time too late":    changed(func(b []byte) []byte { b[9] = 0xff; return b }),
		"an id too large":    changed(func(b []byte) []byte { b[17] = 0xff; return b }),
		"a text with a NUL":  changed(func(b []byte) []byte { return append(b, 0) }),
		"a text not UTF-8":   changed(func(b []byte) []byte { return append(b, 0xff) }),
		"a text without end": changed(func(b []byte) []byte { return append(b, make([]byte, 70_000)...) }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := page.ParseCursor("list", cursor)
			require.EqualError(t, err, "is not a cursor of this list")
		})
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add("users -created_at", page.Newest().Cursor("users -created_at"))
	f.Add("users name=", page.Position{Time: page.First().Time, Text: "Zoë", ID: 3}.Cursor("users name="))
	f.Add("posts", "")
	f.Add("posts", "AQEABjYp2cWXAAAAAAAAAAAq")
	f.Fuzz(func(t *testing.T, list, cursor string) { requireHarmless(t, list, cursor) })
}

// requireHarmless fails unless a cursor is refused, or is a place that the database takes and that makes the
// same cursor again.
func requireHarmless(t require.TestingT, list, cursor string) {
	got, err := page.ParseCursor(list, cursor)
	if err != nil {
		return
	}
	assert.False(t, got.Time.Before(page.First().Time), got.Time)
	assert.False(t, got.Time.After(page.Newest().Time), got.Time)
	assert.GreaterOrEqual(t, got.ID, int64(0))
	assert.LessOrEqual(t, got.ID, int64(page.MaxID))
	assert.True(t, utf8.ValidString(got.Text) && !strings.Contains(got.Text, "\x00"), "%q", got.Text)
	assert.Equal(t, cursor, got.Cursor(list), "two cursors for one place")
}
