//go:build sdk

// Package samples_test runs every sample of the reference page as it is printed, but for the address of the server,
// against servers that have what the examples name. It wants the SDKs to be built, and stands under a tag therefore:
// make sdk-test runs it.
package samples_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	root    = "../../.."
	printed = "http://127.0.0.1:8080" // the server of the samples
)

// samples are those of one language, by operationId: of every operation that SDKs have.
func samples(t *testing.T, language string) map[string]string {
	t.Helper()
	text, err := contract.Samples.ReadFile("samples.json")
	require.NoError(t, err)
	var all map[string]map[string]string
	require.NoError(t, json.Unmarshal(text, &all))
	found := map[string]string{}
	for _, op := range testkit.Contract(t).Operations {
		if op.Tag == "pages" || op.Tag == "docs" { // which people see in a browser
			continue
		}
		sample := all[op.ID][language]
		require.Equal(t, 1, strings.Count(sample, printed), "%s: %s", op.ID, sample)
		found[op.ID] = sample
	}
	return found
}

// runAll runs each sample against a server of its own. command makes what runs one.
func runAll(t *testing.T, language string, command func(t *testing.T, sample string) *exec.Cmd) {
	t.Helper()
	for id, sample := range samples(t, language) {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := prepare(t, id)
			s.runs(t, id, command(t, strings.Replace(sample, printed, s.URL, 1)))
		})
	}
}

func TestSamplesForCurl(t *testing.T) {
	t.Parallel()
	runAll(t, "curl", func(t *testing.T, sample string) *exec.Cmd {
		return exec.CommandContext(t.Context(), "sh", "-euc", sample)
	})
}

func TestSamplesInTypeScript(t *testing.T) {
	t.Parallel()
	directory := moduleDirectory(t)
	for id, sample := range samples(t, "typescript") {
		write(t, filepath.Join(directory, id+".mts"), sample)
	}
	types := exec.CommandContext(t.Context(), "node", "node_modules/typescript/bin/tsc", "-p", ".")
	types.Dir = directory
	output, err := node(types).CombinedOutput()
	require.NoError(t, err, "%s", output)
	runAll(t, "typescript", func(t *testing.T, sample string) *exec.Cmd {
		file := filepath.Join(moduleDirectory(t), "sample.mts")
		write(t, file, sample)
		return node(exec.CommandContext(t.Context(), "node", file))
	})
}

// moduleDirectory is one in which the SDK is installed, and what checks types.
func moduleDirectory(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	modules, err := filepath.Abs("../node_modules")
	require.NoError(t, err)
	require.DirExists(t, filepath.Join(modules, "@plaza", "client", "dist"), "make sdk builds it")
	require.NoError(t, os.Symlink(modules, filepath.Join(directory, "node_modules")))
	for name, text := range map[string]string{
		"tsconfig.json": `{"compilerOptions": {"strict": true, "noEmit": true, "target": "es2024", "module": "nodenext"}}`,
		"node.d.ts":     `declare const process: { env: Record<string, string | undefined> }`,
	} {
		write(t, filepath.Join(directory, name), text)
	}
	return directory
}

// node runs a command with the Node.js that is pinned.
func node(command *exec.Cmd) *exec.Cmd {
	script, err := filepath.Abs(root + "/internal/tools/node.sh")
	if err != nil {
		panic(err)
	}
	command.Args = append([]string{"sh", script}, command.Args...)
	command.Path, command.Err = exec.LookPath("sh")
	return command
}

// TestSamplesInGo builds all of them at once, each as a program of its own, for addresses at which servers start later.
func TestSamplesInGo(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	client, err := filepath.Abs(root + "/gen/client")
	require.NoError(t, err)
	sums, err := os.ReadFile(filepath.Join(client, "go.sum"))
	require.NoError(t, err)
	write(t, filepath.Join(directory, "go.sum"), string(sums))
	module, err := os.ReadFile(filepath.Join(client, "go.mod"))
	require.NoError(t, err)
	_, requirements, _ := strings.Cut(string(module), "\n")
	write(t, filepath.Join(directory, "go.mod"), "module samples\n"+requirements+
		"\nrequire github.com/plaza-api/plaza/gen/client v0.0.0\nreplace github.com/plaza-api/plaza/gen/client => "+client+"\n")
	fronts := map[string]*httptest.Server{}
	for id, sample := range samples(t, "go") {
		fronts[id] = httptest.NewUnstartedServer(nil)
		t.Cleanup(fronts[id].Close)
		address := "http://" + fronts[id].Listener.Addr().String()
		write(t, filepath.Join(directory, id, "main.go"), strings.Replace(sample, printed, address, 1))
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", "bin/", "./...")
	build.Dir = directory
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	for id, front := range fronts {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := prepare(t, id)
			front.Config.Handler = s.API
			front.Start()
			s.runs(t, id, exec.CommandContext(t.Context(), filepath.Join(directory, "bin", id)))
		})
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
}
