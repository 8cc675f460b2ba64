package embedded

import (
	"bytes"
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// zombie is SZOMB of <sys/proc.h>.
const zombie = 5

// allowSearch has no counterpart here; a closed directory is refused.
func allowSearch(*syscall.SysProcAttr) {}

// syncTree brings everything to the disk: there is no sync of one file system.
func syncTree(string) error {
	return unix.Sync() //nolint:wrapcheck // never fails
}

// look reads one process; false when there is none.
func look(pid int) (process, bool) {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil || int(info.Proc.P_pid) != pid {
		return process{}, false
	}
	p := process{pid: pid, dead: info.Proc.P_stat == zombie}
	// The number of arguments (4 bytes), the program's path, NULs, the arguments.
	line, err := unix.SysctlRaw("kern.procargs2", pid)
	if err != nil || len(line) < 4 {
		return p, true
	}
	if _, line, found := bytes.Cut(line[4:], []byte{0}); found {
		p.args = arguments(bytes.TrimLeft(line, "\x00"))
	}
	return p, true
}

// pids lists the processes that can be seen.
func pids() ([]int, error) {
	all, err := unix.SysctlKinfoProcSlice("kern.proc.all")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	found := make([]int, 0, len(all))
	for i := range all {
		found = append(found, int(all[i].Proc.P_pid))
	}
	return found, nil
}
