package check

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Project is the tree that is checked, and what its layers share. Each part is made when a layer first asks for it.
// It is used by one goroutine at a time.
type Project struct {
	// Root is the folder of the contract; absolute.
	Root string
	// ContractFile is the contract's path below Root, with slashes: openapi.yaml.
	ContractFile string
	// BaseRevision is the git revision, or the file of a contract, to compare with; empty: see Base.
	BaseRevision string
	// Record is the folder of the contract coverage that make test leaves, below Root.
	Record string
	// ServerURL is a PostgreSQL server whose user may create databases; empty: a private one is started when a layer
	// first needs it.
	ServerURL string
	// Now is the clock.
	Now func() time.Time

	source  *looked[*Source]
	base    *looked[*Base]
	scratch string
	closers []func() error
	// Scratch databases: how many were made, what tells them from those of other processes, and those to copy, by the
	// hash of their migrations.
	databases int
	token     string
	private   bool // the server is this project's own
	migrated  map[string]string
}

// looked is what came of looking once.
type looked[T any] struct {
	value T
	err   error
}

// Open makes a project of a folder, with what plazadev check takes by default.
func Open(root string) (*Project, error) {
	absolute, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", root, err)
	}
	return &Project{
		Root: absolute, ContractFile: "openapi.yaml", Record: ".build/contract-coverage",
		Now: time.Now, token: strings.ToLower(rand.Text()), migrated: map[string]string{},
	}, nil
}

// Reset forgets what was read of the contract, so that it is read again.
func (p *Project) Reset() { p.source = nil }

// Close removes what the layers left in scratch.
func (p *Project) Close() error {
	var errs []error
	for _, end := range slices.Backward(p.closers) {
		errs = append(errs, end())
	}
	p.closers = nil
	return errors.Join(errs...)
}

// Contract returns the contract as it stands in the tree. Its error is a [*Faulty] where it cannot be read.
func (p *Project) Contract() (*Source, error) {
	if p.source == nil {
		source, err := p.readSource()
		p.source = &looked[*Source]{source, err}
	}
	return p.source.value, p.source.err
}

func (p *Project) readSource() (*Source, error) {
	text, err := os.ReadFile(p.Path(p.ContractFile))
	if err != nil {
		return nil, fmt.Errorf("reading the contract: %w", err)
	}
	return ReadSource(p.ContractFile, text)
}

// Files is the tree.
func (p *Project) Files() fs.FS { return os.DirFS(p.Root) }

// Path returns a path of the tree, which is given with slashes, as the operating system takes it.
func (p *Project) Path(name string) string { return filepath.Join(p.Root, filepath.FromSlash(name)) }

// place returns line and column of a pointer into the contract, or of the nearest parent that is there.
func (p *Project) place(pointer string) (line, column int) {
	source, err := p.Contract()
	if err != nil {
		return 0, 0
	}
	return source.Place(pointer)
}
