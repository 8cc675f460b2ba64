package cache_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/cache"
)

func TestWhatIsKeptIsCompressedOnce(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("large ", cache.CompressFrom)
	c := cache.New(keep, time.Now)
	load := func(context.Context) (cache.Entry, error) { return cache.Entry{Body: []byte(large)}, nil }
	var all [][]byte
	for range 3 {
		e, err := c.Get(t.Context(), 1, load)
		require.NoError(t, err)
		all = append(all, e.Gzip())
	}
	assert.Same(t, &all[0][0], &all[1][0], "the very same bytes")
	assert.Same(t, &all[0][0], &all[2][0])
	unkept, _ := load(t.Context())
	assert.Equal(t, all[0], unkept.Gzip(), "the same body, the same bytes")
	z, err := gzip.NewReader(bytes.NewReader(all[0]))
	require.NoError(t, err)
	body, err := io.ReadAll(z)
	require.NoError(t, err)
	assert.Equal(t, large, string(body))
}
