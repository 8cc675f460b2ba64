package check

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// lintProblem is the media type of RFC 9457.
const lintProblem = "application/problem+json"

// answers looks at each declared response, where it stands.
func (l *linter) answers() {
	seen := map[string]bool{}
	for _, o := range l.operations {
		for code, ref := range o.spec.Responses.Map() {
			if ref == nil || ref.Value == nil {
				continue
			}
			at := o.at + Pointer("responses", code)
			if ref.Ref != "" {
				at = strings.TrimPrefix(ref.Ref, "#")
			}
			if !seen[at+code] {
				l.answer(at, code, ref.Value)
			}
			seen[at+code] = true
			if strings.HasPrefix(code, "2") {
				l.list(o, at, ref.Value)
			}
		}
	}
}

// answer looks at a response with one of its statuses.
func (l *linter) answer(at, code string, response *openapi3.Response) {
	if code == "default" || strings.HasPrefix(code, "4") || strings.HasPrefix(code, "5") {
		l.problem(at, response)
	}
	l.answerHeader(at, code, response)
}

// problem wants errors to be problems, and nothing else.
func (l *linter) problem(at string, response *openapi3.Response) {
	if len(response.Content) == 0 {
		l.addf("problem", at, "this error has no body: answer with %s", lintProblem)
	}
	for name := range response.Content {
		if base, _, _ := strings.Cut(name, ";"); base != lintProblem {
			l.addf("problem", at+Pointer("content", name), "this error is %s: answer with %s", name, lintProblem)
		}
	}
}

// answerHeader asks for the header without which a status does not say all.
func (l *linter) answerHeader(at, code string, response *openapi3.Response) {
	status, _ := strconv.Atoi(code) // 0 for "default" and "4XX"
	name := map[int]string{
		http.StatusCreated: "Location", http.StatusNotModified: "ETag",
		http.StatusUnauthorized: "WWW-Authenticate", http.StatusTooManyRequests: "Retry-After",
	}[status]
	if name == "" {
		return
	}
	for declared := range response.Headers {
		if strings.EqualFold(declared, name) {
			return
		}
	}
	if shared, ok := l.document.Extensions["x-response-headers"].([]any); ok && slices.Contains(shared, any(name)) {
		return
	}
	l.addf("answer-header", at, "this %d does not declare %s: add the header", status, name)
}

// list wants lists in an object, from which they can grow.
func (l *linter) list(o *lintOperation, at string, response *openapi3.Response) {
	media := response.Content.Get("application/json")
	if media == nil || media.Schema == nil || media.Schema.Value == nil {
		return
	}
	schema := media.Schema.Value
	if schema.Type.Includes(openapi3.TypeArray) {
		l.addf("list", at+Pointer("content", "application/json"),
			"%s answers with a bare array: put it into an object, as items", o.title)
		return
	}
	if verb, _ := lintVerb(o.spec.OperationID); verb != "list" || lintHasItems(schema) {
		return
	}
	if data := schema.Properties["data"]; data != nil && data.Value != nil && lintHasItems(data.Value) {
		return
	}
	l.addf("list", at, "%s answers without items: a list answers with an object, or an envelope, that has them", o.title)
}

func lintHasItems(schema *openapi3.Schema) bool {
	items := schema.Properties["items"]
	return items != nil && items.Value != nil && items.Value.Type.Includes(openapi3.TypeArray)
}

// paths holds each path against its parameters and against how paths are written.
func (l *linter) paths() {
	for path, item := range l.document.Paths.Map() {
		at := Pointer("paths", path)
		for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
			if path != "/" && !lintSegment.MatchString(segment) {
				l.addf("path", at, "%s: write %q in lower case with hyphens, and parameters as {user_id}", path, segment)
			}
		}
		for _, o := range l.operations {
			if o.item == item && o.path == path {
				l.pathParameters(o)
			}
		}
	}
}

func (l *linter) pathParameters(o *lintOperation) {
	declared := map[string]bool{}
	for i, ref := range o.spec.Parameters {
		if ref.Value == nil || ref.Value.In != openapi3.ParameterInPath {
			continue
		}
		declared[ref.Value.Name] = true
		if !strings.Contains(o.path, "{"+ref.Value.Name+"}") {
			l.addf("path-parameter", o.at+Pointer("parameters", i), "%s declares the path parameter %s, which %s does not have",
				o.title, ref.Value.Name, o.path)
		}
	}
	for _, ref := range o.item.Parameters {
		if ref.Value != nil && ref.Value.In == openapi3.ParameterInPath {
			declared[ref.Value.Name] = true
		}
	}
	for _, found := range lintBraces.FindAllStringSubmatch(o.path, -1) {
		if !declared[found[1]] {
			l.addf("path-parameter", o.at, "%s does not declare %s of its path: add the parameter", o.title, found[1])
		}
	}
}

// descriptions asks for words.
func (l *linter) descriptions() {
	missing := func(at, title, description string) {
		if strings.TrimSpace(description) == "" {
			l.addf("description", at, "%s has no description: say what readers of the reference need to know", title)
		}
	}
	for _, o := range l.operations {
		missing(o.at, o.title, o.spec.Description)
		if strings.TrimSpace(o.spec.Summary) == "" {
			l.addf("description", o.at, "%s has no summary: say in a few words what it does", o.title)
		}
	}
	for _, p := range l.declared {
		missing(p.at, p.title, p.parameter.Description)
	}
	for _, h := range l.headers {
		missing(h.at, h.title, h.header.Description)
	}
	for _, r := range l.responses {
		if r.response.Description == nil {
			missing(r.at, r.title, "")
		} else {
			missing(r.at, r.title, *r.response.Description)
		}
	}
	for _, s := range l.schemas {
		if s.kind != lintPart {
			missing(s.at, s.title, s.schema.Description)
		}
	}
	for i, tag := range l.document.Tags {
		missing(Pointer("tags", i), "the tag "+tag.Name, tag.Description)
	}
	for name, ref := range l.document.Components.SecuritySchemes {
		if ref.Ref == "" && ref.Value != nil {
			missing(Pointer("components", "securitySchemes", name), "the security scheme "+name, ref.Value.Description)
		}
	}
}
