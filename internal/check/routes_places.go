package check

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// edgeFolder is where handlers are, and where routes are registered that are not generated.
const edgeFolder = "internal/httpapi"

type goPlace struct {
	file string
	line int
}

// handlerPlaces are where the handlers and the routes of the edge stand in the code, as far as that can be read.
type handlerPlaces struct {
	// handlers are methods by their name in lower case, which is the operationId's.
	handlers map[string]goPlace
	// routes are calls that name a path, by METHOD /path; of any method by the path alone.
	routes map[string]goPlace
}

// handlerPlaces reads the code of the edge, and the generated routes. Findings are what no compiler can read, in files
// that are built for another system too: whether go run complains of those depends on how old its index of them is.
func (p *Project) handlerPlaces() (places handlerPlaces, unread []Finding, err error) {
	places = handlerPlaces{map[string]goPlace{}, map[string]goPlace{}}
	for _, folder := range []string{edgeFolder, "gen/api"} {
		entries, err := fs.ReadDir(p.Files(), folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return places, nil, fmt.Errorf("reading the handlers: %w", err)
		}
		for _, entry := range entries {
			name := path.Join(folder, entry.Name())
			if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, p.Path(name), nil, parser.SkipObjectResolution)
			if faults, ok := errors.AsType[scanner.ErrorList](err); ok {
				unread = append(unread, notBuilt(name, faults[0].Pos.Line, faults[0].Pos.Column, faults[0].Msg))
				continue
			}
			if err != nil {
				return places, nil, fmt.Errorf("reading the handlers: %w", err)
			}
			places.read(file, func(at token.Pos) goPlace { return goPlace{name, set.Position(at).Line} }, folder == edgeFolder)
		}
	}
	return places, unread, nil
}

func (h handlerPlaces) read(file *ast.File, place func(token.Pos) goPlace, handlers bool) {
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncDecl:
			if handlers && isHandler(n) {
				h.handlers[strings.ToLower(n.Name.Name)] = place(n.Pos())
			}
		case *ast.CallExpr:
			h.call(n, place)
		}
		return true
	})
}

// isHandler tells methods that answer requests, strict or of Echo's kind, from others: by their first parameter.
func isHandler(n *ast.FuncDecl) bool {
	if n.Recv == nil || len(n.Type.Params.List) == 0 {
		return false
	}
	kind, ok := n.Type.Params.List[0].Type.(*ast.SelectorExpr)
	return ok && kind.Sel.Name == "Context"
}

// registering are the methods of a router that make a route; Add, Any and the like for methods that they do not name.
var registering = []string{ //nolint:gochecknoglobals // a table
	"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE",
	"Add", "Any", "File", "FileFS", "Match", "Static", "StaticFS",
}

// call notes the path that a call such as routes.GET("/docs", …) or e.Add("GET", "/docs", …) names, also behind a
// prefix: baseURL + "/docs".
func (h handlerPlaces) call(call *ast.CallExpr, place func(token.Pos) goPlace) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(registering, selector.Sel.Name) {
		return
	}
	for _, argument := range call.Args {
		if sum, ok := argument.(*ast.BinaryExpr); ok {
			argument = sum.Y
		}
		literal, ok := argument.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			continue
		}
		if text, err := strconv.Unquote(literal.Value); err == nil && strings.HasPrefix(text, "/") {
			h.routes[selector.Sel.Name+" "+text] = place(call.Pos())
			h.routes[text] = place(call.Pos())
		}
	}
}

// registration is where a route is registered.
func (h handlerPlaces) registration(method, path string) (goPlace, bool) {
	keys := []string{method + " " + path, path}
	i := slices.IndexFunc(keys, func(key string) bool { _, known := h.routes[key]; return known })
	if i < 0 {
		return goPlace{}, false
	}
	return h.routes[keys[i]], true
}
