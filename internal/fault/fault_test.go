package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
)

func TestAFaultIsFoundInAChainOfErrors(t *testing.T) {
	t.Parallel()
	field := fault.Field{Pointer: "/email", Detail: "is already taken"}
	f := fault.New(fault.Conflict, "email is already taken", field)
	err := fmt.Errorf("creating: %w", f)

	assert.Same(t, f, fault.As(err))
	assert.Equal(t, []fault.Field{field}, fault.As(err).Fields)
	assert.True(t, fault.Is(err, fault.Conflict))
	assert.False(t, fault.Is(err, fault.Invalid))
}

func TestOtherErrorsAreNoFaults(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, io.EOF, errors.Join(io.EOF, io.ErrClosedPipe)} {
		assert.Nil(t, fault.As(err))
		assert.False(t, fault.Is(err, fault.Internal))
	}
}

func TestACauseIsForTheLogOnly(t *testing.T) {
	t.Parallel()
	plain := fault.New(fault.Unavailable, "The database does not answer")

	caused := plain.Because(io.EOF)

	require.ErrorIs(t, caused, io.EOF)
	assert.Equal(t, "unavailable: The database does not answer: EOF", caused.Error())
	assert.Equal(t, plain.Message, caused.Message)
	assert.Equal(t, "unavailable: The database does not answer", plain.Error())
	assert.NoError(t, plain.Unwrap(), "the fault that the copy was made of")
}
