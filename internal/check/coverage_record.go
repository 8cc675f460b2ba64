package check

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// errNoRecord says how to come by a record.
var errNoRecord = errors.New("there is no record of what tests have seen: run make test, which leaves it")

// readRecord reads what tests have seen, as JSON pointers; see testkit.Record.
//
// The record does not say of which contract it is. A pointer says all: what was added since has none, and is rightly
// told; what was taken away is asked for no more; and to reword a description, as reviewers do, makes none untrue.
func readRecord(folder string) (map[string]bool, error) {
	names, err := fs.Glob(os.DirFS(folder), "*.txt")
	if err != nil {
		return nil, fmt.Errorf("the record: %w", err)
	}
	seen := map[string]bool{}
	for _, name := range names {
		if err := readFacts(filepath.Join(folder, name), seen); err != nil {
			return nil, fmt.Errorf("the record: %w", err)
		}
	}
	if len(seen) == 0 {
		return nil, errNoRecord
	}
	return seen, nil
}

// readFacts adds the lines of one file, and what each is a part of.
func readFacts(name string, seen map[string]bool) error {
	file, err := os.Open(name)
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	defer file.Close() //nolint:errcheck // it was only read
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fact := lines.Text()
		seen[fact] = true
		if steps := Steps(fact); len(steps) > 3 && steps[0] == "paths" { // any answer is one of its operation
			seen[Pointer(steps[0], steps[1], steps[2])] = true
		}
	}
	return lines.Err()
}

// marks calls visit with every mark of the contract: where it stands, and the reason that it gives.
func (s *Source) marks(visit func(pointer, reason string)) {
	for _, node := range s.root.Content {
		visitMarks(node, "", visit)
	}
}

func visitMarks(node *yaml.Node, at string, visit func(pointer, reason string)) {
	switch node.Kind { //nolint:exhaustive // nothing is below the others; an alias is visited where it stands
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i].Value, node.Content[i+1]
			if key == keyUntested {
				visit(at+Pointer(key), value.Value)
			}
			visitMarks(value, at+Pointer(key), visit)
		}
	case yaml.SequenceNode:
		for i, item := range node.Content {
			visitMarks(item, at+Pointer(i), visit)
		}
	}
}
