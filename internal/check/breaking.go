package check

import (
	"bytes"
	"context"
	"fmt"
	"slices"
)

// The rules of the layer breaking, which reports group by.
const (
	ruleIncompatible = "breaking/incompatible"
	ruleChange       = "breaking/change"
	ruleStricter     = "breaking/policy-stricter"
	rulePolicy       = "breaking/policy-change"
	ruleVersion      = "breaking/version"
)

// breakingLayer tells what changes for clients between the base and the tree, and whether the version says so.
func breakingLayer() Layer {
	return Layer{
		Name: "breaking", Help: "What changes for clients since the base, and whether info.version was raised enough.",
		Watched: true, Run: findBreaking,
		Rules: []Rule{
			{
				ID: ruleIncompatible, Severity: Error,
				Help: "A call that worked may fail, or its answer be of another shape. Keep what was there, or raise " +
					"info.version: then this is a note of the changelog.",
			},
			{
				ID: ruleStricter, Severity: Error,
				Help: "The run-time policy of an operation refuses what it took: fewer calls, fewer callers, less time. " +
					"It is as incompatible as a change of shape.",
			},
			{
				ID: ruleVersion, Severity: Error,
				Help: "info.version must be raised as SemVer 2.0.0 says: from 1.0.0 on the major number for what is " +
					"incompatible and the minor one for additions; of 0.y.z the minor number for what is incompatible, and " +
					"the patch for all else.",
			},
			{
				ID: ruleChange, Severity: Note,
				Help: "Clients go on as they are, and have something new: a line of the changelog.",
			},
			{
				ID: rulePolicy, Severity: Note,
				Help: "The run-time policy of an operation is looser, or differs in what refuses nobody.",
			},
		},
	}
}

// clientChange is one thing that clients may notice.
type clientChange struct {
	Finding

	weight weight
}

func findBreaking(ctx context.Context, p *Project) ([]Finding, error) {
	e, err := evolve(ctx, p)
	if e == nil || err != nil {
		return nil, err
	}
	enough := e.isRaisedFor(isIncompatible)
	var findings []Finding
	for _, c := range e.changes {
		if c.weight == isIncompatible && enough {
			c.Severity = Note
		}
		findings = append(findings, c.Finding)
	}
	return append(findings, e.versionFindings()...), nil
}

// evolution is what has become of the base.
type evolution struct {
	before, after *Source
	changes       []clientChange
	baseName      string
}

// evolve compares the tree's contract with the base's; nil where there is no base, or it has the same contract.
func evolve(ctx context.Context, p *Project) (*evolution, error) {
	base, err := p.Base(ctx)
	if base == nil || err != nil {
		return nil, err
	}
	after, err := p.Contract()
	if err != nil {
		return nil, err
	}
	before, err := base.Contract(p.ContractFile)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(before.Text, after.Text) {
		return nil, nil //nolint:nilnil // nothing has become of it, which is no error
	}
	return evolutionOf(before, after, base.Name)
}

func evolutionOf(before, after *Source, baseName string) (*evolution, error) {
	changes, err := shapeChanges(before, after)
	if err != nil {
		return nil, err
	}
	changes = append(changes, closedChanges(before, after)...)
	changes = append(changes, policyChanges(before, after)...)
	return &evolution{before: before, after: after, baseName: baseName, changes: changes}, nil
}

// weight is that of the weightiest change. Words alone (descriptions, examples) weigh nothing: nobody's call goes
// another way by them.
func (e *evolution) weight() weight {
	heaviest := weighsNothing
	for _, c := range e.changes {
		heaviest = max(heaviest, c.weight)
	}
	return heaviest
}

// versions are info.version of the base and of the tree.
func (e *evolution) versions() (before, after string) {
	return e.before.Document.Info.Version, e.after.Document.Info.Version
}

// areVersions tells whether both versions are of SemVer. Of others only a difference can be seen.
func (e *evolution) areVersions() bool {
	before, after := e.versions()
	return isVersion(before) && isVersion(after)
}

// isRaisedFor tells whether info.version says that something of that weight has changed.
func (e *evolution) isRaisedFor(w weight) bool {
	before, after := e.versions()
	if isVersion(before) && !isVersion(after) {
		return w == weighsNothing
	}
	if !e.areVersions() {
		return w == weighsNothing || before != after
	}
	return isEnough(before, after, stepFor(before, w))
}

// versionFindings says which version it should be.
func (e *evolution) versionFindings() []Finding {
	heaviest := e.weight()
	before, after := e.versions()
	lost := isVersion(before) && !isVersion(after)
	if e.isRaisedFor(heaviest) && !lost {
		return nil
	}
	finding := Finding{Rule: ruleVersion, Pointer: Pointer("info", "version")}
	switch step := stepFor(before, heaviest); {
	case lost:
		finding.Message = fmt.Sprintf("info.version is %s, which is no version of SemVer 2.0.0: make it at least %s",
			inBackticks(after), raised(before, step))
	case !e.areVersions():
		finding.Message = fmt.Sprintf("info.version is %s as in %s, though clients notice %s: raise it",
			inBackticks(after), e.baseName, e.count(heaviest))
	case heaviest == weighsNothing:
		finding.Message = fmt.Sprintf("info.version went back from %s to %s: make it at least what %s has",
			before, after, e.baseName)
	default:
		finding.Message = fmt.Sprintf("info.version is %s, and %s since %s: make it at least %s",
			after, e.count(heaviest), e.baseName, raised(before, step))
	}
	return []Finding{finding}
}

// count says how many changes have the weight: "2 incompatible changes".
func (e *evolution) count(w weight) string {
	n := len(slices.DeleteFunc(slices.Clone(e.changes), func(c clientChange) bool { return c.weight != w }))
	adjective := map[weight]string{isIncompatible: "incompatible", isAddition: "compatible", isRepair: "looser"}[w]
	return plural(n, adjective+" change")
}

// inBackticks puts what may be any text, or none, in quotes.
func inBackticks(text string) string { return "`" + text + "`" }
