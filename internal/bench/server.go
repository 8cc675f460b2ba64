package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// server is a process of this program that serves, so that the operating system tells what it costs.
type server struct {
	name, addr    string
	admin         string // where it is profiled; empty: nowhere
	authorization string
	ready         time.Duration // from the start of the process to its address
	command       *exec.Cmd
	process       *process.Process
}

// start runs this program again with other arguments and waits for the address that it prints first. It logs to log.
func start(ctx context.Context, name string, log io.Writer, environ []string, arguments ...string) (*server, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	command := exec.CommandContext(context.WithoutCancel(ctx), program, arguments...)
	command.Env, command.Stderr = environ, log
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	begun := time.Now()
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s := &server{name: name, command: command}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s did not start: %w", name, err), command.Wait())
	}
	s.addr, s.ready = strings.TrimSpace(line), time.Since(begun)
	s.process, err = process.NewProcess(int32(command.Process.Pid)) //nolint:gosec // a process id
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), s.stop())
	}
	return s, nil
}

// stop ends the process and waits for it.
func (s *server) stop() error {
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	if err := s.command.Wait(); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return nil
}

// cpu is how much processor time the process has had.
func (s *server) cpu() (time.Duration, error) {
	times, err := s.process.Times()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.name, err)
	}
	return time.Duration((times.User + times.System) * float64(time.Second)), nil
}

// memory is how much the process holds, in bytes.
func (s *server) memory() (uint64, error) {
	info, err := s.process.MemoryInfo()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.name, err)
	}
	return info.RSS, nil
}

// profile takes a processor profile for a while, and writes it to a file; the returned function waits for that.
func (s *server) profile(ctx context.Context, name string, length time.Duration) (wait func() error) {
	done := make(chan error, 1)
	go func() { done <- s.writeProfile(ctx, name, length) }()
	return func() error { return <-done }
}

func (s *server) writeProfile(ctx context.Context, name string, length time.Duration) error {
	address := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", s.admin, max(int(length.Seconds()), 1))
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read to the end
	file, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	_, err = io.Copy(file, response.Body)
	return errors.Join(err, file.Close())
}

// freeAddress is one of this machine that nobody listens on.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}
