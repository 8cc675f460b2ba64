package check

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What is expected of each SDK. Whatever is behind is made anew in the same way.
const remedy = ": make generate"

// sdkLayer holds the SDKs under gen/ against the contract that they were made from.
func sdkLayer() Layer {
	return Layer{
		Name: "sdk", Help: "SDKs behind the contract: its version and hash, functions, types; the step that they need.",
		Watched: true, Run: findSDKs,
		Rules: []Rule{
			{ID: "sdk/version", Severity: Error, Help: "An SDK has the version of its contract: make generate writes it."},
			{
				ID: "sdk/contract", Severity: Error,
				Help: "An SDK carries the SHA-256 of its contract, by which a running one can be told from another: " +
					"make generate writes it.",
			},
			{
				ID: "sdk/function", Severity: Error,
				Help: "Each operation has a function in both SDKs, which calls its method and path, but for those of the " +
					"tags pages and docs.",
			},
			{ID: "sdk/type", Severity: Error, Help: "Objects and enumerations that operations speak of are types of both SDKs."},
			{ID: "sdk/step", Severity: Note, Help: "How far the SDKs' version has to go, from what has changed since the base."},
		},
	}
}

// kit is what an SDK has, read from its files.
type kit struct {
	name     string // the Go SDK
	versions []sdkStatement
	hashes   []sdkStatement
	calls    map[string]sdkCall // by operationId; those that have a function that people can call
	types    map[string]sdkStatement
}

// sdkStatement is what a file says in a line.
type sdkStatement struct {
	value, file string
	line        int
}

// sdkCall is what the function of an operation calls.
type sdkCall struct {
	sdkStatement // its value is the name of the function

	method, path string
}

func findSDKs(ctx context.Context, p *Project) ([]Finding, error) {
	contract, err := p.Contract()
	if err != nil {
		return nil, err
	}
	wanted := sdkWanted(contract.Document)
	var findings []Finding
	for _, read := range []func(*Project) (*kit, error){readTypeScriptSDK, readGoSDK} {
		k, err := read(p)
		if err != nil {
			return nil, fmt.Errorf("the SDKs: %w", err)
		}
		findings = append(findings, k.findOrigin(contract)...)
		findings = append(findings, k.findCalls(wanted)...)
		findings = append(findings, k.findTypes(wanted)...)
	}
	step, err := findStep(ctx, p)
	return append(findings, step...), err
}

// findOrigin tells whether the SDK was made from this contract.
func (k *kit) findOrigin(contract *Source) []Finding {
	var findings []Finding
	version := contract.Document.Info.Version
	for _, said := range k.versions {
		if said.value != version {
			findings = append(findings, said.finding("sdk/version", fmt.Sprintf("%s says version %s, and the contract %s%s",
				k.name, said.value, version, remedy)))
		}
	}
	sum := sha256.Sum256(contract.Text)
	hash := hex.EncodeToString(sum[:])
	for _, said := range k.hashes {
		if said.value == "" || !strings.HasPrefix(hash, said.value) {
			findings = append(findings, said.finding("sdk/contract", fmt.Sprintf("%s was made from another contract than %s%s",
				k.name, contract.File, remedy)))
		}
	}
	return findings
}

// findCalls compares functions with operations.
func (k *kit) findCalls(wanted sdkNeeds) []Finding {
	var findings []Finding
	for _, id := range slices.Sorted(maps.Keys(wanted.calls)) {
		want := wanted.calls[id]
		got, known := k.calls[id]
		switch {
		case !known:
			findings = append(findings, Finding{
				Rule: "sdk/function", Pointer: want.pointer,
				Message: fmt.Sprintf("%s has no function in %s%s", id, k.name, remedy),
			})
		case got.method != want.method || got.path != want.path:
			findings = append(findings, got.finding("sdk/function", fmt.Sprintf("%s of %s calls %s %s, and not %s %s%s",
				got.value, k.name, got.method, got.path, want.method, want.path, remedy)))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(k.calls)) {
		if _, known := wanted.calls[id]; !known {
			findings = append(findings, k.calls[id].finding("sdk/function",
				fmt.Sprintf("%s of %s calls %s, which the contract has not%s", k.calls[id].value, k.name, id, remedy)))
		}
	}
	return findings
}

// findTypes looks for the types of models.
func (k *kit) findTypes(wanted sdkNeeds) []Finding {
	var findings []Finding
	for _, name := range slices.Sorted(maps.Keys(wanted.types)) {
		if _, known := k.types[name]; !known {
			findings = append(findings, Finding{
				Rule: "sdk/type", Pointer: Pointer("components", "schemas", name),
				Message: fmt.Sprintf("%s is no type of %s%s", name, k.name, remedy),
			})
		}
	}
	return findings
}

func (s sdkStatement) finding(rule, message string) Finding {
	return Finding{Rule: rule, File: s.file, Line: s.line, Message: message}
}

// findStep says how far the SDKs' version has to go: as far as the contract's, whose version they have.
func findStep(ctx context.Context, p *Project) ([]Finding, error) {
	e, err := evolve(ctx, p)
	if e == nil || err != nil || e.weight() == weighsNothing || !e.areVersions() {
		return nil, err
	}
	before, after := e.versions()
	step := stepFor(before, e.weight())
	message := fmt.Sprintf("the SDKs take a %s step, from %s to %s at least, for %s since %s",
		step, before, raised(before, step), e.count(e.weight()), e.baseName)
	if isEnough(before, after, step) {
		message = fmt.Sprintf("the SDKs take a %s step, from %s to %s, for %s since %s",
			step, before, after, e.count(e.weight()), e.baseName)
	}
	return []Finding{{Rule: "sdk/step", Pointer: Pointer("info", "version"), Message: message}}, nil
}
