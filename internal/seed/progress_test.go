package seed_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/seed"
)

func TestProgressIsABarOnATerminal(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	now := time.Unix(0, 0)
	progress := seed.NewProgress(&out, true, func() time.Time { return now })
	progress.Show(0, 200)
	progress.Show(1, 200) // too soon after the first
	now = now.Add(2 * time.Second)
	progress.Show(100, 200)
	now = now.Add(time.Second)
	progress.Show(200, 200)
	progress.End()

	empty, full := strings.Repeat("░", 40), strings.Repeat("█", 40)
	assert.Equal(t, []string{
		"", empty + "   0 %  0s  ", full[:60] + empty[:60] + "  50 %  2s  ", full + " 100 %  3s, now indexes and keys  ", "\x1b[K",
	}, strings.Split(out.String(), "\r"))
}

func TestProgressIsALineEveryFewSecondsElsewhere(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	now := time.Unix(0, 0)
	progress := seed.NewProgress(&out, false, func() time.Time { return now })
	for second := range 12 {
		progress.Show(second, 12)
		now = now.Add(time.Second)
	}
	progress.Show(12, 12)
	progress.Show(12, 12)
	progress.End()
	assert.Equal(t, "  0 %  0 of 12 rows\n 42 %  5 of 12 rows\n 83 %  10 of 12 rows\n100 %  12 of 12 rows, now indexes and keys\n", out.String())
}

func TestTheSummaryIsAligned(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	require.NoError(t, seed.WriteSummary(&out, seed.Made{Users: 1000, Addresses: 600, Posts: 500}, 1050*time.Millisecond))
	assert.Equal(t, `users            1000
addresses         600
posts             500

2100 rows in 1.05s, 2000 a second
`, out.String())
}
