package app

import (
	"fmt"
	"io"
	"runtime/debug"
)

// WriteVersion prints what this program was built from: its own version, the contract's, and Go's.
func WriteVersion(w io.Writer) error {
	spec, err := loadContract()
	if err != nil {
		return err
	}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		build = &debug.BuildInfo{}
	}
	const hashDigits = 12 // as many as X-Contract-Version shows
	_, err = fmt.Fprintf(w, "plaza     %s\ncontract  %s+%s\ngo        %s\n",
		build.Main.Version, spec.Version, spec.Hash[:hashDigits], build.GoVersion)
	if err != nil {
		return fmt.Errorf("print the version: %w", err)
	}
	return nil
}
