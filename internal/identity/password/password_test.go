package password_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/password"
)

func TestAPasswordIsKnownByItsHash(t *testing.T) {
	t.Parallel()
	h := password.New(1)
	hash, err := h.Hash(t.Context(), "correct horse battery")
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$"), hash)
	for text, right := range map[string]bool{"correct horse battery": true, "correct horse batterY": false, "": false} {
		same, err := h.Verify(t.Context(), text, hash)
		require.NoError(t, err)
		assert.Equal(t, right, same)
	}
	nobody, err := h.Verify(t.Context(), "", "")
	require.NoError(t, err)
	assert.False(t, nobody, "nobody has the empty password either")
	_, err = h.Verify(t.Context(), "x", "$argon2id$broken")
	require.Error(t, err)
}

func TestWhoeverDoesNotGetATurnIsToldToComeAgain(t *testing.T) {
	t.Parallel()
	h := password.New(0)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.Hash(ended, "x")
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	_, err = h.Verify(ended, "x", "")
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	assert.Positive(t, fault.As(err).RetryAfter)
}
