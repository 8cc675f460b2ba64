package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// generatedScript makes gen/; the one list of what makes it.
const generatedScript = "internal/tools/generate.sh"

// generatedLayer makes gen/ once more in a scratch folder, and compares file by file.
func generatedLayer() Layer {
	return Layer{
		Name: "generated",
		Help: "Whether gen/ is what make generate makes of the contract, the SQL and the SDKs' runtimes.",
		Rules: []Rule{
			{ID: "generated/stale", Severity: Error, Help: "A file of gen/ is not what its sources make: they have " +
				"changed since, or somebody edited it. make generate writes it anew; edits belong into the sources."},
			{ID: "generated/missing", Severity: Error, Help: "make generate makes a file that is not there."},
			{ID: "generated/extra", Severity: Error, Help: "Nothing makes a file of gen/. make generate removes it."},
			{ID: "generated/untracked", Severity: Error, Help: "A file of gen/ is not in git's hands: a checkout lacks it."},
			{ID: "generated/failed", Severity: Error, Help: "A generator refuses its source, so that nobody knows what " +
				"gen/ should be. The message is the generator's own."},
		},
		Run: runGenerated,
	}
}

func runGenerated(ctx context.Context, p *Project) ([]Finding, error) {
	if _, err := p.Contract(); err != nil {
		return nil, err
	}
	made, findings, err := p.generate(ctx)
	if err != nil || len(findings) > 0 {
		return findings, err
	}
	wanted, err := filesBelow(made, "gen")
	if err != nil {
		return nil, err
	}
	have, err := filesBelow(p.Files(), "gen")
	if err != nil {
		return nil, err
	}
	blame := p.generatedBlame(ctx)
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		text, there := have[name]
		switch {
		case !there:
			findings = append(findings, Finding{
				Rule: "generated/missing", File: name, Message: name + " is not there: run make generate, and commit it",
			})
		case !bytes.Equal(text, wanted[name]):
			findings = append(findings, Finding{
				Rule: "generated/stale", File: name, Line: firstDifference(text, wanted[name]), Message: blame.explain(name),
			})
		}
	}
	return append(findings, p.strayFiles(ctx, have, wanted)...), nil
}

// generate makes gen/ in a scratch folder. Findings are what a generator has said against its source.
func (p *Project) generate(ctx context.Context) (fs.FS, []Finding, error) {
	if _, err := os.Stat(p.Path(generatedScript)); err != nil {
		return nil, nil, fmt.Errorf("nothing tells how gen/ is made: %w", err)
	}
	for _, modules := range []string{"internal/sdk/node_modules", "internal/tools/node/node_modules"} {
		if _, err := os.Stat(p.Path(modules)); err != nil {
			return nil, nil, fmt.Errorf("the generators need what npm installs: run make %s", modules)
		}
	}
	folder, err := p.Scratch("generated")
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.CommandContext(ctx, "sh", generatedScript, "--to", folder)
	cmd.Dir = p.Root
	cmd.Env = buildEnviron()
	out, err := cmd.CombinedOutput()
	if _, failed := errors.AsType[*exec.ExitError](err); failed && ctx.Err() == nil {
		said := strings.TrimSpace(string(out))
		if findings := append(generatorFindings(said), p.operationFindings(said)...); len(findings) > 0 {
			return nil, findings, nil
		}
		return nil, nil, fmt.Errorf("make generate fails: %s", said)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("make generate: %w", err)
	}
	return os.DirFS(folder), nil, nil
}

// buildEnviron is the environment for programs of go. Without paths in them, those that were built for one checkout
// serve another.
func buildEnviron() []string {
	return append(os.Environ(), "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -trimpath"))
}

// sourceLine is a complaint of a generator about a line of a source.
var sourceLine = regexp.MustCompile(`(?m)^(?:generate: )?((?:queries|schema)/\S+\.sql|openapi\.yaml):` +
	`(\d+):(?:(\d+):)? *(.+)$`)

// settingsLine is a complaint of sqlc about a line of its settings, after settingsRefused.
var settingsLine = regexp.MustCompile(`line (\d+): (.+)`)

const settingsRefused = "error parsing sqlc.yaml: "

func generatorFindings(said string) []Finding {
	var findings []Finding
	for _, found := range sourceLine.FindAllStringSubmatch(said, -1) {
		line, _ := strconv.Atoi(found[2])
		column, _ := strconv.Atoi(found[3])
		findings = append(findings, refused(found[4], Finding{File: found[1], Line: line, Column: column}))
	}
	_, settings, _ := strings.Cut(said, settingsRefused)
	for _, found := range settingsLine.FindAllStringSubmatch(settings, -1) {
		line, _ := strconv.Atoi(found[1])
		findings = append(findings, refused(found[2], Finding{File: "sqlc.yaml", Line: line}))
	}
	return findings
}

// refused is what a generator has said of a place.
func refused(complaint string, at Finding) Finding {
	at.Rule, at.Message = "generated/failed", complaint+": mend it, and run make generate"
	return at
}

// operationComplaint is what the generator of the SDKs says about an operation.
var operationComplaint = regexp.MustCompile(`(?m)^generate: (\w+): (.+)$`)

// operationFindings are complaints about an operation, at its place in the contract.
func (p *Project) operationFindings(said string) []Finding {
	source, err := p.Contract()
	if err != nil {
		return nil
	}
	var findings []Finding
	for _, found := range operationComplaint.FindAllStringSubmatch(said, -1) {
		for path, item := range source.Document.Paths.Map() {
			for method, operation := range item.Operations() {
				if operation.OperationID == found[1] {
					at := Finding{Pointer: Pointer("paths", path, strings.ToLower(method))}
					findings = append(findings, refused(found[1]+": "+found[2], at))
				}
			}
		}
	}
	return findings
}

// strayFiles finds what nobody makes, and what git does not have.
func (p *Project) strayFiles(ctx context.Context, have, wanted map[string][]byte) []Finding {
	var findings []Finding
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, made := wanted[name]; !made {
			findings = append(findings, Finding{
				Rule: "generated/extra", File: name, Message: "nothing makes " + name + ": run make generate, which removes it",
			})
		}
	}
	untracked, err := p.git(ctx, "ls-files", "-z", "--others", "gen")
	if err != nil {
		return findings // not a repository: nothing has to be in it
	}
	for name := range strings.SplitSeq(string(untracked), "\x00") {
		if _, made := wanted[name]; made {
			findings = append(findings, Finding{
				Rule: "generated/untracked", File: name, Message: name + " is not in git: git add " + name,
			})
		}
	}
	return findings
}

// filesBelow reads all files below a folder, by their path; none where there is no such folder.
func filesBelow(files fs.FS, folder string) (map[string][]byte, error) {
	texts := map[string][]byte{}
	err := fs.WalkDir(files, folder, func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == folder {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		texts[name], err = fs.ReadFile(files, name)
		return err //nolint:wrapcheck // below
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", folder, err)
	}
	return texts, nil
}

// firstDifference is the first line of a text, from 1, that is another one in the wanted text; the last one where
// there only follows more.
func firstDifference(text, wanted []byte) int {
	lines, others := bytes.Split(text, []byte("\n")), bytes.Split(wanted, []byte("\n"))
	for i, line := range lines {
		if i >= len(others) || !bytes.Equal(line, others[i]) {
			return i + 1
		}
	}
	return len(lines)
}
