package check

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/plaza-api/plaza/internal/contract"
)

const (
	// searchedEdits is how many versions of the contract are looked at in git.
	searchedEdits = 50
	// toldDifferences is how many places of the contract are told that differ.
	toldDifferences = 20
	// shownHash is how much of the contract's hash X-Contract-Version has.
	shownHash = 12
)

// checkContract holds what the server says of its contract, and the document where it serves one, against the tree.
func (d *deployed) checkContract(ctx context.Context, stated string) error {
	version, hash, _ := strings.Cut(stated, "+")
	if stated != "" && hash != d.tree.Hash[:shownHash] {
		d.tellf("server/contract", "", "%s", d.explainContract(ctx, version, hash))
	}
	r, err := d.request(ctx, http.MethodGet, "/openapi.json")
	if err != nil {
		return err
	}
	served, err := d.ask(ctx, r)
	var theirs any
	if err != nil || served.status != http.StatusOK || json.Unmarshal(served.body, &theirs) != nil {
		return err // production serves none, unless it is told to
	}
	ours, err := documentOf(d.tree)
	if err != nil {
		return err
	}
	differences := differing(nil, ours, theirs)
	for _, difference := range differences[:min(len(differences), toldDifferences)] {
		d.tellf("server/contract", difference.pointer, "%s, at %s", difference.message, cmp.Or(difference.pointer, "/"))
	}
	if more := len(differences) - toldDifferences; more > 0 {
		d.tellf("server/contract", "", "the server's /openapi.json differs in %d more places", more)
	}
	return nil
}

// documentOf is the contract as a server serves it.
func documentOf(spec *contract.Contract) (any, error) {
	encoded, err := json.Marshal(spec.Document)
	if err != nil {
		return nil, fmt.Errorf("the contract as JSON: %w", err)
	}
	var document any
	if err := json.Unmarshal(encoded, &document); err != nil {
		return nil, fmt.Errorf("the contract as JSON: %w", err)
	}
	return document, nil
}

// explainContract says which contract it is that the server follows, as far as git knows, and holds its answers
// against that one.
func (d *deployed) explainContract(ctx context.Context, version, hash string) string {
	known := func(entry committedContract) bool {
		return len(hash) == shownHash && strings.HasPrefix(entry.hash, hash)
	}
	ours := "this tree's " + d.tree.Version + " (" + d.tree.Hash[:shownHash] + ")"
	history := d.project.contractHistory(ctx, "HEAD")
	for i, entry := range history {
		if !known(entry) {
			continue
		}
		d.follow(entry.text) //nolint:contextcheck // nothing in it waits
		behind := i
		if history[0].hash != d.tree.Hash {
			behind++ // the tree's own edit is not committed
		}
		return fmt.Sprintf("the server is %s behind: it follows %s of commit %s, not %s; deploy", plural(behind, "edit"),
			version, entry.commit[:shownCommit], ours)
	}
	for _, entry := range d.project.contractHistory(ctx, "--all") {
		if known(entry) {
			d.follow(entry.text) //nolint:contextcheck // nothing in it waits
			return fmt.Sprintf("the server follows %s of commit %s, which is not in this tree's history, not %s; "+
				"check that out, or deploy", version, entry.commit[:shownCommit], ours)
		}
	}
	words := "another contract of the same version"
	switch semver.Compare("v"+version, "v"+d.tree.Version) {
	case -1:
		words = "an older contract"
	case 1:
		words = "a newer contract"
	}
	return fmt.Sprintf("the server follows %s, %s (%s), which this repository does not know, not %s; "+
		"deploy, or check out what is deployed", words, version, hash, ours)
}

// follow holds the server's answers against the contract that it follows.
func (d *deployed) follow(text []byte) {
	source, err := ReadSource(d.project.ContractFile, text)
	if err != nil {
		return
	}
	if spec, err := compileContract(source); err == nil {
		d.spec = spec
	}
}

// committedContract is the contract as one commit has it.
type committedContract struct {
	commit, hash string
	text         []byte
}

// contractHistory are the last versions of the contract, the newest first; none where there is no git.
func (p *Project) contractHistory(ctx context.Context, revisions string) []committedContract {
	commits, err := p.git(ctx, "log", "-n", strconv.Itoa(searchedEdits), "--format=%H", revisions, "--", p.ContractFile)
	if err != nil {
		return nil
	}
	var history []committedContract
	for commit := range strings.FieldsSeq(string(commits)) {
		if text, err := p.git(ctx, "show", commit+":./"+p.ContractFile); err == nil {
			sum := sha256.Sum256(text)
			history = append(history, committedContract{commit, hex.EncodeToString(sum[:]), text})
		}
	}
	return history
}

type difference struct{ pointer, message string }

// differing finds where two documents differ, as deep as it can be told.
func differing(steps []any, ours, theirs any) []difference {
	at := func(step any) []any { return append(slices.Clone(steps), step) }
	us, isMap := ours.(map[string]any)
	them, alsoMap := theirs.(map[string]any)
	if isMap && alsoMap {
		keys := maps.Clone(us)
		maps.Copy(keys, them)
		var found []difference
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			one, inOurs := us[key]
			other, inTheirs := them[key]
			switch {
			case !inTheirs:
				found = append(found, difference{Pointer(at(key)...), "the server's contract lacks " + key})
			case !inOurs:
				words := "the server's contract has " + key + ", which this tree's lacks"
				found = append(found, difference{Pointer(at(key)...), words})
			default:
				found = append(found, differing(at(key), one, other)...)
			}
		}
		return found
	}
	list, isList := ours.([]any)
	other, alsoList := theirs.([]any)
	if isList && alsoList && len(list) == len(other) {
		var found []difference
		for i := range list {
			found = append(found, differing(at(i), list[i], other[i])...)
		}
		return found
	}
	if reflect.DeepEqual(ours, theirs) {
		return nil
	}
	words := fmt.Sprintf("the server's contract says %s where this tree's says %s", shortValue(theirs), shortValue(ours))
	return []difference{{Pointer(steps...), words}}
}

// shortValue is a value of a contract, as much of it as fits a sentence.
func shortValue(value any) string {
	const most = 40 // characters
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil { //nolint:errchkjson // it is checked
		return "something else"
	}
	text := []rune(strings.TrimSpace(b.String()))
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
