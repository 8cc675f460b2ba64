package app_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestTheREADMEHasEveryOperationAndVariable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for _, op := range testkit.Contract(t).Operations {
		row := fmt.Sprintf("| %s | `%s` | `%s` | %s |\n", op.Method, op.Path, op.ID, op.Spec.Summary)
		assert.Positive(t, strings.Count(string(text), row), "no row %s", row)
	}
	for _, v := range app.Variables() {
		row := fmt.Sprintf("| `%s` | %s | %s |\n", v.Name, v.Default, v.Meaning)
		assert.Positive(t, strings.Count(string(text), row), "no row %s", row)
	}
}
