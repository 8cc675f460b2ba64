package check

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
)

// generatedCopy is the copy of the contract in gen/: as it was when gen/ was made.
const generatedCopy = "gen/contract/openapi.yaml"

// generatedSources are what each folder of gen/ is made of, beside the generators themselves: the likeliest first.
func generatedSources(name string) []string {
	folder, _, _ := strings.Cut(strings.TrimPrefix(name, "gen/"), "/")
	switch folder {
	case "db":
		return []string{"schema/", "queries/", "sqlc.yaml"}
	case "client", "typescript", "contract":
		return []string{"openapi.yaml", "internal/sdk/"}
	default:
		return []string{"openapi.yaml"}
	}
}

// blame tells an edit by hand from sources that have changed since, as far as it can be told.
type blame struct {
	// changed are the files that are not as they were committed; nil where there is no git to ask.
	changed []string
	// old tells that the contract is not the one that gen/ was made of.
	old bool
}

func (p *Project) generatedBlame(ctx context.Context) blame {
	var b blame
	folder, noGit := p.git(ctx, "rev-parse", "--show-prefix") // of the repository, from whose top git names files
	status, err := p.git(ctx, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", ".")
	if noGit == nil && err == nil {
		for entry := range strings.SplitSeq(string(status), "\x00") {
			if len(entry) > len("XY ") {
				b.changed = append(b.changed, strings.TrimPrefix(entry[len("XY "):], strings.TrimSpace(string(folder))))
			}
		}
	}
	then, err := os.ReadFile(p.Path(generatedCopy))
	now, alsoErr := os.ReadFile(p.Path("openapi.yaml"))
	b.old = err == nil && alsoErr == nil && !bytes.Equal(then, now)
	return b
}

// explain says why a file is not what its sources make.
func (b blame) explain(name string) string {
	edited, source := slices.Contains(b.changed, name), ""
	for _, s := range append(generatedSources(name), "internal/tools/") {
		i := slices.IndexFunc(b.changed, func(file string) bool { return strings.HasPrefix(file, s) })
		if source == "" && i >= 0 {
			source = b.changed[i]
		}
	}
	if source == "" && b.old && !edited && generatedSources(name)[0] == "openapi.yaml" {
		source = "openapi.yaml"
	}
	switch {
	case source != "" && !edited:
		return name + " is older than " + source + ": run make generate"
	case edited && source == "":
		return name + " was edited by hand, which make generate undoes: change its sources instead, then run make generate"
	default:
		return name + " is not what its sources make: run make generate"
	}
}
