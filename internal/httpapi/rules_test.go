package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
)

func TestTheContractLoads(t *testing.T) {
	t.Parallel()
	_, err := contract.Load(contractfile.YAML, httpapi.Rules())
	require.NoError(t, err)
}
