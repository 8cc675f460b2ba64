package check_test

import (
	"testing"

	"github.com/plaza-api/plaza/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m, removeReleased) }
