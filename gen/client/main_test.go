package plaza_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestMain runs the examples on a server, in a data directory of its own. PLAZA_PROGRAM names the program.
func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the examples:", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	ctx := context.Background()
	program := os.Getenv("PLAZA_PROGRAM")
	if program == "" {
		return 0, errors.New("PLAZA_PROGRAM names no program: make client builds it and runs them")
	}
	directory, err := os.MkdirTemp("", "plaza-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()
	address, err := freeAddress(ctx)
	if err != nil {
		return 0, err
	}
	ours := func(variable string) bool { return strings.HasPrefix(variable, "PLAZA_") }
	environment := append(slices.DeleteFunc(os.Environ(), ours),
		"PLAZA_DATA_DIR="+directory, "PLAZA_HTTP_ADDR="+address, "PLAZA_ADMIN_ADDR=off")

	var log strings.Builder
	server := exec.CommandContext(ctx, program, "serve")
	server.Env, server.Stderr = environment, &log
	output, err := server.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := server.Start(); err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(output)
	for ready := false; !ready && lines.Scan(); {
		ready = strings.Contains(lines.Text(), "is ready")
	}
	defer func() {
		stopped := errors.Join(server.Process.Signal(syscall.SIGTERM), server.Wait())
		if err = errors.Join(err, stopped); err != nil {
			err = fmt.Errorf("%w\n%s", err, log.String())
		}
	}()

	ask := exec.CommandContext(ctx, program, "token")
	ask.Env = environment
	token, err := ask.Output()
	if err != nil {
		return 0, fmt.Errorf("plaza token: %w", err)
	}
	err = errors.Join(os.Setenv("PLAZA_URL", "http://"+address),
		os.Setenv("PLAZA_TOKEN", strings.TrimSpace(string(token))))
	if err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// freeAddress is one of this machine that nobody listens on.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
