package mock

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// onward are names of properties that lead to the next page of a list.
var onward = []string{ //nolint:gochecknoglobals // a table
	"next", "next_cursor", "nextCursor", "next_page", "nextPage", "next_page_token", "nextPageToken", "next_token",
	"nextToken", "next_url", "nextUrl",
}

// more are names of properties that tell whether there is a next page.
var more = []string{"has_more", "hasMore", "has_next", "hasNext"} //nolint:gochecknoglobals // a table

// fit makes an answer fit its question, as far as the schema allows: lists end; what was sent comes back, and so do
// the ids of the path; a problem tells of this request.
func (d *document) fit(q *question, a *answer, schema *openapi3.Schema, value any) any {
	value = copied(value)
	fits := func() bool { return d.maker.Allows(schema, value) }
	if a.status >= http.StatusMultipleChoices {
		if a.header.Get("Content-Type") == "application/problem+json" {
			fitProblem(q, a.status, value, fits)
		}
		return value
	}
	end(value, fits)
	resource, isObject := value.(map[string]any)
	if inner, enveloped := resource["data"].(map[string]any); enveloped {
		resource = inner
	}
	if !isObject {
		return value
	}
	if body, ok := q.Body.(interface{ ValidatedValue() any }); ok {
		sent, _ := body.ValidatedValue().(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(sent)) {
			replace(resource, name, copied(sent[name]), fits)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(q.path)) {
		replace(resource, name, asked(resource[name], q.path[name]), fits)
		if name == q.under {
			replace(resource, "id", asked(resource["id"], q.path[name]), fits)
		}
	}
	return value
}

// fitProblem sets the members of a problem that differ from one time to the next (RFC 9457, section 3.1).
func fitProblem(q *question, status int, value any, fits func() bool) {
	problem, isObject := value.(map[string]any)
	if !isObject {
		return
	}
	replace(problem, "status", json.Number(strconv.Itoa(status)), fits)
	replace(problem, "instance", q.URL.Path, fits)
	replace(problem, "request_id", q.id, fits)
}

// replace sets a property that is there, unless the answer would not be allowed then.
func replace(object map[string]any, name string, value any, fits func() bool) {
	before, there := object[name]
	if !there {
		return
	}
	if object[name] = value; !fits() {
		object[name] = before
	}
}

// asked is the text of a path's parameter in the type of what stands there.
func asked(before any, text string) any {
	number := json.Number(text)
	if _, isNumber := before.(json.Number); isNumber {
		if _, err := json.Marshal(number); err == nil {
			return number
		}
	}
	return text
}

// end makes every list end with what it has.
func end(value any, fits func() bool) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			end(item, fits)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			switch {
			case slices.Contains(onward, name):
				endHere(v, name, fits)
			case slices.Contains(more, name):
				replace(v, name, false, fits)
			default:
				end(v[name], fits)
			}
		}
	}
}

// endHere takes away what leads on: as null, as nothing, as an empty text.
func endHere(object map[string]any, name string, fits func() bool) {
	before := object[name]
	if object[name] = nil; fits() {
		return
	}
	if delete(object, name); fits() {
		return
	}
	if object[name] = ""; !fits() {
		object[name] = before
	}
}

// copied is a value that nobody else has; its numbers keep their digits.
func copied(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		return value
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var other any
	if err := decoder.Decode(&other); err != nil {
		return value
	}
	return other
}
