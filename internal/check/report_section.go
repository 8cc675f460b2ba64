package check

import (
	"slices"
	"strings"
)

// section is what reviewers look for together.
type section struct {
	ID, Title, About string
	// Looked is whether a layer looked for it.
	Looked   bool
	Findings []Finding
}

// The sections, in the order in which reviewers need them.
const (
	breaksSection = iota
	policySection
	sqlSection
	sdkSection
	elseSection
	changesSection // what clients need not mind; for the changelog
)

// sections sorts the findings of a report into sections, the worst first. All are there, also those without findings.
func (r Report) sections() []section {
	all := []section{
		breaksSection: {ID: "breaks", Title: "What breaks clients", About: "Programs that work today would fail."},
		policySection: {
			ID: "policy", Title: "Run-time policy",
			About: "What the server allows, for how long and how often: limits, scopes, roles, caches.",
		},
		sqlSection: {
			ID: "sql", Title: "SQL", About: "Schema, migrations and queries, against the contract and each other.",
		},
		sdkSection:  {ID: "sdk", Title: "SDK", About: "What the packages for clients owe to this contract."},
		elseSection: {ID: "else", Title: "Everything else"},
		changesSection: {
			ID: "changes", Title: "What changes for clients", About: "Nothing here breaks a program: the changelog.",
		},
	}
	for _, result := range r.Results {
		of := sectionOf(Finding{Rule: result.Layer + "/"})
		all[of].Looked = all[of].Looked || result.Err == nil
	}
	all[policySection].Looked, all[changesSection].Looked = all[breaksSection].Looked, all[breaksSection].Looked
	for _, f := range worstFirst(r.Findings()) {
		s := &all[sectionOf(f)]
		s.Findings = append(s.Findings, f)
	}
	return all
}

func sectionOf(f Finding) int {
	switch {
	case f.Rule == "breaking/change":
		return changesSection
	case strings.HasPrefix(f.Rule, "breaking/policy"):
		return policySection
	case f.Layer() == "breaking":
		return breaksSection
	case slices.Contains([]string{"sql", "queries", "migrations", "schema"}, f.Layer()):
		return sqlSection
	case f.Layer() == "sdk":
		return sdkSection
	}
	return elseSection
}
