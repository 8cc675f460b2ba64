package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const ann = `{"name": "ann lee", "email": "ann@example.com", "age": 34}`

func TestTheWholeProgramStartsFromNothingStopsAndKeepsWhatItWasTold(t *testing.T) { //nolint:paralleltest // goleak
	leaks := goleak.IgnoreCurrent()
	config := app.Config{Environment: app.Development, HTTPAddr: "127.0.0.1:0", DataDir: t.TempDir(), Docs: true}

	first := start(t, config)
	first.call(t, http.MethodPost, "/users", ann).Is(http.StatusCreated)
	require.NoError(t, first.stop(t))
	welcome := first.stdout.String()
	assert.Contains(t, welcome, "is ready.\n")
	assert.Contains(t, welcome, "  API   http://"+first.addr+"\n")
	assert.Contains(t, welcome, "  Docs  http://"+first.addr+"/docs\n")
	assert.Contains(t, welcome, "  Data  "+config.DataDir+" (embedded PostgreSQL)\n")
	assert.Contains(t, welcome, "curl http://"+first.addr+"/users ")
	assert.Contains(t, welcome, "admin@plaza.example, who signs in from the client plaza-console (plaza mail prints the code)")
	assert.Contains(t, first.log.String(), "PostgreSQL stopped")

	second := start(t, config)
	second.token = adminToken(t, config)
	assert.Contains(t, string(second.call(t, http.MethodGet, "/users/2", nil).Is(http.StatusOK).Body), `"Ann Lee"`)
	second.call(t, http.MethodGet, "/readyz", nil).Is(http.StatusOK)
	require.NoError(t, second.stop(t))
	goleak.VerifyNone(t, leaks)
}

func TestInProductionADatabaseElsewhereIsNotMigratedAtStart(t *testing.T) {
	t.Parallel()
	config := app.Config{
		Environment: app.Production, HTTPAddr: "127.0.0.1:0", DatabaseURL: testkit.EmptyURL(t),
		OIDCIssuer: provider(t), OIDCAudience: "plaza",
	}
	err := fail(t, config)
	require.ErrorContains(t, err, "database: the database lacks 0001_users")
	require.ErrorContains(t, err, "run plaza migrate up")

	require.NoError(t, app.MigrateUp(t.Context(), config, io.Discard, app.NewLog(io.Discard, app.Production)))
	p := start(t, config)
	p.call(t, http.MethodGet, "/docs", nil).Is(http.StatusNotFound)
	require.NoError(t, p.stop(t))
	assert.Empty(t, p.stdout.String(), "a container's output is its log")
	assert.Contains(t, p.log.String(), `"msg":"serving","address":"`+p.addr+`"`)
}

func TestTheStartNamesWhatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	for _, test := range []struct {
		name   string
		config app.Config
		want   string
	}{
		{"the database", app.Config{DatabaseURL: "postgres://127.0.0.1:1/nowhere"}, "database: migrate: connect: "},
		{"the database in production", app.Config{
			Environment: app.Production, DatabaseURL: "postgres://127.0.0.1:1/nowhere", OIDCIssuer: "https://id.example",
		}, "database: migrate: read what is applied: "},
		{"the address", app.Config{
			DatabaseURL: testkit.URL(t), HTTPAddr: taken.Addr().String(),
		}, "PLAZA_HTTP_ADDR: listen tcp"},
		{"the address of metrics", app.Config{
			DatabaseURL: testkit.URL(t), HTTPAddr: "127.0.0.1:0", AdminAddr: taken.Addr().String(),
		}, "PLAZA_ADMIN_ADDR: listen tcp"},
		{"Redis", app.Config{
			DatabaseURL: testkit.URL(t), HTTPAddr: "127.0.0.1:0", RedisURL: "redis://127.0.0.1:1",
		}, "PLAZA_REDIS_URL: redis: "},
		{"the data directory", app.Config{DataDir: "/dev/null"}, "embedded database: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, fail(t, test.config), test.want)
		})
	}
}

func TestARequestInFlightIsAnsweredAfterTheSignalToStop(t *testing.T) {
	t.Parallel()
	p := start(t, app.Config{HTTPAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t)})
	conn, answers := p.begin(t)

	p.cancel()
	p.waitForStopping(t)
	_, err := io.WriteString(conn, ann)
	require.NoError(t, err)
	answer, err := http.ReadResponse(answers, nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	assert.Equal(t, http.StatusCreated, answer.StatusCode)
	require.NoError(t, p.stop(t))
}

