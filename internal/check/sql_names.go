package check

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// sqlNames finds constraints whose errors could not be told of a property, by their names: those of the tables that
// the contract names.
func sqlNames(p *Project, m *sqlModel, catalogue *sqlCatalogue) ([]Finding, error) {
	named := map[string]bool{}
	for _, property := range m.properties {
		table, _, _ := strings.Cut(property.column, ".")
		named[table] = true
	}
	var findings []Finding
	for _, name := range slices.Sorted(maps.Keys(named)) {
		table := catalogue.tables[name]
		if table == nil {
			continue
		}
		for _, constraint := range table.constraints {
			good := sqlGoodName(table, constraint)
			if good == "" {
				continue
			}
			file, line, err := sqlPlace(p, constraint.name, table.name)
			if err != nil {
				return nil, err
			}
			findings = append(findings, Finding{
				Rule: "sql/constraint-name", File: file, Line: line,
				Message: fmt.Sprintf("the errors of %s cannot be told of a property: name it %s", constraint.name, good),
			})
		}
	}
	return findings, nil
}

// sqlGoodName returns a name that internal/postgres understands, and nothing where the constraint has one.
func sqlGoodName(table *sqlTable, c *sqlConstraint) string {
	suffix := map[string]string{"c": "_check", "u": "_key", "f": "_fkey", "p": "_pkey"}[c.kind]
	middle, hasTable := strings.CutPrefix(c.name, table.name+"_")
	middle, hasKind := strings.CutSuffix(middle, suffix)
	hasBoth := hasTable && hasKind
	joined := strings.Join(c.columns, "_")
	first := ""
	if len(c.columns) > 0 {
		first = c.columns[0]
	}
	switch c.kind {
	case "p":
		return sqlUnless(c.name == table.name+suffix, table.name+suffix)
	case "f":
		return sqlUnless(hasBoth && middle == joined, table.name+"_"+joined+suffix)
	case "u":
		middle = strings.TrimSuffix(middle, "_live")
		return sqlUnless(hasBoth && slices.Contains(c.columns, middle), table.name+"_"+first+suffix)
	}
	return sqlUnless(hasBoth && slices.ContainsFunc(c.columns, func(column string) bool {
		return middle == column || strings.HasPrefix(middle, column+"_")
	}), table.name+"_"+first+suffix)
}

func sqlUnless(good bool, name string) string {
	if good {
		return ""
	}
	return name
}

// sqlPlace finds where the migrations name a constraint, the last ones first; else where they make the table.
func sqlPlace(p *Project, constraint, table string) (file string, line int, err error) {
	files, err := fs.Glob(p.Files(), "schema/*.sql")
	if err != nil {
		return "", 0, fmt.Errorf("reading the schema: %w", err)
	}
	slices.Reverse(files)
	for _, pattern := range []string{
		`(?i)\b(CONSTRAINT|INDEX|TO)(\s+CONCURRENTLY)?(\s+IF NOT EXISTS)?\s+` + regexp.QuoteMeta(constraint) + `\b`,
		`(?i)CREATE TABLE(\s+IF NOT EXISTS)?\s+` + regexp.QuoteMeta(table) + `\b`,
	} {
		for _, file := range files {
			text, err := fs.ReadFile(p.Files(), file)
			if err != nil {
				return "", 0, fmt.Errorf("reading the schema: %w", err)
			}
			up, _, _ := strings.Cut(string(text), "-- +goose Down")
			if found := regexp.MustCompile(pattern).FindAllStringIndex(up, -1); found != nil {
				last := found[len(found)-1][0] // what is made again was dropped before
				return file, strings.Count(up[:last], "\n") + 1, nil
			}
		}
	}
	return "schema", 0, nil
}
