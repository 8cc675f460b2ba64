package app_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/telemetry"
	"github.com/plaza-api/plaza/internal/testkit"
)

// dashboard is what this test reads of a Grafana dashboard.
type dashboard struct {
	SchemaVersion int `json:"schemaVersion"` //nolint:tagliatelle // Grafana's
	Templating    struct {
		List []struct {
			Name  string `json:"name"`
			Type  string `json:"type"`
			Query any    `json:"query"`
		} `json:"list"`
	} `json:"templating"`
	Panels []struct {
		ID         int        `json:"id"`
		Title      string     `json:"title"`
		Type       string     `json:"type"`
		Datasource datasource `json:"datasource"`
		Targets    []struct {
			Expr       string     `json:"expr"`
			Datasource datasource `json:"datasource"`
		} `json:"targets"`
	} `json:"panels"`
}

type datasource struct {
	UID string `json:"uid"`
}

// notNames is what an expression has beside the names of metrics and operators: texts, what selects and for how long,
// what is grouped by, and functions.
var notNames = []*regexp.Regexp{
	regexp.MustCompile(`"[^"]*"`), regexp.MustCompile(`\{[^}]*\}`), regexp.MustCompile(`\[[^\]]*\]`),
	regexp.MustCompile(`\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)`), regexp.MustCompile(`\w+\s*\(`),
	regexp.MustCompile(`\b(or|and|unless|bool|offset)\b`),
}

var metricName = regexp.MustCompile(`\b[a-zA-Z_:][\w:]*`)

// metricsOf are the names of the metrics that an expression of Prometheus reads.
func metricsOf(expression string) []string {
	for _, other := range notNames {
		expression = other.ReplaceAllString(expression, " ")
	}
	return metricName.FindAllString(expression, -1)
}

// exported are the series that two servers have after some requests, one of them with Redis, and the metrics they belong to.
func exported(t *testing.T) (series, metrics map[string]bool) {
	t.Helper()
	series, metrics = map[string]bool{}, map[string]bool{}
	for _, redis := range []string{"", testkit.Redis(t)} {
		p := start(t, app.Config{
			HTTPAddr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t), RedisURL: redis,
			RateLimits: httpapi.RateLimitsObserved, Sampling: 1,
		})
		for range 12 {
			p.call(t, http.MethodPost, "/users", "{}").Is(http.StatusUnprocessableEntity)
		}
		read(fetch(t, p.admin(t)+"/metrics"), series, metrics)
		require.NoError(t, p.stop(t))
	}
	faulty := telemetry.NewMetrics() // of a server as there should be none
	faulty.Mismatch("getUser", http.StatusOK)
	server := httptest.NewServer(faulty.Handler())
	t.Cleanup(server.Close)
	read(fetch(t, server.URL), series, metrics)
	return series, metrics
}

// read adds what a server exports.
func read(text string, series, metrics map[string]bool) {
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); words[0] == "#" {
			metrics[words[2]] = true
		} else {
			series[metricName.FindString(line)] = true
		}
	}
}

func TestTheDashboardShowsWhatTheServerExportsAndNothingElse(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../telemetry/dashboard.json")
	require.NoError(t, err)
	var board dashboard
	require.NoError(t, json.Unmarshal(text, &board))
	assert.GreaterOrEqual(t, board.SchemaVersion, 39, "Grafana 11 takes it as it is")
	assert.Equal(t, []any{"datasource", "datasource", "prometheus"},
		[]any{board.Templating.List[0].Name, board.Templating.List[0].Type, board.Templating.List[0].Query})

	series, metrics := exported(t)
	shown, ids := map[string]bool{}, map[int]bool{}
	for _, panel := range board.Panels {
		assert.False(t, ids[panel.ID], "the id %d of the panel %q is another's", panel.ID, panel.Title)
		ids[panel.ID] = true
		if panel.Type == "row" {
			continue
		}
		assert.Equal(t, "${datasource}", panel.Datasource.UID, panel.Title)
		assert.NotEmpty(t, panel.Targets, panel.Title)
		for _, target := range panel.Targets {
			assert.Equal(t, "${datasource}", target.Datasource.UID, panel.Title)
			names := metricsOf(target.Expr)
			assert.NotEmpty(t, names, "the panel %q reads no metric: %s", panel.Title, target.Expr)
			for _, name := range names {
				shown[name] = true
				assert.True(t, series[name], "the panel %q reads %s, which no server exports", panel.Title, name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(metrics)) {
		if !strings.HasPrefix(name, "plaza_") && !strings.HasPrefix(name, "http_server_") {
			continue // Go's and the process's
		}
		assert.True(t, shown[name] || shown[name+"_bucket"],
			"%s is exported and stands on no panel of internal/telemetry/dashboard.json", name)
	}
}

func TestTheNamesOfMetricsAreFoundInExpressions(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string][]string{
		`sum by (le, operation) (rate(a_bucket{job="$job", status=~"5.."}[$__rate_interval]))`:    {"a_bucket"},
		`(sum(rate(a{x="b{c}"}[5m])) or vector(0)) / on (instance) group_left (job) b > bool 0.5`: {"a", "b"},
		`a:b:rate5m offset 5m`: {"a:b:rate5m"},
	} {
		assert.Equal(t, want, metricsOf(expression), expression)
	}
}
