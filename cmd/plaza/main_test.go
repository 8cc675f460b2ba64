package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestHelpShowsExamplesAndVariables(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ arguments, want string }{
		{"--help", "plaza serve --help"},
		{"serve --help", "PLAZA_DATABASE_URL"},
		{"serve --help", "PLAZA_HTTP_ADDR=:9000 plaza serve"},
		{"migrate --help", "plaza migrate status"},
	} {
		code, stdout, stderr := call(t, nil, strings.Fields(test.arguments)...)
		assert.Equal(t, app.ExitOK, code, test.arguments)
		assert.Contains(t, stdout, test.want)
		assert.Empty(t, stderr)
	}
}

func TestVersionTellsWhatTheProgramWasBuiltFrom(t *testing.T) {
	t.Parallel()
	code, stdout, _ := call(t, nil, "version")
	assert.Equal(t, app.ExitOK, code)
	assert.Regexp(t, `(?m)^contract  [0-9.]+\+[0-9a-f]{12}$`, stdout)
	assert.Regexp(t, `(?m)^go        go1\.`, stdout)
}

func TestWrongUseHasAnExitCodeOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, arguments, variable, want string
		code                            int
	}{
		{"no command", "", "", "error: expected one of", app.ExitUsage},
		{"an unknown command", "dance", "", "error: unexpected argument dance (--help tells more)", app.ExitUsage},
		{"an unknown variable", "serve", "PLAZA_DOC=on", "did you mean PLAZA_DOCS?", app.ExitUsage},
		{"an unusable variable", "migrate up", "PLAZA_ENV=test", "must be development or production", app.ExitUsage},
		{"no server", "serve", "PLAZA_DATABASE_URL=postgres://127.0.0.1:1/x", "error: database: ", app.ExitFailure},
		{"a bad directory", "migrate status", "PLAZA_DATA_DIR=/dev/null", "error: embedded database: ", app.ExitFailure},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := call(t, []string{test.variable}, strings.Fields(test.arguments)...)
			assert.Equal(t, test.code, code)
			assert.Contains(t, stderr, test.want)
			assert.Empty(t, stdout)
		})
	}
}

func TestMigrateGoesUpAndDownAndTellsWhereItIs(t *testing.T) {
	t.Parallel()
	environ := []string{"PLAZA_DATABASE_URL=" + testkit.EmptyURL(t)}
	for _, step := range []struct {
		arguments, want string
		code            int
	}{
		{"migrate status", `^0001_users +pending\n`, app.ExitOK},
		{"migrate down", `^$`, app.ExitFailure},
		{"migrate up", `^applied  0001_users\n`, app.ExitOK},
		{"migrate up", `^nothing to do: the schema is up to date\n$`, app.ExitOK},
		{"migrate status", `^0001_users +applied \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n`, app.ExitOK},
		{"migrate down", `^undone  \d{4}_\w+\n$`, app.ExitOK},
		{"migrate status", `^0001_users +applied(.*\n)+\w+ +pending\n$`, app.ExitOK},
	} {
		code, stdout, stderr := call(t, environ, strings.Fields(step.arguments)...)
		require.Equal(t, step.code, code, stderr)
		require.Regexp(t, step.want, stdout, step.arguments)
	}
}

func TestServe(t *testing.T) {
	t.Parallel()
	program := build(t)
	t.Run("stops in order on a signal, and survives being killed", func(t *testing.T) {
		t.Parallel()
		survivesBeingKilled(t, program)
	})
	t.Run("does not wait after a second signal", func(t *testing.T) {
		t.Parallel()
		secondSignal(t, program)
	})
}

func survivesBeingKilled(t *testing.T, program string) {
	t.Helper()
	directory := t.TempDir()
	first := startServer(t, program, directory)
	first.create(t).Is(http.StatusCreated)
	require.NoError(t, first.cmd.Process.Signal(syscall.SIGKILL))
	require.Error(t, first.cmd.Wait())

	second := startServer(t, program, directory)
	second.create(t).Is(http.StatusConflict)
	require.NoError(t, second.cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, second.cmd.Wait(), "it exits with 0")
	assert.Contains(t, second.out.String(), "PostgreSQL stopped")
}

