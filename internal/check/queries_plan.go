package check

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

// planNode is a part of a plan, as EXPLAIN (FORMAT JSON) tells it.
//
//nolint:tagliatelle // PostgreSQL's own names
type planNode struct {
	NodeType  string     `json:"Node Type"`
	Relation  string     `json:"Relation Name"`
	Index     string     `json:"Index Name"`
	IndexCond string     `json:"Index Cond"`
	Filter    string     `json:"Filter"`
	Plans     []planNode `json:"Plans"`
}

// explain returns the plan that serves any arguments.
func explain(ctx context.Context, conn *pgx.Conn, prepared string, parameters int) (planNode, error) {
	arguments := ""
	if parameters > 0 {
		arguments = "(" + strings.Repeat(", NULL", parameters)[2:] + ")"
	}
	var text []byte
	statement := "EXPLAIN (FORMAT JSON) EXECUTE " + pgx.Identifier{prepared}.Sanitize() + arguments
	// One message has one result, also where a rule or a function makes more of the statement.
	if err := conn.QueryRow(ctx, statement, pgx.QueryExecModeSimpleProtocol).Scan(&text); err != nil {
		return planNode{}, fmt.Errorf("EXPLAIN: %w", err)
	}
	var plans []struct {
		Plan planNode `json:"Plan"` //nolint:tagliatelle // PostgreSQL's own name
	}
	if err := json.Unmarshal(text, &plans); err != nil {
		return planNode{}, fmt.Errorf("reading a plan: %w", err)
	}
	return plans[0].Plan, nil
}

// scans returns the tables that a plan reads whole: row by row, or along an index of which it knows no part. What is
// below a limit stops early, unless it passes over rows on its way.
func (n planNode) scans(limited bool) []string {
	limited = limited || n.NodeType == "Limit"
	var tables []string
	switch n.NodeType {
	case "Seq Scan", "Sample Scan":
		tables = append(tables, n.Relation)
	case "Index Scan", "Index Only Scan":
		if n.IndexCond == "" && (!limited || n.Filter != "") {
			tables = append(tables, n.Relation)
		}
	case "Sort", "Aggregate", "Hash": // read all that is below them, however little is wanted of it
		limited = false
	}
	for _, below := range n.Plans {
		tables = append(tables, below.scans(limited)...)
	}
	return tables
}

// queryExcuse is what a query says beside it of a rule that it may break, and why.
var queryExcuse = regexp.MustCompile(`(?m)^-- check:[ \t]*(\S*)[ \t]*(.*)$`)

// judge holds a plan against the rule, and an exception against the plan.
func (l *queriesRun) judge(q namedQuery, plan planNode) {
	tables := plan.scans(false)
	excused := false
	for _, at := range queryExcuse.FindAllStringSubmatchIndex(q.text, -1) {
		line, _ := placeIn(q.text, at[0], q.line)
		rule, reason := q.text[at[2]:at[3]], q.text[at[4]:at[5]]
		message := ""
		switch {
		case rule != "seq-scan":
			message = fmt.Sprintf("%s is excused from %q: there is but seq-scan", q.name, rule)
		case reason == "":
			message = q.name + " does not say why it may read all of a table: add the reason"
		case len(tables) == 0 || excused:
			message = q.name + " reads no table whole that is not excused: remove the exception"
		}
		excused = excused || rule == "seq-scan"
		if message != "" {
			l.add(Finding{Rule: "queries/needless-exception", File: q.file, Line: line, Message: message})
		}
	}
	if excused {
		return
	}
	for _, table := range tables {
		l.atf(q, "queries/seq-scan",
			"%s reads all of %s: add an index, or say why it may (-- check: seq-scan REASON)", q.name, table)
	}
}
