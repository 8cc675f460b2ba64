// Generate writes what the SDKs have of each operation, from the contract and the templates beside it.
//
//	generate CONTRACT DIRECTORY
//
// writes below DIRECTORY, which is gen/ or one like it.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		// A line for each fault, as other generators have it: plazadev check generated tells them where they are.
		for fault := range strings.SplitSeq(err.Error(), "\n") {
			fmt.Fprintln(os.Stderr, "generate:", fault)
		}
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 2 {
		return errors.New("usage: generate CONTRACT DIRECTORY")
	}
	source, err := os.ReadFile(arguments[0]) //nolint:gosec // whoever calls this says which
	if err != nil {
		return fmt.Errorf("reading the contract: %w", err)
	}
	m, err := load(source)
	if err != nil {
		return err
	}
	return errors.Join(writeTypeScript(m, arguments[1]), writeGo(m, arguments[1]), writeSamples(m, arguments[1]))
}
