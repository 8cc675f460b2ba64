package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAnswersAreHeldAgainstTheContractWhereThatIsWanted(t *testing.T) {
	t.Parallel()
	for share, want := range map[float64]string{0: "", 1: "\nplaza_responses_sampled_total 2\n"} {
		p := start(t, app.Config{
			HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t), Sampling: share,
		})
		p.call(t, http.MethodPost, "/users", "{}").Is(http.StatusUnprocessableEntity)
		p.call(t, http.MethodGet, "/healthz", "").Is(http.StatusOK)
		p.call(t, http.MethodGet, "/nowhere", "").Is(http.StatusNotFound)
		if want == "" {
			assert.NotContains(t, fetch(t, p.admin(t)+"/metrics"), "plaza_responses_sampled_total")
		} else {
			require.Eventually(t, func() bool { return strings.Contains(fetch(t, p.admin(t)+"/metrics"), want) },
				10*time.Second, time.Millisecond)
		}
		require.NoError(t, p.stop(t))
	}
}