func secondSignal(t *testing.T, program string) {
	t.Helper()
	s := startServer(t, program, t.TempDir())
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, "POST /users HTTP/1.1\r\nHost: plaza\r\nContent-Type: application/json\r\n"+
		"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n")
	require.NoError(t, err)
	line, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 100 Continue\r\n", line, "the request is in flight")

	ended := make(chan error, 1)
	go func() { ended <- s.cmd.Wait() }()
	require.NoError(t, s.cmd.Process.Signal(syscall.SIGINT))
	require.Eventually(t, func() bool { return strings.Contains(s.out.String(), "msg=stopping") },
		time.Minute, time.Millisecond)
	require.Eventually(t, func() bool {
		_ = s.cmd.Process.Signal(syscall.SIGINT) // fails when it has ended
		select {
		case err := <-ended:
			return assert.EqualError(t, err, "signal: interrupt")
		default:
			return false
		}
	}, 10*time.Second, time.Millisecond)
	stopOrphan(t, s)
}

// call runs a command in this process.
func call(t *testing.T, environ []string, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(&app.Process{Args: arguments, Environ: environ, Stdout: &out, Stderr: &err})
	return code, out.String(), err.String()
}

// server is plaza serve in a process of its own.
type server struct {
	directory string
	cmd       *exec.Cmd
	out       *testkit.Log
	url       string
}

func startServer(t *testing.T, program, directory string) *server {
	t.Helper()
	s := &server{directory: directory, out: &testkit.Log{}}
	s.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), program, "serve")
	s.cmd.Env = append(os.Environ(), "PLAZA_DATA_DIR="+directory, "PLAZA_HTTP_ADDR=127.0.0.1:0",
		"PLAZA_ADMIN_ADDR=off", "PLAZA_RATE_LIMITS=off")
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	require.NoError(t, s.cmd.Start())
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	address := regexp.MustCompile(`API +(http://\S+)`)
	require.Eventually(t, func() bool {
		if match := address.FindStringSubmatch(s.out.String()); match != nil {
			s.url = match[1]
		}
		return s.url != ""
	}, time.Minute, time.Millisecond, "it does not say where it is")
	return s
}

func (s *server) create(t *testing.T) *testkit.Answer {
	t.Helper()
	return testkit.NewClient(t, s.url).Post("/users", `{"name": "ann lee", "email": "ann@example.com", "age": 34}`)
}

// admin is a client that is signed in, by the token that the command prints.
func (s *server) admin(t *testing.T) *testkit.Client {
	t.Helper()
	code, stdout, stderr := call(t, []string{"PLAZA_DATA_DIR=" + s.directory, "PLAZA_HTTP_ADDR=127.0.0.1:0"}, "token")
	require.Equal(t, app.ExitOK, code, stderr)
	return testkit.NewClient(t, s.url).As(strings.TrimSpace(stdout))
}

// stopOrphan adopts the PostgreSQL that a killed server left, and stops it by leaving.
func stopOrphan(t *testing.T, s *server) {
	t.Helper()
	code, _, stderr := call(t, []string{"PLAZA_DATA_DIR=" + s.directory}, "migrate", "status")
	require.Equal(t, app.ExitOK, code)
	require.Contains(t, stderr, "PostgreSQL stopped")
}

// build makes the program, counting coverage where the tests are asked to.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "plaza")
	arguments := []string{"build", "-o", program}
	if os.Getenv("GOCOVERDIR") != "" {
		const module = "github.com/plaza-api/plaza"
		arguments = append(arguments, "-cover", "-covermode=atomic", "-coverpkg="+module+"/cmd/...,"+module+"/internal/...")
	}
	output, err := exec.CommandContext(t.Context(), "go", append(arguments, ".")...).CombinedOutput()
	require.NoError(t, err, string(output))
	return program
}