func TestItSaysThatItIsNotReadyBeforeItTakesNoMore(t *testing.T) {
	t.Parallel()
	p := start(t, app.Config{HTTPAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t)}, func(o *app.Options) {
		o.Notice = 2 * time.Second
	})
	p.call(t, http.MethodGet, "/readyz", nil).Is(http.StatusOK)
	p.cancel()
	p.waitForStopping(t)
	p.call(t, http.MethodGet, "/healthz", nil).Is(http.StatusOK)
	answer := p.call(t, http.MethodGet, "/readyz", nil).Is(http.StatusServiceUnavailable)
	assert.Equal(t, "The server is stopping", answer.JSON("detail"))
	require.NoError(t, p.stop(t))
}

func TestARequestThatTakesTooLongIsCutOff(t *testing.T) {
	t.Parallel()
	p := start(t, app.Config{HTTPAddr: "127.0.0.1:0", DatabaseURL: testkit.URL(t)}, func(o *app.Options) {
		o.Grace = time.Millisecond
	})
	_, answers := p.begin(t)

	require.NoError(t, p.stop(t))
	assert.Contains(t, p.log.String(), "requests cut off")
	_, err := answers.ReadByte()
	assert.Error(t, err, "its connection is closed")
}

func TestStoppingDuringTheStartIsNoFailure(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]app.Config{
		"of the embedded server": {DataDir: t.TempDir()},
		"of the rest":            {DatabaseURL: testkit.URL(t)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			var log testkit.Log
			require.NoError(t, app.Run(ctx, app.Options{
				Config: config, Stdout: io.Discard, Log: app.NewLog(&log, app.Development),
				Ready: func(string) { t.Error("it says that it is ready") },
			}))
			assert.Contains(t, log.String(), "stopped before it was ready")
		})
	}
}

func TestAnAddressOnEveryInterfaceIsShownAsOneToCall(t *testing.T) {
	t.Parallel()
	p := start(t, app.Config{HTTPAddr: ":0", DatabaseURL: testkit.URL(t)})
	require.NoError(t, p.stop(t))
	_, port, err := net.SplitHostPort(p.addr)
	require.NoError(t, err)
	assert.Contains(t, p.stdout.String(), "  API   http://127.0.0.1:"+port+"\n")
	assert.Contains(t, p.stdout.String(), "  Docs  off (PLAZA_DOCS)\n")
	assert.Contains(t, p.stdout.String(), "  Data  PLAZA_DATABASE_URL\n")
}

// program is a server that runs in this process.
type program struct {
	addr, token string
	stdout, log testkit.Log
	cancel      context.CancelFunc
	done        chan error
}

func start(t *testing.T, config app.Config, change ...func(*app.Options)) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(cancel)
	if config.DataDir == "" {
		config.DataDir = t.TempDir() // for the secret key
	}
	p := &program{cancel: cancel, done: make(chan error, 1)}
	ready := make(chan string, 1)
	o := app.Options{
		Config: config, Stdout: &p.stdout, Log: app.NewLog(&p.log, config.Environment),
		Ready: func(addr string) { ready <- addr },
	}
	for _, f := range change {
		f(&o)
	}
	go func() { p.done <- app.Run(ctx, o) }()
	select {
	case p.addr = <-ready:
	case err := <-p.done:
		require.NoError(t, err, "it did not start")
	}
	return p
}

// fail runs a program that is not to start.
func fail(t *testing.T, config app.Config) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if config.DataDir == "" {
		config.DataDir = t.TempDir() // for the secret key
	}
	return app.Run(ctx, app.Options{
		Config: config, Stdout: io.Discard, Log: app.NewLog(io.Discard, config.Environment),
		Ready: func(string) { cancel() },
	})
}

func (p *program) stop(t *testing.T) error {
	t.Helper()
	p.cancel()
	select {
	case err := <-p.done:
		return err
	case <-time.After(time.Minute):
		return context.DeadlineExceeded
	}
}

// waitForStopping returns when the program has heard that it is to stop.
func (p *program) waitForStopping(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(p.log.String(), "msg=stopping") },
		10*time.Second, time.Millisecond)
}

// call speaks to the program, and leaves no connection open.
func (p *program) call(t *testing.T, method, path string, body any) *testkit.Answer {
	t.Helper()
	return testkit.NewClient(t, "http://"+p.addr).As(p.token).Send(method, path, body, "Connection", "close")
}

// begin sends a request without its body, and returns when the server waits for that.
func (p *program) begin(t *testing.T) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", p.addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "POST /users HTTP/1.1\r\nHost: plaza\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(ann))
	require.NoError(t, err)
	answers := bufio.NewReader(conn)
	line, err := answers.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 100 Continue\r\n", line)
	_, err = answers.ReadString('\n')
	require.NoError(t, err)
	return conn, answers
}
