package check

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// The lines of the npm package's sources that tell what it has, as internal/sdk/generate and assemble.js write them.
var (
	packageVersion  = regexp.MustCompile(`^  "version": "([^"]*)"`)
	packageContract = regexp.MustCompile(`^  "contract": "sha256:([0-9a-f]*)"`)
	sourceVersion   = regexp.MustCompile(`^export const contractVersion = '([^']*)'`)
	sourceContract  = regexp.MustCompile(`^export const contractHash = '([0-9a-f]*)'`)
	functionName    = regexp.MustCompile(`^export const (\w+) = `)
	functionCall    = regexp.MustCompile("\\{ id: '(\\w+)', method: '([A-Z]+)', path: (?:path)?['`]([^'`]*)['`]")
	functionOfPlaza = regexp.MustCompile(`^ +\w+: operations\.(\w+),$`)
	exportedType    = regexp.MustCompile(`^  (\w+),$`)
	interpolation   = regexp.MustCompile(`\$\{\w+\}`)
)

// readTypeScriptSDK reads the npm package.
func readTypeScriptSDK(p *Project) (*kit, error) {
	const directory = "gen/typescript"
	k := &kit{name: "@plaza/client", calls: map[string]sdkCall{}, types: map[string]sdkStatement{}}
	source := func(name string) string { return path.Join(directory, "src", name) }
	var failed error
	each := func(file string, visit func(line string, at sdkStatement)) {
		if failed == nil {
			failed = eachLine(p, file, visit)
		}
	}
	for file, expressions := range map[string][2]*regexp.Regexp{
		path.Join(directory, "package.json"): {packageVersion, packageContract},
		source("contract.gen.ts"):            {sourceVersion, sourceContract},
	} {
		version, hash := sdkStatement{file: file}, sdkStatement{file: file}
		each(file, func(line string, at sdkStatement) {
			version = version.or(expressions[0], line, at)
			hash = hash.or(expressions[1], line, at)
		})
		k.versions, k.hashes = append(k.versions, version), append(k.hashes, hash)
	}
	bound := map[string]bool{} // the functions that createPlaza binds to a connection
	each(source("plaza.gen.ts"), func(line string, _ sdkStatement) {
		if found := functionOfPlaza.FindStringSubmatch(line); found != nil {
			bound[found[1]] = true
		}
	})
	var function sdkStatement
	each(source("operations.gen.ts"), func(line string, at sdkStatement) {
		function = function.or(functionName, line, at)
		found := functionCall.FindStringSubmatch(line)
		if found == nil {
			return
		}
		if bound[function.value] {
			path := interpolation.ReplaceAllString(found[3], "{}")
			k.calls[found[1]] = sdkCall{sdkStatement: function, method: found[2], path: path}
		}
	})
	each(source("schemas.gen.ts"), func(line string, at sdkStatement) {
		if found := exportedType.FindStringSubmatch(line); found != nil {
			k.types[found[1]] = at
		}
	})
	return k, failed
}

// or returns what a line says by the expression's first group; s where it says nothing of the kind.
func (s sdkStatement) or(expression *regexp.Regexp, line string, at sdkStatement) sdkStatement {
	if found := expression.FindStringSubmatch(line); found != nil {
		at.value = found[1]
		return at
	}
	return s
}

// eachLine visits the lines of a file with their places.
func eachLine(p *Project, file string, visit func(line string, at sdkStatement)) error {
	text, err := fs.ReadFile(p.Files(), file)
	if err != nil {
		return err //nolint:wrapcheck // names the file
	}
	for i, line := range strings.Split(string(text), "\n") {
		visit(strings.TrimSuffix(line, "\r"), sdkStatement{file: file, line: i + 1})
	}
	return nil
}
