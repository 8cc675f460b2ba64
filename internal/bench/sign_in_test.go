package bench_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/testkit"
)

const (
	// turns is how often the two take turns.
	turns = 9
	// turnTime is how long a turn takes.
	turnTime = time.Second
)

// BenchmarkSignedIn reads one user from the database, signed in and, by a contract that asks nobody, not: in turns, so
// that both meet the same moods of the machine. It prints the medians and their ratio.
func BenchmarkSignedIn(b *testing.B) {
	database := testkit.Database(b)
	u := testkit.User(b, database)
	unkept := func(c *httpapi.Config) { c.KeptUsers = nil }
	signedIn := testkit.NewServerOn(b, database, unkept)
	const secured = "      security: [{oauth: [users:read]}]\n      x-owner: user_id\n      x-rate-limit: {requests: 300"
	const open = "      security: []\n      x-rate-limit: {requests: 300"
	require.Contains(b, string(contractfile.YAML), secured)
	anyone, err := contract.Load([]byte(strings.ReplaceAll(string(contractfile.YAML), secured, open)), httpapi.Rules())
	require.NoError(b, err)
	anonymous := testkit.NewServerOn(b, database, unkept, func(c *httpapi.Config) { c.Contract = anyone })

	token := signedIn.Token(b, "member", u.ID)
	path := fmt.Sprintf("/users/%d", u.ID)
	var with, without []float64
	for range turns {
		with = append(with, throughput(b, signedIn.URL+path, token))
		without = append(without, throughput(b, anonymous.URL+path, ""))
	}
	slices.Sort(with)
	slices.Sort(without)
	ratio := with[turns/2] / without[turns/2]
	b.ReportMetric(ratio, "signed-in/anonymous")
	fmt.Println() //nolint:forbidigo // the table is what the benchmark is for
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "requests/s, median\tleast\tmost\t  caller")                                      //nolint:errcheck // to the terminal
	fmt.Fprintf(table, "%.0f\t%.0f\t%.0f\t  signed in\n", with[turns/2], with[0], with[turns-1])          //nolint:errcheck // ditto
	fmt.Fprintf(table, "%.0f\t%.0f\t%.0f\t  anonymous\n", without[turns/2], without[0], without[turns-1]) //nolint:errcheck // ditto
	fmt.Fprintf(table, "%.3f\t\t\t  ratio, at least 0.9 is wanted\n", ratio)                              //nolint:errcheck // ditto
	require.NoError(b, table.Flush())
}

// throughput is how many reads a second one caller gets answered, with a token or without.
func throughput(b *testing.B, address, token string) float64 {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	defer client.CloseIdleConnections()
	began, reads := time.Now(), 0
	for ; time.Since(began) < turnTime; reads++ {
		require.NoError(b, read(b.Context(), client, address, token))
	}
	return float64(reads) / time.Since(began).Seconds()
}
