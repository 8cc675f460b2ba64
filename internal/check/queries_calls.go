package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// calls finds queries that nothing but tests calls.
func (l *queriesRun) calls() error {
	called, err := calledQueries(l.p.Files())
	if err != nil {
		return err
	}
	for _, q := range l.queries {
		if !called[q.name] {
			l.atf(q, "queries/uncalled", "Nothing but tests calls %s: remove it, or call it", q.name)
		}
	}
	return nil
}

// calledQueries returns the methods that hand-written code takes of a value, in files that have to do with queries.
func calledQueries(tree fs.FS) (map[string]bool, error) {
	called := map[string]bool{}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && passedOver(name) {
			return fs.SkipDir
		}
		if entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err //nolint:wrapcheck // wrapped below
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			return err //nolint:wrapcheck // wrapped below
		}
		if queriesIn(file) {
			takenIn(file, called)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the code: %w", err)
	}
	return called, nil
}

// passedOver tells folders without code that calls queries: gen/ has methods of these names of its own.
func passedOver(folder string) bool {
	base := path.Base(folder)
	return folder == "gen" || base == "testdata" || base == "node_modules" || strings.HasPrefix(base, ".")
}

// queriesIn tells whether a file has to do with queries: it imports the generated ones, or asks a database for them.
func queriesIn(file *ast.File) bool {
	for _, imported := range file.Imports {
		if strings.HasSuffix(imported.Path.Value, `/gen/db"`) {
			return true
		}
	}
	found := false
	ast.Inspect(file, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok && selector.Sel.Name == "Queries" {
			found = true
		}
		return !found
	})
	return found
}

// takenIn adds the methods that the functions of a file take of a value, but for those of their receivers: a service
// may have a method that is called as its query is.
func takenIn(file *ast.File, called map[string]bool) {
	for _, declaration := range file.Decls {
		receiver := ""
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Recv != nil && len(function.Recv.List[0].Names) > 0 {
			receiver = function.Recv.List[0].Names[0].Name
		}
		ast.Inspect(declaration, func(node ast.Node) bool {
			if selector, ok := node.(*ast.SelectorExpr); ok {
				of, plain := selector.X.(*ast.Ident)
				called[selector.Sel.Name] = called[selector.Sel.Name] || !plain || of.Name != receiver
			}
			return true
		})
	}
}
