package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/testkit"
)

// TestMain is also the servers that bench starts this program again for, and what the pre-commit hook runs.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == "bench" || os.Args[1] == "check") {
		main()
	}
	testkit.Main(m)
}

func TestSeedFillsTheDatabaseAndTellsWhatItMade(t *testing.T) {
	t.Parallel()
	url := testkit.EmptyURL(t)
	code, stdout, stderr := call(t, []string{"PLAZA_DATABASE_URL=" + url}, "seed", "--users", "1000", "--seed", "7")
	require.Equal(t, app.ExitOK, code, stderr)
	assert.Regexp(t, `^users +1000\naddresses +\d+\nposts +\d+\n\n\d+ rows in [0-9.]+m?s, \d+ a second\n$`, stdout)
	assert.Contains(t, stderr, "msg=migrated", "the schema comes with it")
	assert.NotContains(t, stderr, "\r", "no bar where there is no terminal")

	database := testkit.Open(t, url)
	var users int
	require.NoError(t, database.Conn(t.Context()).QueryRow(t.Context(), "SELECT count(*) FROM users").Scan(&users))
	assert.Equal(t, 1000, users)
}

func TestSeedRefusesWhatItMustNotDo(t *testing.T) {
	t.Parallel()
	url := "PLAZA_DATABASE_URL=" + testkit.URL(t)
	for _, test := range []struct {
		name, arguments string
		environ         []string
		code            int
		want            string
	}{
		{"production", "--users 1", []string{url, "PLAZA_ENV=production"}, app.ExitUsage, "PLAZA_ENV is production"},
		{"a wrong variable", "--users 1", []string{url, "PLAZA_X=1"}, app.ExitUsage, "PLAZA_X is unknown"},
		{"no number", "", []string{url}, app.ExitUsage, "missing flags: --users=N"},
		{"nobody", "--users 0", []string{url}, app.ExitFailure, "users must be 1 to"},
		{
			"no database", "--users 1",
			[]string{"PLAZA_DATABASE_URL=postgres://127.0.0.1:1/x"},
			app.ExitFailure, "error: migrate: connect",
		},
		{"no directory", "--users 1", []string{"PLAZA_DATA_DIR=/dev/null"}, app.ExitFailure, "embedded database"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := call(t, test.environ, append([]string{"seed"}, strings.Fields(test.arguments)...)...)
			assert.Equal(t, test.code, code)
			assert.Contains(t, stderr, test.want)
			assert.Empty(t, stdout)
		})
	}
}

func TestMockRefusesWhatItCannotServe(t *testing.T) {
	t.Parallel()
	for arguments, want := range map[string]struct {
		code int
		text string
	}{
		"none.yaml":                          {app.ExitFailure, "none.yaml: no such file"},
		"main.go":                            {app.ExitFailure, "main.go:16:1: "},
		"--latency 7":                        {app.ExitUsage, "must be a time, as 200ms, or two, as 100ms..800ms"},
		"../../openapi.yaml --addr 10.0.0.1": {app.ExitFailure, "listening"},
	} {
		code, _, stderr := call(t, nil, append([]string{"mock"}, strings.Fields(arguments)...)...)
		assert.Equal(t, want.code, code, arguments)
		assert.Contains(t, stderr, want.text, arguments)
	}
}

func TestHelpShowsExamples(t *testing.T) {
	t.Parallel()
	code, stdout, _ := call(t, nil, "--help")
	assert.Equal(t, app.ExitOK, code)
	assert.Contains(t, stdout, "plazadev seed --users 1000 ")
	code, stdout, _ = call(t, nil, "seed", "--help")
	assert.Equal(t, app.ExitOK, code)
	assert.Contains(t, stdout, "plazadev seed --users 1000000 --seed 7")
	code, stdout, _ = call(t, nil, "mock", "--help")
	assert.Equal(t, app.ExitOK, code)
	assert.Contains(t, stdout, "plazadev mock --addr :8080 --latency 100ms..800ms")
}

func call(t *testing.T, environ []string, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(&app.Process{Args: arguments, Environ: environ, Stdout: &out, Stderr: &err})
	return code, out.String(), err.String()
}
