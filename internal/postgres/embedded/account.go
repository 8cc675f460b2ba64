package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// ErrUnreachable says that PostgreSQL's user may not use the data directory.
var ErrUnreachable = errors.New("PostgreSQL cannot use the data directory")

// account is whom PostgreSQL's programs run as.
type account struct {
	uid, gid uint32
	// other is set where that is not the current user: only root may ask for it.
	other bool
	// search is set where it needs CAP_DAC_READ_SEARCH to get to its directory.
	search bool
}

// accountFor picks the user for a cluster and sees to it that it can work there.
func accountFor(ctx context.Context, l layout, i installation) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, checkOwner(l)
	}
	a, err := unprivileged(l)
	if err != nil {
		return account{}, err
	}
	if err := a.own(l.data); err != nil {
		return account{}, err
	}
	a.search, err = a.needsSearch(ctx, l, i)
	return a, err
}

// checkOwner explains what PostgreSQL would otherwise refuse in its own words.
func checkOwner(l layout) error {
	info, err := os.Stat(l.data)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at the cluster: %w", err)
	}
	if owner, _ := ownerOf(info); int(owner) != os.Geteuid() {
		return fmt.Errorf("%w: %s belongs to the user %s, who has to run it", ErrUnreachable, l.data, userName(owner))
	}
	return nil
}

// unprivileged is the owner of the cluster that exists, else postgres, else nobody.
func unprivileged(l layout) (account, error) {
	if info, err := os.Stat(l.data); err == nil {
		if uid, gid := ownerOf(info); uid != 0 {
			return account{uid: uid, gid: gid, other: true}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(found.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(found.Gid, 10, 32)
		if uidErr == nil && gidErr == nil {
			return account{uid: uint32(uid), gid: uint32(gid), other: true}, nil
		}
	}
	return account{}, fmt.Errorf("%w: it refuses to run as root, and there is neither a user postgres nor nobody",
		ErrUnreachable)
}

// needsSearch tries the way to the directory, because modes alone do not tell
// (access lists, containers without the capability).
//
// A program does it, since a capability that is handed on has its effect only after
// exec: exec.Cmd.Dir is entered before that, and access(2) never heeds it.
func (a account) needsSearch(ctx context.Context, l layout, i installation) (bool, error) {
	if a.try(ctx, l, i) == nil {
		return false, nil
	}
	a.search = true
	err := a.try(ctx, l, i)
	if err == nil {
		return true, nil
	}
	return false, fmt.Errorf("%w: it refuses to run as root, and as %s it cannot enter %s; choose another directory "+
		"(PLAZA_DATA_DIR=/var/lib/plaza) or open the way to this one with chmod o+x: %w",
		ErrUnreachable, userName(a.uid), l.home, err)
}

func (a account) try(ctx context.Context, l layout, i installation) error {
	return run(a.command(ctx, "/bin/sh", "-c", `cd -- "$1" && exec "$2" --version`,
		"sh", l.home, i.program("postgres")))
}

// command prepares a program of PostgreSQL: as this user, in a session of its own so
// that a terminal's Ctrl-C goes past it, with nothing of our environment that could
// change or learn anything. Its end by ctx takes its children along.
func (a account) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/" // ours may be closed to it
	cmd.Env = []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"} {
		if value, set := os.LookupEnv(name); set {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if a.other {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
		if a.search {
			allowSearch(cmd.SysProcAttr)
		}
	}
	return cmd
}

// own gives the tree at path to the account unless somebody else than root has it,
// as after a copy that did not keep owners.
func (a account) own(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) || !a.other {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	if uid, _ := ownerOf(info); uid == a.uid {
		return nil
	}
	tree, err := os.OpenRoot(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { _ = tree.Close() }()
	err = fs.WalkDir(tree.FS(), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return tree.Lchown(name, int(a.uid), int(a.gid))
	})
	if err != nil {
		return fmt.Errorf("give %s to %s: %w", path, userName(a.uid), err)
	}
	return nil
}

// id is the user that the account's programs run as.
func (a account) id() uint32 {
	if a.other {
		return a.uid
	}
	return effectiveUser()
}

func effectiveUser() uint32 {
	return uint32(os.Geteuid()) //nolint:gosec // the system's own type has 32 bits
}

func ownerOf(info os.FileInfo) (uid, gid uint32) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0
	}
	return stat.Uid, stat.Gid
}

func userName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if found, err := user.LookupId(id); err == nil {
		return found.Username
	}
	return id
}
