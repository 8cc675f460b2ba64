package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// goSDK is the Go SDK while it is read.
type goSDK struct {
	*kit

	files *token.FileSet
	// operations are the descriptions of operations by the variables that hold them.
	operations map[string]sdkCall
	ids        map[string]string // operationId by variable
	// methods are those that people can call, by the variable of the operation that they call.
	methods map[string]sdkStatement
	current string
}

// readGoSDK reads the generated files of the Go SDK.
func readGoSDK(p *Project) (*kit, error) {
	const directory = "gen/client"
	g := &goSDK{
		kit:   &kit{name: "the Go SDK", calls: map[string]sdkCall{}, types: map[string]sdkStatement{}},
		files: token.NewFileSet(), operations: map[string]sdkCall{}, ids: map[string]string{},
		methods: map[string]sdkStatement{},
	}
	names, err := fs.Glob(p.Files(), directory+"/*.gen.go")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("%s has no generated file", directory)
	}
	g.versions = []sdkStatement{{file: path.Join(directory, "api.gen.go")}}
	g.hashes = []sdkStatement{{file: path.Join(directory, "api.gen.go")}}
	for _, name := range names {
		text, err := fs.ReadFile(p.Files(), name)
		if err != nil {
			return nil, err //nolint:wrapcheck // names the file
		}
		file, err := parser.ParseFile(g.files, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err //nolint:wrapcheck // names the place
		}
		g.current = name
		for _, declaration := range file.Decls {
			g.declaration(declaration)
		}
	}
	for variable, call := range g.operations {
		if method, callable := g.methods[variable]; callable {
			call.sdkStatement = method
			g.calls[g.ids[variable]] = call
		}
	}
	return g.kit, nil
}

func (g *goSDK) declaration(declaration ast.Decl) {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() {
			return
		}
		ast.Inspect(d, func(node ast.Node) bool {
			if variable := called(node); variable != "" {
				g.methods[variable] = g.at(d.Name)
			}
			return true
		})
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			g.spec(spec)
		}
	}
}

func (g *goSDK) spec(spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		g.types[s.Name.Name] = g.at(s.Name)
	case *ast.ValueSpec:
		for i, value := range s.Values {
			if s.Names[i].Name == "ContractVersion" {
				said := g.at(s.Names[i])
				version, hash, _ := strings.Cut(literal(value), "+")
				g.versions[0], g.hashes[0] = said, said
				g.versions[0].value, g.hashes[0].value = version, hash
			}
			if composite, ok := value.(*ast.CompositeLit); ok {
				g.operation(s.Names[i].Name, composite)
			}
		}
	}
}

// called is the variable of the operation that `newCall(n.core, &getUser, options)` calls; empty of all else.
func called(node ast.Node) string {
	call, ok := node.(*ast.CallExpr)
	if !ok || len(call.Args) < 2 {
		return ""
	}
	function, isName := call.Fun.(*ast.Ident)
	address, isAddress := call.Args[1].(*ast.UnaryExpr)
	if !isName || !isAddress || function.Name != "newCall" {
		return ""
	}
	variable, ok := address.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return variable.Name
}

// operation reads `operation{id: "getUser", method: http.MethodGet, path: "/users/%s"}`.
func (g *goSDK) operation(variable string, composite *ast.CompositeLit) {
	if kind, ok := composite.Type.(*ast.Ident); !ok || kind.Name != "operation" {
		return
	}
	call := sdkCall{}
	for _, element := range composite.Elts {
		field, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := field.Key.(*ast.Ident)
		if !ok {
			continue
		}
		switch key.Name {
		case "id":
			g.ids[variable] = literal(field.Value)
		case "method":
			if method, ok := field.Value.(*ast.SelectorExpr); ok {
				call.method = strings.ToUpper(strings.TrimPrefix(method.Sel.Name, "Method"))
			}
		case "path":
			call.path = strings.ReplaceAll(literal(field.Value), "%s", "{}")
		}
	}
	g.operations[variable] = call
}

func (g *goSDK) at(name *ast.Ident) sdkStatement {
	return sdkStatement{value: name.Name, file: g.current, line: g.files.Position(name.Pos()).Line}
}

// literal is the text of a string; empty of anything else.
func literal(value ast.Expr) string {
	basic, ok := value.(*ast.BasicLit)
	if !ok {
		return ""
	}
	text, err := strconv.Unquote(basic.Value)
	if err != nil {
		return ""
	}
	return text
}
