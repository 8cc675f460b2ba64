package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// create makes the cluster with its database. It works under a name of its own, so
// that an initdb that outlived its killed parent harms nobody, and gives it the
// final name when all of it is on the disk.
func create(ctx context.Context, l layout, i installation, a account) error {
	l.removeDrafts()
	draft, err := os.MkdirTemp(l.home, "data.new-")
	if err != nil {
		return fmt.Errorf("make the cluster's directory: %w", err)
	}
	defer func() { _ = os.RemoveAll(draft) }()
	if err := a.own(draft); err != nil {
		return err
	}
	if err := initialize(ctx, draft, i, a); err != nil {
		return err
	}
	if err := syncTree(draft); err != nil {
		return err
	}
	if err := os.Rename(draft, l.data); err != nil {
		return fmt.Errorf("finish the cluster: %w", err)
	}
	return syncDirectory(l.home)
}

func initialize(ctx context.Context, draft string, i installation, a account) error {
	// The C collation orders the same on every machine and in every version.
	err := run(a.command(ctx, i.program("initdb"), "--pgdata="+draft,
		"--username="+superuser, "--encoding=UTF8", "--locale=C",
		"--auth-local=trust", "--auth-host=reject", "--no-sync", "--no-instructions"))
	if err != nil {
		return fmt.Errorf("initdb: %w", err)
	}
	single := a.command(ctx, i.program("postgres"), "--single", "-F", "-D", draft,
		"-c", "exit_on_error=on", "-c", "log_checkpoints=off", superuser)
	single.Stdin = strings.NewReader("CREATE DATABASE " + Database + " STRATEGY FILE_COPY\n")
	if err := run(single); err != nil {
		return fmt.Errorf("create database %s: %w", Database, err)
	}
	return nil
}

// run adds what the program said to the error of its end.
func run(cmd *exec.Cmd) error {
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(said.Bytes()))
	}
	return nil
}

// removeDrafts removes what killed starts left. One that cannot be removed is
// retried by the next creation.
func (l layout) removeDrafts() {
	drafts, _ := filepath.Glob(filepath.Join(l.home, "data.new-*"))
	for _, draft := range drafts {
		_ = os.RemoveAll(draft)
	}
}

func syncDirectory(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// makeSocketDirectory makes the directory that guards the socket. Its name in /tmp
// can be foreseen, so one that somebody else owns or may enter is refused.
func makeSocketDirectory(l layout, a account) error {
	if err := os.Mkdir(l.socket, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("make the socket's directory: %w", err)
	}
	info, err := os.Lstat(l.socket)
	if err != nil {
		return fmt.Errorf("look at the socket's directory: %w", err)
	}
	uid, _ := ownerOf(info)
	mine := uid == a.id() || uid == effectiveUser()
	if !info.IsDir() || !mine || info.Mode().Perm() != 0o700 {
		return fmt.Errorf("%w: %s has to be a directory of mode 0700 of the user %s; remove it",
			ErrUnreachable, l.socket, userName(a.id()))
	}
	return a.own(l.socket)
}
