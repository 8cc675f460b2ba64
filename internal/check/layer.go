package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"go.yaml.in/yaml/v3"
)

// Layer looks for one kind of drift.
type Layer struct {
	Name  string
	Help  string // one line
	Rules []Rule
	// Watched layers need neither a database nor another program, and run with every save in plazadev check --watch.
	Watched bool
	// Run finds what has drifted. It need not set a finding's Severity where the rule's is meant, nor File and Line
	// where Pointer leads to a place in the contract. Its error says why it could not look.
	Run func(ctx context.Context, p *Project) ([]Finding, error)
}

// Quick tells whether a layer is worth its time before each commit.
func (l Layer) Quick() bool { return l.Watched || l.Name == "generated" }

// Layers are all that need no address, in the order in which they are told.
func Layers() []Layer {
	return []Layer{
		lintLayer(),
		breakingLayer(),
		generatedLayer(),
		routesLayer(),
		sqlLayer(),
		queriesLayer(),
		migrationsLayer(),
		sdkLayer(),
		coverageLayer(),
	}
}

// Result is what one layer found.
type Result struct {
	Layer    string
	Findings []Finding
	// Err says why the layer could not look; nil where it could.
	Err  error
	Took time.Duration
}

// Report is what all layers found that ran.
type Report struct {
	Results []Result
	Rules   []Rule // of the layers that ran
	// Version is the info.version of the contract; empty where it has none.
	Version string
	// Base is the revision that was compared with, and BaseVersion its info.version; empty where none was.
	Base, BaseVersion string
	// Tree has the files of the findings, for excerpts; nil: there are none.
	Tree  fs.FS
	Begun time.Time
	Took  time.Duration
}

// Run runs layers one after the other. begins, if not nil, is told the name of each one before it runs.
func Run(ctx context.Context, p *Project, layers []Layer, begins func(layer string)) Report {
	report := Report{Tree: p.Files(), Begun: p.Now()}
	for _, layer := range layers {
		if begins != nil {
			begins(layer.Name)
		}
		started := p.Now()
		result := Result{Layer: layer.Name}
		findings, err := layer.run(ctx, p)
		if faulty, ok := errors.AsType[*Faulty](err); ok {
			findings, err = append(findings, faulty.Findings...), nil
		}
		result.Findings, result.Err = p.complete(layer, findings), err
		result.Took = p.Now().Sub(started)
		report.Results = append(report.Results, result)
		report.Rules = append(report.Rules, layer.Rules...)
	}
	report.Rules = append(report.Rules, sharedRules()...)
	report.Version = version(report.Tree, p.ContractFile)
	if p.base != nil && p.base.value != nil {
		report.Base, report.BaseVersion = p.base.value.Name, version(p.base.value.Files, p.ContractFile)
	}
	report.Took = p.Now().Sub(report.Begun)
	return report
}

// run is Run; what panics in it, as libraries may by a strange contract, is one layer that could not look.
func (l Layer) run(ctx context.Context, p *Project) (findings []Finding, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			findings, err = nil, fmt.Errorf("panic: %v", reason)
		}
	}()
	return l.Run(ctx, p)
}

// version is the info.version of a contract, also of one that is broken further down; empty where there is none.
func version(files fs.FS, contract string) string {
	text, err := fs.ReadFile(files, contract)
	if err != nil {
		return ""
	}
	var document struct {
		Info struct{ Version string }
	}
	_ = yaml.Unmarshal(text, &document) // what is wrong with it the layers tell
	return document.Info.Version
}

// complete fills in what follows from the rule and the pointer, and orders the findings.
func (p *Project) complete(layer Layer, findings []Finding) []Finding {
	severities := map[string]Severity{}
	for _, rule := range append(layer.Rules, sharedRules()...) {
		severities[rule.ID] = rule.Severity
	}
	for i := range findings {
		f := &findings[i]
		f.Message = oneLine(f.Message, longestMessage) // it may quote a contract, or what a server says
		if f.Severity == "" {
			f.Severity = severities[f.Rule]
		}
		if f.File == "" {
			f.File = p.ContractFile
		}
		if f.Line == 0 && f.Pointer != "" && f.File == p.ContractFile {
			f.Line, f.Column = p.place(f.Pointer)
		}
	}
	return order(findings)
}

// sharedRules are those of what the layers share.
func sharedRules() []Rule {
	return []Rule{
		{
			ID: "contract/invalid", Severity: Error,
			Help: "The contract is no OpenAPI document that Plaza can serve: nothing else can be held against it.",
		},
		{
			ID: "schema/broken", Severity: Error,
			Help: "A migration does not run on an empty database: nothing else can be held against it.",
		},
	}
}

// Findings returns the findings of all layers, each one once, in the order of files and lines.
func (r Report) Findings() []Finding {
	var all []Finding
	for _, result := range r.Results {
		all = append(all, result.Findings...)
	}
	return order(all)
}

// Count tells how many findings have a severity.
func (r Report) Count(severity Severity) int {
	count := 0
	for _, f := range r.Findings() {
		if f.Severity == severity {
			count++
		}
	}
	return count
}

// What plazadev check exits with.
const (
	ExitClean    = 0
	ExitFindings = 1
	ExitUnable   = 2 // a layer could not run
)

// ExitCode says how it went: that something could not be looked at weighs more than what was found.
func (r Report) ExitCode() int {
	code := ExitClean
	if r.Count(Error)+r.Count(Warning) > 0 {
		code = ExitFindings
	}
	for _, result := range r.Results {
		if result.Err != nil {
			code = ExitUnable
		}
	}
	return code
}
