package testkit

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/redis"
)

// redisScript runs a server until its own input ends, which is when the test process does, however that ends. It says
// the server's process id first.
const redisScript = `sh -c 'echo $$; exec "$@"' sh "$@" & read -r _; kill -KILL $!; wait $! 2>/dev/null`

// RedisServer is a Redis or Valkey server of a test's own, which keeps nothing.
type RedisServer struct {
	// URL stays the same over a restart.
	URL string

	t       testing.TB
	program string
	dir     string
	port    string // 0: no TCP
	command *exec.Cmd
	input   io.Closer
	pid     int
}

// Redis returns the URL of an empty Redis that no other test uses.
func Redis(t testing.TB) string {
	t.Helper()
	return NewRedisServer(t).URL
}

// NewRedisServer starts a server, which is killed after the test if not before. The test fails where neither
// redis-server nor valkey-server is installed.
func NewRedisServer(t testing.TB) *RedisServer {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		program, err = exec.LookPath("valkey-server")
	}
	require.NoError(t, err, "tests need Redis or Valkey")
	// Not the test's own directory: its name may be longer than that of a socket may be.
	dir, err := os.MkdirTemp("", "plaza-redis-") //nolint:usetesting // as said
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })

	socket := filepath.Join(dir, "socket")
	server := &RedisServer{URL: "unix://" + socket, t: t, program: program, dir: dir, port: "0"}
	server.Start()
	t.Cleanup(server.Kill)
	return server
}

// Proxied makes the server listen on TCP too, and returns a proxy in front of that, and the URL that leads through it.
func (s *RedisServer) Proxied() (url string, proxy *Proxy) {
	s.t.Helper()
	if s.port == "0" {
		s.Kill()
		_, port, err := net.SplitHostPort(freeAddress(s.t))
		require.NoError(s.t, err)
		s.port = port
		s.Start()
	}
	proxy = NewProxy(s.t, net.JoinHostPort("127.0.0.1", s.port))
	return "redis://" + proxy.Address, proxy
}

// Start starts the server again after Kill, empty.
func (s *RedisServer) Start() {
	s.t.Helper()
	//nolint:noctx // it lives until it is killed
	s.command = exec.Command("/bin/sh", "-c", redisScript, "sh", s.program, "--port", s.port, "--bind", "127.0.0.1",
		"--unixsocket", filepath.Join(s.dir, "socket"), "--dir", s.dir, "--save", "", "--appendonly", "no")
	input, err := s.command.StdinPipe()
	require.NoError(s.t, err)
	output, err := s.command.StdoutPipe()
	require.NoError(s.t, err)
	require.NoError(s.t, s.command.Start())
	s.input = input

	lines := bufio.NewReader(output)
	_, err = fmt.Fscanln(lines, &s.pid)
	require.NoError(s.t, err, "the server's process id")
	require.NoError(s.t, awaitRedis(lines))
	// What it says from now on goes nowhere, and does not hurt it.
	require.NoError(s.t, output.Close())
}

// awaitRedis reads what a server says until it says that it is ready.
func awaitRedis(lines *bufio.Reader) error {
	var said strings.Builder
	for {
		line, err := lines.ReadString('\n')
		said.WriteString(line)
		if err != nil {
			return fmt.Errorf("the server did not start: %w\n%s", err, said.String())
		}
		if strings.Contains(line, "eady to accept connections") {
			return nil
		}
	}
}

// Kill ends the server as kill -9 does; when it returns, the process is gone. A killed server stays killed.
func (s *RedisServer) Kill() {
	s.t.Helper()
	if s.command == nil {
		return
	}
	require.NoError(s.t, s.input.Close())
	if err := s.command.Wait(); err != nil {
		_, ended := errors.AsType[*exec.ExitError](err)
		require.True(s.t, ended, "waiting for the server: %v", err)
	}
	s.command = nil
}

// Stall stops the server's process: connections stay open, and nothing answers.
func (s *RedisServer) Stall() {
	s.t.Helper()
	require.NoError(s.t, syscall.Kill(s.pid, syscall.SIGSTOP))
}

// Resume lets a stalled server go on.
func (s *RedisServer) Resume() {
	s.t.Helper()
	require.NoError(s.t, syscall.Kill(s.pid, syscall.SIGCONT))
}

// Flush deletes all that the server has.
func (s *RedisServer) Flush() {
	s.t.Helper()
	client, err := redis.Open(s.t.Context(), s.URL, redis.Watch{})
	require.NoError(s.t, err)
	defer client.Close()
	require.NoError(s.t, client.Do(s.t.Context(), client.B().Flushall().Build()).Error())
}
