package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// statusLine is the line of postmaster.pid, from 0, that tells how far the server is.
const statusLine = 7

// process is what can be seen of one from outside.
type process struct {
	pid  int
	dead bool // a zombie: its parent has not asked for its end
	args []string
	dir  string // empty where it cannot be seen
}

// arguments splits what the kernel shows of a command line.
func arguments(line []byte) []string {
	var args []string
	for arg := range bytes.SplitSeq(line, []byte{0}) {
		args = append(args, string(arg))
	}
	return args
}

// postmasterOf reports whether p is a live postmaster of the cluster. A pid alone
// proves nothing: after a crash or a reboot it may be anybody's.
func (p process) postmasterOf(l layout) bool {
	if p.dead || len(p.args) == 0 || filepath.Base(p.args[0]) != "postgres" {
		return false
	}
	flag := slices.Index(p.args, "-D")
	return p.dir == l.data || flag > 0 && flag+1 < len(p.args) && p.args[flag+1] == l.data
}

// childOf reports whether p is a live process of the cluster's postmaster; those
// title themselves "postgres: <cluster name>: …".
func (p process) childOf(l layout) bool {
	if p.dead || len(p.args) == 0 || !strings.HasPrefix(p.args[0], "postgres: ") {
		return false
	}
	return p.dir == l.data || strings.HasPrefix(p.args[0], "postgres: "+l.name+": ")
}

// postmaster finds the live postmaster that postmaster.pid names, and whether it
// accepts connections; pid 0 when there is none.
func (l layout) postmaster() (pid int, ready bool, err error) {
	text, err := os.ReadFile(l.pidFile())
	if errors.Is(err, os.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read the server's state: %w", err)
	}
	lines := strings.Split(string(text), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 0 || !l.serves(pid) {
		return 0, false, nil //nolint:nilerr // a torn file is a stale one
	}
	return pid, len(lines) > statusLine && strings.TrimSpace(lines[statusLine]) == "ready", nil
}

// serves reports whether pid is a live postmaster of the cluster.
func (l layout) serves(pid int) bool {
	p, found := look(pid)
	return found && p.postmasterOf(l)
}

// answers reports whether somebody serves the socket. A postmaster that is being
// killed still looks alive, and its socket still accepts, for a moment. Whether it
// speaks TLS (SSLRequest in PostgreSQL's protocol) may be asked without signing in.
func (l layout) answers(ctx context.Context) bool {
	dialer := net.Dialer{Timeout: hardStop}
	conn, err := dialer.DialContext(ctx, "unix", l.socketFile())
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(hardStop)); err != nil {
		return false
	}
	sslRequest := []byte{0, 0, 0, 8, 4, 210, 22, 47}
	if _, err := conn.Write(sslRequest); err != nil {
		return false
	}
	_, err = io.ReadFull(conn, make([]byte, 1))
	return err == nil
}

// leftovers lists the cluster's live processes.
func (l layout) leftovers() ([]process, error) {
	all, err := pids()
	if err != nil {
		return nil, err
	}
	var found []process
	for _, pid := range all {
		if p, ok := look(pid); ok && (p.postmasterOf(l) || p.childOf(l)) {
			found = append(found, p)
		}
	}
	return found, nil
}

// signal tells a process to end; one that is gone already has obeyed.
func signal(pid int, sig syscall.Signal) error {
	if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("signal process %d: %w", pid, err)
	}
	return nil
}
