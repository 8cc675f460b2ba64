package check

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// shownCommit is how much is said of the hash of a commit.
const shownCommit = 12

// Base is what the tree is compared with.
type Base struct {
	// Name is the revision as it was given, or the tag.
	Name string
	// Files are contract, schema and queries as they were then; of a file that was given as the base, the contract alone.
	Files fs.FS
}

// Contract reads the contract as it was.
func (b *Base) Contract(file string) (*Source, error) {
	text, err := fs.ReadFile(b.Files, file)
	if err != nil {
		return nil, fmt.Errorf("the contract of %s: %w", b.Name, err)
	}
	source, err := ReadSource(file, text)
	if err != nil {
		return nil, fmt.Errorf("the contract of %s: %s", b.Name, err.Error())
	}
	return source, nil
}

// Base returns what the tree is compared with: BaseRevision; else on a branch its merge base with main; else the last
// tag of a release, v1.2.3. It is nil where nothing has been released yet.
func (p *Project) Base(ctx context.Context) (*Base, error) {
	if p.base == nil {
		base, err := p.readBase(ctx)
		p.base = &looked[*Base]{base, err}
	}
	return p.base.value, p.base.err
}

func (p *Project) readBase(ctx context.Context) (*Base, error) {
	name := p.BaseRevision
	if name == "" {
		name = p.defaultBase(ctx)
	}
	if name == "" {
		return nil, nil //nolint:nilnil // there is nothing to compare with
	}
	revision, err := p.git(ctx, "rev-parse", "--verify", "--quiet", name+"^{commit}")
	if info, failed := os.Stat(p.BaseRevision); err != nil && failed == nil && !info.IsDir() {
		return p.baseOfFile() // a file that has the name of a revision is none to compare with: a change may bring it
	}
	if err != nil {
		return nil, fmt.Errorf("there is no revision %s", name)
	}
	files, err := p.extract(ctx, strings.TrimSpace(string(revision)))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return &Base{Name: name, Files: files}, nil
}

// baseOfFile puts the file that is compared with where the contract stands in a tree.
func (p *Project) baseOfFile() (*Base, error) {
	text, err := os.ReadFile(p.BaseRevision)
	if err != nil {
		return nil, fmt.Errorf("the base: %w", err)
	}
	folder, err := p.Scratch("base")
	if err != nil {
		return nil, err
	}
	if err := write(filepath.Join(folder, filepath.FromSlash(p.ContractFile)), bytes.NewReader(text)); err != nil {
		return nil, err
	}
	return &Base{Name: p.BaseRevision, Files: os.DirFS(folder)}, nil
}

// defaultBase is the merge base with main on another branch than that, else the last tag of a release; empty where
// there is none: nothing is released yet, or git does not know the tree, as where it was unpacked from an archive.
func (p *Project) defaultBase(ctx context.Context) string {
	branch, err := p.git(ctx, "rev-parse", "--abbrev-ref", "HEAD")
	if err != nil {
		return ""
	}
	if name := strings.TrimSpace(string(branch)); name != "main" && name != "HEAD" {
		for _, trunk := range []string{"main", "origin/main"} {
			if common, err := p.git(ctx, "merge-base", "HEAD", trunk); err == nil {
				return string(common)[:shownCommit]
			}
		}
	}
	tag, err := p.git(ctx, "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(tag))
}

// extract reads what layers compare of a revision into a scratch folder.
func (p *Project) extract(ctx context.Context, revision string) (fs.FS, error) {
	folder, err := p.Scratch("base")
	if err != nil {
		return nil, err
	}
	archive, err := p.git(ctx, "archive", "--format=tar", revision, ".")
	if err != nil {
		return nil, err
	}
	reader := tar.NewReader(bytes.NewReader(archive))
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return os.DirFS(folder), nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading git's archive: %w", err)
		}
		if header.Typeflag != tar.TypeReg || !filepath.IsLocal(header.Name) || !compared(header.Name, p.ContractFile) {
			continue
		}
		target := filepath.Join(folder, header.Name) //nolint:gosec // the name is local
		if err := write(target, reader); err != nil {
			return nil, err
		}
	}
}

// compared tells whether layers compare a file with what it was.
func compared(name, contract string) bool {
	return name == contract || name == "sqlc.yaml" ||
		strings.HasPrefix(name, "schema/") || strings.HasPrefix(name, "queries/") || strings.HasPrefix(name, "gen/")
}

func write(path string, content io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("scratch: %w", err)
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("scratch: %w", err)
	}
	_, err = io.Copy(file, content)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("scratch: %w", err)
	}
	return nil
}

// git runs git in the tree, which may belong to somebody else than who runs this.
func (p *Project) git(ctx context.Context, arguments ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "safe.directory=*"}, arguments...)...)
	cmd.Dir = p.Root
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("git %s: %s", arguments[0], bytes.TrimSpace(exit.Stderr))
	}
	if err != nil {
		return nil, fmt.Errorf("git: %w", err)
	}
	return out, nil
}
