package check

import (
	"os"
	"path/filepath"
	"strings"
)

// WriteRecord leaves in a project what tests leave that see all of its contract but what is marked.
func WriteRecord(root string) error {
	p, err := Open(root)
	if err != nil {
		return err
	}
	source, err := p.Contract()
	if err != nil {
		return err
	}
	var facts strings.Builder
	for _, thing := range coverable(source.Document) {
		if thing.mark == "" {
			facts.WriteString(thing.fact + "\n")
		}
	}
	if err := os.MkdirAll(p.Path(p.Record), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(p.Path(p.Record), "1.txt"), []byte(facts.String()), 0o644)
}
