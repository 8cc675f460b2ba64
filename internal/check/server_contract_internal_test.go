package check

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	contractfile "github.com/plaza-api/plaza/gen/contract"
)

func TestWhereTwoContractsDiffer(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	for _, row := range []struct {
		ours, theirs any
		want         []difference
	}{
		{object{"a": 1.0}, object{"a": 1.0}, nil},
		{object{"a": object{"b/c": 1.0}}, object{"a": object{"b/c": 2.0}}, []difference{
			{"/a/b~1c", "the server's contract says 2 where this tree's says 1"},
		}},
		{object{"a": 1.0}, object{"b": 1.0}, []difference{
			{"/a", "the server's contract lacks a"}, {"/b", "the server's contract has b, which this tree's lacks"},
		}},
		{[]any{1.0, 2.0}, []any{1.0, 3.0}, []difference{{"/1", "the server's contract says 3 where this tree's says 2"}}},
		{[]any{1.0}, []any{1.0, 3.0}, []difference{{"", "the server's contract says [1,3] where this tree's says [1]"}}},
		{"<a>", object{}, []difference{{"", `the server's contract says {} where this tree's says "<a>"`}}},
		{strings.Repeat("ü", 39), nil, []difference{
			{"", `the server's contract says null where this tree's says "` + strings.Repeat("ü", 39) + "…"},
		}},
		{strings.Repeat("ü", 38), nil, []difference{
			{"", `the server's contract says null where this tree's says "` + strings.Repeat("ü", 38) + `"`},
		}},
	} {
		assert.Equal(t, row.want, differing(nil, row.ours, row.theirs))
	}
}

// versionOf is the contract with a title of its own, and what a server says that follows it.
func versionOf(title string) (text, stated string) {
	text = strings.Replace(string(contractfile.YAML), "  title: Plaza\n", "  title: "+title+"\n", 1)
	sum := sha256.Sum256([]byte(text))
	return text, "0.1.0+" + hex.EncodeToString(sum[:])[:shownHash]
}

func TestHowFarAServerIsBehind(t *testing.T) {
	t.Parallel()
	p := folderOf(t, nil)
	inGit(t, p, "init", "--quiet", "--initial-branch=main")
	commit := func(title string) {
		text, _ := versionOf(title)
		require.NoError(t, os.WriteFile(p.Path("openapi.yaml"), []byte(text), 0o600))
		inGit(t, p, "add", ".")
		inGit(t, p, "commit", "--quiet", "--message="+title)
	}
	commit("One")
	inGit(t, p, "checkout", "--quiet", "-b", "side")
	commit("Side")
	inGit(t, p, "checkout", "--quiet", "main")
	commit("Two")
	commit("Three")
	for _, row := range []struct{ tree, server, want, follows string }{
		{"Three", "Two", "the server is 1 edit behind: it follows 0.1.0 of commit ", "Two"},
		{"Three", "One", "the server is 2 edits behind: it follows 0.1.0 of commit ", "One"},
		{"Mine", "Three", "the server is 1 edit behind: it follows 0.1.0 of commit ", "Three"},
		{"Three", "Side", "which is not in this tree's history", "Side"},
		{"Three", "Other", "another contract of the same version, 0.1.0 (", "Three"},
	} {
		source, _ := versionOf(row.tree)
		_, stated := versionOf(row.server)
		d := asked(t, source, ServerOptions{Transport: transport(func(*http.Request) *http.Response {
			return answering(http.StatusNotFound, "")
		})})
		d.project = p
		require.NoError(t, d.checkContract(t.Context(), stated))
		require.Len(t, d.findings, 1, row.server)
		assert.Equal(t, "server/contract", d.findings[0].Rule)
		assert.Contains(t, d.findings[0].Message, row.want)
		assert.Equal(t, row.follows, d.spec.Document.Info.Title, "whose contract its answers are held against")
		assert.Equal(t, row.tree, d.tree.Document.Info.Title)
	}
}

func TestWhatTheLifeOfAServerIsToldBy(t *testing.T) {
	t.Parallel()
	_, good := versionOf("Plaza")
	stated := "X-Contract-Version: " + good
	for _, row := range []struct {
		name          string
		health, ready int
		body          string
		headers       []string
		want, fails   string
	}{
		{"well", 200, 200, "", []string{stated}, "", ""},
		{"without its version", 200, 200, `{"status":"alive"}`, nil, "", ""},
		{"another site", 200, 200, `{"status":"ok"}`, nil, "", "no Plaza answers at http://plaza.test: /healthz is 200, without a media type, "},
		{"moved", 302, 200, "", []string{stated, "Location: /x"}, "", "http://plaza.test leads to /x: ask there"},
		{"not moved", 302, 200, "", []string{stated}, "server/ready /paths/~1healthz/get: /healthz answers 302: the server does not live", ""},
		{"down", 503, 200, "", []string{stated}, "server/ready /paths/~1healthz/get: /healthz answers 503: the server does not live", ""},
		{"not ready", 200, 503, "", []string{stated}, "server/ready /paths/~1readyz/get: /readyz answers 503 (why): look at", ""},
	} {
		d := asked(t, string(contractfile.YAML), ServerOptions{Transport: transport(func(r *http.Request) *http.Response {
			switch r.URL.Path {
			case "/healthz":
				return answering(row.health, row.body, row.headers...)
			case "/readyz":
				return answering(row.ready, `{"detail":"why"}`)
			default:
				return answering(http.StatusNotFound, "")
			}
		})})
		err := d.checkLife(t.Context())
		if row.fails != "" {
			require.ErrorContains(t, err, row.fails, row.name)
			continue
		}
		require.NoError(t, err, row.name)
		if row.want == "" {
			assert.Empty(t, told(d), row.name)
			continue
		}
		require.Len(t, d.findings, 1, row.name)
		assert.Contains(t, told(d)[0], row.want)
	}
}

func TestTheDocumentThatIsServedIsToldWhereItDiffers(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{`{"paths":{}}`: toldDifferences + 1, `{"paths":{}`: 0, "[]": 1} {
		for status, told := range map[int]int{http.StatusOK: want, http.StatusNotFound: 0} {
			d := asked(t, string(contractfile.YAML), ServerOptions{Transport: transport(func(*http.Request) *http.Response {
				return answering(status, body)
			})})
			require.NoError(t, d.checkContract(t.Context(), ""))
			require.Len(t, d.findings, told, body)
			if told > toldDifferences {
				assert.Regexp(t, `^the server's /openapi\.json differs in [1-9][0-9]* more places$`, d.findings[toldDifferences].Message)
			}
		}
	}
}
