package check_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

func TestALayerThatCannotLookSaysSo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		layer string
		edit  edit
		says  string
	}{
		"a generator that is broken":            {"generated", edit{"internal/tools/ordered/main.go", "package main", "package mine"}, "make generate fails: "},
		"a folder of packages that is missing":  {"generated", edit{"internal/sdk/node_modules", "", ""}, "run make internal/sdk/node_modules"},
		"another one":                           {"generated", edit{"internal/tools/node/node_modules", "", ""}, "run make internal/tools/node/node_modules"},
		"a tree that nothing generates":         {"generated", edit{"internal/tools/generate.sh", "", ""}, "nothing tells how gen/ is made"},
		"a tree without the program":            {"routes", edit{"internal/check/routes", "", ""}, "nothing tells what the server serves"},
		"a program that fails":                  {"routes", edit{"internal/check/routes/main.go", "func main() {", "func main() {\n\tos.Exit(3)"}, "exit status 3"},
		"a package without the bound functions": {"sdk", edit{"gen/typescript/src/plaza.gen.ts", "", ""}, "plaza.gen.ts"},
		"a Go SDK that is no Go":                {"sdk", edit{"gen/client/users.gen.go", "package plaza", "pakage plaza"}, "users.gen.go:3:1"},
		"a tree without the Go SDK":             {"sdk", edit{"gen/client", "", ""}, "gen/client has no generated file"},
	} {
		t.Run(test.layer+": "+name, func(t *testing.T) {
			t.Parallel()
			p := project(t)
			test.edit.apply(t, p)
			assertUnable(t, p, test.layer, test.says)
		})
	}
}

func TestAStepFromNowhereIsToldAsAnError(t *testing.T) {
	t.Parallel()
	p := project(t)
	p.BaseRevision = "nowhere"
	assertUnable(t, p, "sdk", "there is no revision nowhere")
}

func TestABaseThatIsNotThereIsNotTakenForNone(t *testing.T) {
	t.Parallel()
	for revision, want := range map[string]string{"nowhere": "1 layer could not run (", "": "as no release is tagged v1.2.3 ("} {
		p, err := check.Open(t.TempDir())
		require.NoError(t, err)
		edit{contractFile, "", "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\npaths: {}\n"}.apply(t, p)
		p.BaseRevision = revision
		var out strings.Builder
		require.NoError(t, check.Write(&out, "text", check.Run(t.Context(), p, layerOf(t, "breaking"), nil), check.Style{}))
		assert.Contains(t, out.String(), want)
	}
}

func assertUnable(t *testing.T, p *check.Project, layer, says string) {
	t.Helper()
	report := check.Run(t.Context(), p, layerOf(t, layer), nil)
	assert.Equal(t, check.ExitUnable, report.ExitCode())
	require.ErrorContains(t, report.Results[0].Err, says)
}

func TestAContractThatCannotBeReadIsAFindingOfEachLayerThatReadsIt(t *testing.T) {
	t.Parallel()
	for _, layer := range []string{"lint", "breaking", "generated", "routes", "sql", "sdk", "coverage"} {
		t.Run(layer, func(t *testing.T) {
			t.Parallel()
			p := project(t)
			edit{contractFile, "openapi: 3", "openapi: [3"}.apply(t, p)
			findings := run(t, p, layer)
			require.Len(t, findings, 1)
			assert.Equal(t, "contract/invalid", findings[0].Rule)
			assert.Equal(t, check.Error, findings[0].Severity)
		})
	}
}

// layerOf is the layer of that name, alone.
func layerOf(t *testing.T, name string) []check.Layer {
	t.Helper()
	layers := check.Layers()
	i := slices.IndexFunc(layers, func(l check.Layer) bool { return l.Name == name })
	require.GreaterOrEqual(t, i, 0, "there is no layer %s", name)
	return layers[i : i+1]
}
