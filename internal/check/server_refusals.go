package check

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/example"
)

// serverRefusal is a request that must be refused.
type serverRefusal struct {
	op      *contract.Operation
	what    string // is wrong with it
	request *http.Request
	want    int
	header  string // that the refusal must have
}

// nobody is the id that no row has: the greatest one.
const nobody = "9007199254740991"

// nothing is the body of what is refused: no document in JSON, no form, no text.
const nothing = "\x00"

// checkRefusals sends what must be refused. None of it could have an effect, even on a server that looks at nothing:
//
//   - GET and PROPFIND are safe methods (RFC 9110, section 9.2.1; RFC 4918, section 9.1): they ask for nothing but an
//     answer.
//   - Where somebody has to sign in, a write is sent by nobody, with a body of one NUL byte that says text/plain, about
//     a user, address or post with the greatest id that there may be. Three checks would have to fail at once, and then
//     there were still nothing to be stored. Those without a body, which say all in their path, are not sent.
//   - With a token, it is a PATCH of what does not exist, by an If-Match that nothing has, with NUL bytes for a body;
//     where the missing If-Match is what is wrong, with an empty patch, which changes nothing.
//   - What anyone may write (signing up, forms) is not asked, and DELETE is never sent.
func (d *deployed) checkRefusals(ctx context.Context) error {
	refusals, err := d.refusals(ctx)
	if err != nil {
		return err
	}
	for _, refusal := range refusals {
		a, err := d.ask(ctx, refusal.request)
		if err != nil {
			return err
		}
		switch {
		case a.status == refusal.want:
			d.holdHeaders(refusal.op, a)
			if refusal.header != "" && a.header.Get(refusal.header) == "" {
				d.lose(refusal.op, refusal.header)
			}
		case a.status == http.StatusForbidden && refusal.request.Header.Get("Authorization") != "":
			// It is not for this token to ask.
		case a.status < http.StatusBadRequest:
			d.tellf("server/refusal", operationPointer(refusal.op), "%s took %s: it answers %d where %d is due",
				refusal.op.ID, refusal.what, a.status, refusal.want)
		default:
			d.tellf("server/behaviour", operationPointer(refusal.op), "%s refuses %s with %d where %d is due",
				refusal.op.ID, refusal.what, a.status, refusal.want)
		}
	}
	return nil
}

// refusals makes all such requests.
func (d *deployed) refusals(ctx context.Context) ([]serverRefusal, error) {
	var all []serverRefusal
	for _, op := range d.spec.Operations {
		for _, refused := range []func(context.Context, *contract.Operation) ([]serverRefusal, error){
			d.refusedReads, d.refusedCallers, d.refusedPatches,
		} {
			some, err := refused(ctx, op)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	return all, nil
}

// refusedReads are reads with something that the operation does not know.
func (d *deployed) refusedReads(ctx context.Context, op *contract.Operation) ([]serverRefusal, error) {
	if op.Method != http.MethodGet || d.absent[op.ID] || !op.Policy.Security.Anonymous && d.options.Token == "" {
		return nil, nil
	}
	var all []serverRefusal
	for _, kind := range []struct {
		what   string
		want   int
		header string
		spoil  func(*http.Request)
	}{
		{"an unknown query parameter", http.StatusUnprocessableEntity, "", func(r *http.Request) {
			r.URL.RawQuery = "plazadev-check=1"
		}},
		{"an Accept that it cannot serve", http.StatusNotAcceptable, "", func(r *http.Request) {
			r.Header.Set("Accept", "image/png, application/*;q=0, text/*;q=0")
		}},
		{"a method that its path does not have", http.StatusMethodNotAllowed, "Allow", func(r *http.Request) {
			r.Method = "PROPFIND"
		}},
	} {
		declared := op.Spec.Responses.Status(kind.want) != nil
		if kind.want == http.StatusMethodNotAllowed {
			declared = op.Path == "/readyz" // of the router, once
		}
		if !declared {
			continue
		}
		r, err := d.exampleOf(ctx, op, d.known)
		if err != nil {
			return nil, err
		}
		kind.spoil(r)
		all = append(all, serverRefusal{op, kind.what, r, kind.want, kind.header})
	}
	return all, nil
}

// refusedCallers are calls by nobody where somebody has to sign in.
func (d *deployed) refusedCallers(ctx context.Context, op *contract.Operation) ([]serverRefusal, error) {
	writes := op.Method != http.MethodGet
	if op.Policy.Security.Anonymous || op.Method == http.MethodDelete || writes && op.Spec.RequestBody == nil {
		return nil, nil
	}
	r, err := example.Request(ctx, d.spec, op, d.options.URL, d.missing(op))
	if err != nil {
		return nil, err
	}
	if writes {
		setBody(r, "text/plain", nothing)
		r.Header.Del("If-Match")
	}
	return []serverRefusal{{op, "a call without a token", r, http.StatusUnauthorized, "WWW-Authenticate"}}, nil
}

// refusedPatches are changes of what does not exist.
func (d *deployed) refusedPatches(ctx context.Context, op *contract.Operation) ([]serverRefusal, error) {
	ids := d.missing(op)
	if op.Method != http.MethodPatch || d.options.Token == "" || len(ids) != strings.Count(op.Path, "{") || len(ids) == 0 {
		return nil, nil
	}
	var all []serverRefusal
	for _, kind := range []struct {
		what  string
		want  int
		spoil func(*http.Request, string)
	}{
		{"a body that says text/plain", http.StatusUnsupportedMediaType, func(r *http.Request, _ string) {
			setBody(r, "text/plain", nothing)
		}},
		{"a body beyond x-body-limit", http.StatusRequestEntityTooLarge, func(r *http.Request, mediaType string) {
			setBody(r, mediaType, strings.Repeat(nothing, int(op.Policy.BodyLimit)+1))
		}},
		{"a change without If-Match", http.StatusPreconditionRequired, func(r *http.Request, mediaType string) {
			setBody(r, mediaType, "{}")
			r.Header.Del("If-Match")
		}},
	} {
		if op.Spec.Responses.Status(kind.want) == nil {
			continue
		}
		r, err := d.exampleOf(ctx, op, ids)
		if err != nil {
			return nil, err
		}
		r.Header.Set("If-Match", `"9007199254740991-0000000000000000"`)
		kind.spoil(r, r.Header.Get("Content-Type"))
		all = append(all, serverRefusal{op, kind.what, r, kind.want, ""})
	}
	return all, nil
}

// missing are ids of what does not exist, for the parameters of a path that are ids.
func (d *deployed) missing(op *contract.Operation) map[string]string {
	ids := map[string]string{}
	for _, ref := range contract.Parameters(d.spec.Document.Paths.Value(op.Path), op.Spec) {
		if p := ref.Value; p.In == openapi3.ParameterInPath && p.Schema.Value.Type.Is(openapi3.TypeInteger) {
			ids[p.Name] = nobody
		}
	}
	return ids
}

func setBody(r *http.Request, mediaType, body string) {
	r.Header.Set("Content-Type", mediaType)
	r.ContentLength = int64(len(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader([]byte(body))), nil }
	r.Body = io.NopCloser(strings.NewReader(body))
}
