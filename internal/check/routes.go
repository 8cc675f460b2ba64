package check

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// routesLayer holds what the router of the tree serves against the contract.
func routesLayer() Layer {
	return Layer{
		Name: "routes",
		Help: "Whether the server serves what the contract has, all of it and nothing else.",
		Rules: []Rule{
			{ID: "routes/undeclared", Severity: Error, Help: "A path is served that the contract does not have: nobody " +
				"has reviewed it, and no policy is stated for it."},
			{ID: "routes/method", Severity: Error, Help: "A path of the contract is served with a method that it does " +
				"not have."},
			{ID: "routes/unserved", Severity: Error, Help: "No route serves an operation of the contract, or HEAD beside " +
				"its GET."},
			{ID: "routes/unimplemented", Severity: Error, Help: "An operation answers its own example with 501, another " +
				"failure of the server, or with the router's 404 or 405: it has no handler that works."},
			{ID: "routes/build", Severity: Error, Help: "The tree does not compile. After a change of the contract the " +
				"compiler says which method the server lacks."},
			{ID: "routes/start", Severity: Error, Help: "The server of the tree does not start: contract and code do not " +
				"agree."},
		},
		Run: runRoutes,
	}
}

// routesProgram looks at the server of the tree that it is run in; see there.
const routesProgram = "./internal/check/routes"

// routesSeen is what it prints.
type routesSeen struct {
	Error   string   `json:"error"`
	Routes  []string `json:"routes"`
	Answers []struct {
		Operation string `json:"operation"`
		Method    string `json:"method"`
		Path      string `json:"path"`
		Status    int    `json:"status"`
		Unrouted  bool   `json:"unrouted"`
	} `json:"answers"`
}

func runRoutes(ctx context.Context, p *Project) ([]Finding, error) {
	source, err := p.Contract()
	if err != nil {
		return nil, err
	}
	seen, findings, err := p.lookAtRoutes(ctx)
	if err != nil || len(findings) > 0 {
		return findings, err
	}
	if seen.Error != "" {
		return []Finding{notStarted(p, seen.Error)}, nil
	}
	places, findings, err := p.handlerPlaces()
	if err != nil || len(findings) > 0 {
		return findings, err
	}
	declared := declaredRoutes(source)
	findings = append(undeclaredRoutes(seen.Routes, declared, places), unservedRoutes(seen.Routes, declared)...)
	for _, a := range seen.Answers {
		works := a.Status < http.StatusInternalServerError && !a.Unrouted
		if works || !slices.Contains(seen.Routes, a.Method+" "+routed(a.Path)) {
			continue
		}
		finding := Finding{
			Rule: "routes/unimplemented", Pointer: Pointer("paths", a.Path, strings.ToLower(a.Method)),
			Message: fmt.Sprintf("%s answers its example with %d: write its handler", a.Operation, a.Status),
		}
		if at, known := places.handlers[strings.ToLower(a.Operation)]; known {
			finding.File, finding.Line = at.file, at.line
		}
		findings = append(findings, finding)
	}
	return findings, nil
}

// lookAtRoutes builds and runs the program. Findings are what the compiler says.
func (p *Project) lookAtRoutes(ctx context.Context) (routesSeen, []Finding, error) {
	var seen routesSeen
	if _, err := os.Stat(p.Path(routesProgram)); err != nil {
		return seen, nil, fmt.Errorf("nothing tells what the server serves: %w", err)
	}
	database, err := p.MigratedDatabase(ctx)
	if err != nil {
		return seen, nil, err
	}
	data, err := p.Scratch("routes")
	if err != nil {
		return seen, nil, err
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "run", "-ldflags=-s -w", routesProgram)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.Root, &stdout, &stderr
	// What the caller's servers are configured with is not for this one.
	cmd.Env = append(slices.DeleteFunc(buildEnviron(), func(entry string) bool {
		return strings.HasPrefix(entry, "PLAZA_") || strings.HasPrefix(entry, "OTEL_")
	}), "PLAZA_DATABASE_URL="+database, "PLAZA_DATA_DIR="+data, "PLAZA_RATE_LIMITS=off")
	err = cmd.Run()
	if _, failed := errors.AsType[*exec.ExitError](err); failed && ctx.Err() == nil {
		if findings := compilerFindings(stderr.String()); len(findings) > 0 {
			return seen, findings, nil
		}
		return seen, nil, fmt.Errorf("looking at the routes: %s", lastLines(stderr.String()))
	}
	if err != nil {
		return seen, nil, fmt.Errorf("looking at the routes: %w", err)
	}
	if err := json.Unmarshal(stdout.Bytes(), &seen); err != nil {
		return seen, nil, fmt.Errorf("looking at the routes: %w", err)
	}
	return seen, nil, nil
}

// compilerLine is a complaint of the compiler.
var compilerLine = regexp.MustCompile(`(?m)^(?:\./)?([^\s:]+\.go):(\d+):(?:(\d+):)? (.+)$`)

// compilerFindings are the compiler's complaints; it stops at ten in a package by itself.
func compilerFindings(said string) []Finding {
	var findings []Finding
	for _, found := range compilerLine.FindAllStringSubmatch(said, -1) {
		line, _ := strconv.Atoi(found[2])
		column, _ := strconv.Atoi(found[3])
		findings = append(findings, notBuilt(found[1], line, column, found[4]))
	}
	return findings
}

func notBuilt(file string, line, column int, complaint string) Finding {
	return Finding{
		Rule: "routes/build", File: file, Line: line, Column: column,
		Message: "the tree does not compile, so nobody knows what it serves: " + complaint,
	}
}

// contractLine is a complaint about a line of the contract.
var contractLine = regexp.MustCompile(`openapi\.yaml:(\d+):(\d+): (.+)`)

// notStarted is why there is no server. The contract of a build is the copy in gen/.
func notStarted(p *Project, why string) Finding {
	finding := Finding{Rule: "routes/start", File: p.ContractFile, Message: "the server does not start: " + lastLines(why)}
	if found := contractLine.FindStringSubmatch(why); found != nil {
		finding.File = generatedCopy
		finding.Line, _ = strconv.Atoi(found[1])
		finding.Column, _ = strconv.Atoi(found[2])
		finding.Message = "the server does not start: " + found[3]
	}
	return finding
}

// lastLines are as many lines of what a program has said as help.
func lastLines(said string) string {
	const most = 5
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}
