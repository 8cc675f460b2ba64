package postgres

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
)

func TestCanceledQueryWhoseConnectionIsGone(t *testing.T) {
	t.Parallel()
	err := translator{}.toFault(fmt.Errorf("%w: %w", io.EOF, context.Canceled))
	require.ErrorIs(t, err, context.Canceled)
	assert.Nil(t, fault.As(err))
}
