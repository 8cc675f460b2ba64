package bench

import (
	"math/rand/v2"

	"github.com/valyala/fasthttp"
)

// visitor makes the requests of one connection, one after the other.
type visitor interface {
	// ask fills in a request, the n-th of all connections, and returns its operation.
	ask(q *fasthttp.Request, n uint64) string
	// hear takes the answer, and tells whether it is one that there should be.
	hear(a *fasthttp.Response) bool
}

// visitors makes the visitor of a connection; r is its own.
type visitors func(connection int, r *rand.Rand) visitor

// maker fills in the request of the n-th call; r is the calling connection's own.
type maker func(q *fasthttp.Request, n uint64, r *rand.Rand)

// answers are visitors all of whose requests have that status.
func (m maker) answers(status int) visitors {
	return func(_ int, r *rand.Rand) visitor { return alike{m, status, r} }
}

// alike makes requests of one kind.
type alike struct {
	fill   maker
	status int
	r      *rand.Rand
}

func (v alike) ask(q *fasthttp.Request, n uint64) string {
	v.fill(q, n, v.r)
	return ""
}

func (v alike) hear(a *fasthttp.Response) bool { return a.StatusCode() == v.status }
