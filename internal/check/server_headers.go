package check

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/plaza-api/plaza/internal/contract"
)

// alwaysSent are the headers of every answer, whatever it is.
func alwaysSent() []string {
	return []string{
		"X-Request-Id", "X-Process-Time", "X-Contract-Version", "X-Content-Type-Options", "X-Frame-Options",
		"Referrer-Policy", "Content-Security-Policy", "Cross-Origin-Resource-Policy", "Cache-Control",
	}
}

// holdHeaders looks for what the contract cannot demand of an answer, as it is optional there.
func (d *deployed) holdHeaders(op *contract.Operation, a answered) {
	for _, name := range alwaysSent() {
		if a.header.Get(name) == "" {
			d.lose(op, name)
		}
	}
	if got := a.header.Get("X-Request-Id"); got != "" && got != a.id {
		d.lose(op, "X-Request-Id as it was sent")
	}
	if strings.HasPrefix(d.options.URL, "https://") && a.header.Get("Strict-Transport-Security") == "" {
		d.lose(op, "Strict-Transport-Security")
	}
	good := a.status == http.StatusOK
	if response := op.Spec.Responses.Status(a.status); good && response != nil && a.header.Get("ETag") == "" &&
		response.Value.Headers["ETag"] != nil {
		d.lose(op, "ETag")
	}
	for _, name := range []string{"RateLimit", "RateLimit-Policy"} {
		if good && op.Policy.RateLimit != nil && a.header.Get(name) == "" {
			d.lose(op, name)
		}
	}
}

// lose notes that the answer of an operation lacks a header.
func (d *deployed) lose(op *contract.Operation, name string) {
	name = http.CanonicalHeaderKey(name)
	if _, told := d.lost[name]; !told {
		d.lost[name] = op.ID
	}
}

// tellLost tells each header that was missing once.
func (d *deployed) tellLost() {
	hints := map[string]string{
		"Ratelimit": ", or PLAZA_RATE_LIMITS is off", "Ratelimit-Policy": ", or PLAZA_RATE_LIMITS is off",
		"Strict-Transport-Security": ", or PLAZA_ENV is not production",
	}
	for _, name := range slices.Sorted(maps.Keys(d.lost)) {
		d.tellf("server/headers", operationPointer(d.spec.Operation(d.lost[name])),
			"the answer of %s lacks %s: something between the server and here takes it away%s", d.lost[name], name, hints[name])
	}
}

// operationPointer leads to an operation.
func operationPointer(op *contract.Operation) string {
	return Pointer("paths", op.Path, strings.ToLower(op.Method))
}
