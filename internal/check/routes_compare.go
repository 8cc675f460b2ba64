package check

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// declaredRoute is an operation of the contract, as a router has it.
type declaredRoute struct{ id, method, path, pointer string }

func (d declaredRoute) String() string { return d.method + " " + routed(d.path) }

// routed writes a path of the contract as a router has it.
func routed(path string) string { return pathParameter.ReplaceAllString(path, ":$1") }

// declaredRoutes are all operations of a contract, in the order of their paths.
func declaredRoutes(source *Source) []declaredRoute {
	var declared []declaredRoute
	if source.Document.Paths == nil {
		return nil
	}
	items := source.Document.Paths.Map()
	for _, path := range slices.Sorted(maps.Keys(items)) {
		operations := items[path].Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			declared = append(declared, declaredRoute{
				operations[method].OperationID, method, path, Pointer("paths", path, strings.ToLower(method)),
			})
		}
	}
	return declared
}

// undeclaredRoutes are served, and the contract does not have them. HEAD goes with GET.
func undeclaredRoutes(routes []string, declared []declaredRoute, places handlerPlaces) []Finding {
	var findings []Finding
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		var methods []string
		for _, d := range declared {
			if routed(d.path) == path {
				methods = append(methods, d.method)
			}
		}
		if slices.Contains(methods, method) || method == http.MethodHead && slices.Contains(methods, http.MethodGet) {
			continue
		}
		if method == http.MethodHead && slices.Contains(routes, http.MethodGet+" "+path) {
			continue // told of GET
		}
		finding := Finding{
			Rule: "routes/undeclared", File: edgeFolder,
			Message: route + " is served, and the contract does not have it: declare the operation, or take the route out",
		}
		if len(methods) > 0 {
			finding.Rule = "routes/method"
			finding.Message = fmt.Sprintf("%s is served, of which the contract has %s alone: declare the operation, or take "+
				"the route out", route, strings.Join(methods, " and "))
		}
		if at, known := places.registration(method, path); known {
			finding.File, finding.Line = at.file, at.line
		}
		findings = append(findings, finding)
	}
	return findings
}

// unservedRoutes are in the contract, and nobody serves them.
func unservedRoutes(routes []string, declared []declaredRoute) []Finding {
	var findings []Finding
	for _, d := range declared {
		switch {
		case !slices.Contains(routes, d.String()):
			findings = append(findings, Finding{
				Rule: "routes/unserved", Pointer: d.pointer,
				Message: fmt.Sprintf("no route serves %s (%s %s): run make generate and write its handler, or take it out",
					d.id, d.method, d.path),
			})
		case d.method == http.MethodGet && !slices.Contains(routes, http.MethodHead+" "+routed(d.path)):
			findings = append(findings, Finding{
				Rule: "routes/unserved", Pointer: d.pointer,
				Message: d.id + " is served with GET and not with HEAD: route it as the other reads are",
			})
		}
	}
	return findings
}
