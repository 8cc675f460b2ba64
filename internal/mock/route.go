package mock

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
)

// route is one path of a document.
type route struct {
	pattern *regexp.Regexp
	names   []string // of its parameters
	under   string   // the parameter that it ends with
	rank    string   // for each segment 0 for a word, 1 for a word with a parameter in it, 2 for a parameter
	methods map[string]*contract.Operation
}

// parameter is one in a path: it matches a segment, or a part of one.
var parameter = regexp.MustCompile(`\{([^{}/]+)\}`)

// newRoutes makes the routes of a document: of two that match, the one whose words come first is before the other.
func newRoutes(c *contract.Contract) []*route {
	byPath := map[string]*route{}
	for _, o := range c.Operations {
		if byPath[o.Path] == nil {
			byPath[o.Path] = newRoute(o.Path)
		}
		byPath[o.Path].methods[o.Method] = o
	}
	return slices.SortedFunc(maps.Values(byPath), func(a, b *route) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.pattern.String(), b.pattern.String()))
	})
}

func newRoute(path string) *route {
	r := &route{methods: map[string]*contract.Operation{}}
	for segment := range strings.SplitSeq(path, "/") {
		rest := parameter.ReplaceAllString(segment, "")
		switch {
		case rest == segment:
			r.rank += "0"
		case rest != "":
			r.rank += "1"
		default:
			r.rank += "2"
		}
	}
	var pattern strings.Builder
	at := 0
	for _, place := range parameter.FindAllStringSubmatchIndex(path, -1) {
		pattern.WriteString(regexp.QuoteMeta(path[at:place[0]]) + `([^/]+)`)
		r.names = append(r.names, path[place[2]:place[3]])
		at = place[1]
	}
	if at == len(path) && len(r.names) > 0 {
		r.under = r.names[len(r.names)-1]
	}
	r.pattern = regexp.MustCompile("^" + pattern.String() + regexp.QuoteMeta(path[at:]) + "$")
	return r
}

// find looks for the route of a path, below a server's path too. It leaves the parameters in q.
func (d *document) find(q *question) *route {
	asked := q.URL.EscapedPath()
	for _, base := range append([]string{""}, d.bases...) {
		below, ok := strings.CutPrefix(asked, base)
		if !ok {
			continue
		}
		for _, r := range d.routes {
			if found := r.pattern.FindStringSubmatch(below); found != nil {
				q.path, q.under = map[string]string{}, r.under
				for i, name := range r.names {
					if value, err := url.PathUnescape(found[i+1]); err == nil {
						q.path[name] = value
					}
				}
				return r
			}
		}
	}
	return nil
}

// operation is that of a method: HEAD works wherever GET does.
func (r *route) operation(method string) *contract.Operation {
	o := r.methods[method]
	if o == nil && method == http.MethodHead {
		o = r.methods[http.MethodGet]
	}
	return o
}

// allow names the methods of a route.
func (r *route) allow() string {
	methods := []string{http.MethodOptions}
	for _, method := range slices.Sorted(maps.Keys(r.methods)) {
		if method == http.MethodGet && r.methods[http.MethodHead] == nil {
			methods = append(methods, http.MethodHead)
		}
		methods = append(methods, method)
	}
	return strings.Join(slices.Compact(methods), ", ")
}

// basePaths are the paths below which the document's servers serve.
func basePaths(servers openapi3.Servers) []string {
	var bases []string
	for _, server := range servers {
		address := server.URL
		for name, variable := range server.Variables {
			address = strings.ReplaceAll(address, "{"+name+"}", variable.Default)
		}
		if parsed, err := url.Parse(address); err == nil && strings.Trim(parsed.Path, "/") != "" {
			bases = append(bases, strings.TrimSuffix(parsed.EscapedPath(), "/"))
		}
	}
	return bases
}
