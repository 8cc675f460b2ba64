package embedded

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// allowSearch lets a program that is not root's enter and read closed directories.
func allowSearch(attributes *syscall.SysProcAttr) {
	attributes.AmbientCaps = []uintptr{unix.CAP_DAC_READ_SEARCH}
}

// syncTree brings everything on path's file system to the disk.
func syncTree(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	defer func() { _ = dir.Close() }()
	if err := unix.Syncfs(int(dir.Fd())); err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return nil
}

// look reads one process; false when there is none.
func look(pid int) (process, bool) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return process{}, false
	}
	// "pid (name) state …", where the name may hold anything.
	_, rest, _ := strings.Cut(string(stat[bytes.LastIndexByte(stat, ')')+1:]), " ")
	p := process{pid: pid, dead: rest != "" && strings.ContainsRune("ZXx", rune(rest[0]))}
	line, err := os.ReadFile(filepath.Join(dir, "cmdline"))
	if err != nil {
		return process{}, false
	}
	p.args = arguments(line)
	// Closed to us where the process has another user and we lack CAP_SYS_PTRACE.
	p.dir, _ = os.Readlink(filepath.Join(dir, "cwd"))
	return p, true
}

// pids lists the processes that can be seen.
func pids() ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var found []int
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name()); err == nil {
			found = append(found, pid)
		}
	}
	return found, nil
}
