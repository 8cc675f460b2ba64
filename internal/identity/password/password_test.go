package password_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

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

func TestSoManyWorkAtOnceAndSoManyWait(t *testing.T) {
	t.Parallel()
	h := password.New(1)
	giveBack, err := h.Turn(t.Context())
	require.NoError(t, err)
	soon, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range password.MaxWaiting {
		waiting.Go(func() {
			_, err := h.Turn(soon)
			assert.True(t, fault.Is(err, fault.Unavailable), "%v", err)
		})
	}
	require.Eventually(t, func() bool { return h.Waiting() == password.MaxWaiting+1 }, 5*time.Second, time.Millisecond)
	_, err = h.Hash(t.Context(), "one more") // at once: its context has no end
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	cancel()
	waiting.Wait()
	giveBack()
	_, err = h.Hash(t.Context(), "the next")
	require.NoError(t, err)
	assert.Zero(t, h.Waiting())
}
