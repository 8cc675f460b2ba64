package mock

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/example"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/httpapi"
)

const (
	mimeJSON    = "application/json"
	mimeProblem = "application/problem+json"
)

// document is what is served until the next one is read.
type document struct {
	contract *contract.Contract
	routes   []*route
	bases    []string
	maker    *example.Maker
	named    bool // answers carry an X-Request-Id
	now      func() time.Time
}

func newDocument(c *contract.Contract, now func() time.Time) *document {
	shared, _ := c.Document.Extensions["x-response-headers"].([]any)
	return &document{
		contract: c, routes: newRoutes(c), bases: basePaths(c.Document.Servers), now: now,
		named: slices.Contains(shared, any("X-Request-Id")),
		maker: &example.Maker{Allows: func(schema *openapi3.Schema, value any) bool {
			return c.Allows(schema, value, openapi3.VisitAsResponse())
		}},
	}
}

// answer answers a question.
func (d *document) answer(q *question) answer {
	r := d.find(q)
	if r == nil {
		return d.refuse(q, nil, fault.New(fault.NotFound, "No such path"))
	}
	o := r.operation(q.Method)
	switch {
	case o == nil && q.Method == http.MethodOptions:
		return answer{status: http.StatusNoContent, header: http.Header{"Allow": {r.allow()}}}
	case o == nil:
		a := d.refuse(q, nil, fault.New(fault.MethodNotAllowed,
			"This path does not have that method; Allow names those it has"))
		a.header.Set("Allow", r.allow())
		return a
	}
	p := readPreference(q.Header)
	if p.code >= http.StatusBadRequest && response(o, p.code) != nil {
		return d.declared(q, o, p.code, p)
	}
	if err := d.check(q, o); err != nil {
		return d.refuse(q, o, err)
	}
	status := success(o)
	if p.code != 0 && response(o, p.code) != nil {
		status = p.code
	}
	a := d.declared(q, o, status, p)
	if p.code != 0 && p.code != status {
		a.note = strings.TrimSpace(fmt.Sprintf("%s code=%d is not declared", a.note, p.code))
	}
	return a
}

// check holds a request against the document. Its error is a fault.
func (d *document) check(q *question, o *contract.Operation) error {
	if !d.signedIn(q.Request, o) {
		return fault.New(fault.Unauthorized, "Sign in first: this needs an access token")
	}
	if offered := offers(o); len(offered) > 0 && choose(q.Header["Accept"], offered) < 0 {
		return fault.New(fault.NotAcceptable, "Only "+strings.Join(offered, " or ")+" can be served")
	}
	_, err := o.CheckRequest(q.Request, q.path)
	return err
}

// refuse answers an error: as Plaza does where the operation allows that, else in the form of the operation's own
// errors, and what was wrong stands in the log alone.
func (d *document) refuse(q *question, o *contract.Operation, err error) answer {
	status, body, failure := httpapi.Problem(err, q.URL, q.id, d.now())
	if failure != nil {
		return answer{status: http.StatusInternalServerError, note: failure.Error()}
	}
	a := answer{
		operation: o, status: status, body: body, note: note(err),
		header: http.Header{"Content-Type": {mimeProblem}, "Cache-Control": {"no-store"}},
	}
	d.sign(q, &a)
	if o == nil {
		return a
	}
	for _, status := range []int{status, http.StatusBadRequest} {
		if response(o, status) == nil {
			continue
		}
		if status != a.status || o.CheckResponse(q.Request, status, http.Header{"Content-Type": {mimeProblem}}, body) != nil {
			own := d.declared(q, o, status, preference{})
			own.note = a.note
			a = own
		}
		break
	}
	if a.status == http.StatusUnauthorized {
		a.header.Set("WWW-Authenticate", "Bearer")
	}
	return a
}

// note says in one line of the log what was wrong.
func note(err error) string {
	f := fault.As(err)
	if f == nil {
		return err.Error()
	}
	words := []string{f.Message}
	for _, field := range f.Fields {
		if place := field.Pointer + field.Name; !strings.Contains(f.Message, field.Detail) {
			words = append(words, strings.TrimSpace(place+" "+field.Detail))
		}
	}
	return strings.Join(words, "; ")
}

// sign gives an answer the id of its question, where the document knows one.
func (d *document) sign(q *question, a *answer) {
	if d.named {
		a.header.Set("X-Request-Id", q.id)
	}
}

// response is what an operation declares for a status; nil where that is nothing.
func response(o *contract.Operation, status int) *openapi3.Response {
	for _, code := range []string{strconv.Itoa(status), fmt.Sprintf("%dXX", status/100), "default"} {
		if ref := o.Spec.Responses.Value(code); ref != nil && ref.Value != nil {
			return ref.Value
		}
	}
	return nil
}

// success is the status of an operation's usual answer: its first 2xx, else 200 where that is covered, else its first.
func success(o *contract.Operation) int {
	var codes []int
	for code := range o.Spec.Responses.Map() {
		if n, err := strconv.Atoi(strings.Replace(code, "XX", "00", 1)); err == nil {
			codes = append(codes, n)
		}
	}
	slices.Sort(codes)
	i := slices.IndexFunc(codes, isStatus)
	if i < 0 || codes[i] >= http.StatusMultipleChoices && response(o, http.StatusOK) != nil || len(codes) == 0 {
		return http.StatusOK
	}
	return codes[i]
}

// signedIn tells whether a request shows what the operation asks for. Whose token it is nobody asks.
func (d *document) signedIn(r *http.Request, o *contract.Operation) bool {
	requirements := d.contract.Document.Security
	if o.Spec.Security != nil {
		requirements = *o.Spec.Security
	}
	return len(requirements) == 0 || slices.ContainsFunc(requirements, func(all openapi3.SecurityRequirement) bool {
		for name := range all {
			ref := d.contract.Document.Components.SecuritySchemes[name]
			if ref != nil && ref.Value != nil && !shows(r, ref.Value) {
				return false
			}
		}
		return true
	})
}

// shows tells whether a request has what a security scheme asks for.
func shows(r *http.Request, scheme *openapi3.SecurityScheme) bool {
	kind, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch {
	case scheme.Type == "apiKey" && scheme.In == openapi3.ParameterInQuery:
		return r.URL.Query().Get(scheme.Name) != ""
	case scheme.Type == "apiKey" && scheme.In == openapi3.ParameterInCookie:
		cookie, err := r.Cookie(scheme.Name)
		return err == nil && cookie.Value != ""
	case scheme.Type == "apiKey":
		return r.Header.Get(scheme.Name) != ""
	case scheme.Type == "http":
		return strings.EqualFold(kind, scheme.Scheme) && credential != ""
	case scheme.Type == "oauth2", scheme.Type == "openIdConnect":
		return strings.EqualFold(kind, "Bearer") && credential != ""
	}
	return true
}
