package bench

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"

	"github.com/valyala/fasthttp"
)

// patcher changes people whom nobody else changes, so that it knows their versions.
type patcher struct {
	first    int   // the id of the first one
	versions []int // of the people, those with ids from first on in steps of patchStep; 0 is the version 1
	r        *rand.Rand
	at       int
}

// patchStep is how far the ids of one patcher's people are apart: each connection of both sides has its own.
const patchStep = 2 * Connections

// patchers change people of so many; both sides of a scenario change others. They remember versions from turn to turn.
func patchers(users, side int) visitors {
	all := make([]*patcher, Connections)
	for i := range all {
		first := 2 + side*Connections + i // the first person of all is left alone: others look at it
		all[i] = &patcher{first: first, versions: make([]int, (users-first)/patchStep+1)}
	}
	return func(connection int, r *rand.Rand) visitor {
		all[connection].r = r
		return all[connection]
	}
}

func (v *patcher) ask(q *fasthttp.Request, _ uint64) string {
	v.at = v.r.IntN(len(v.versions))
	patch(q, strconv.Itoa(v.first+v.at*patchStep), fmt.Sprintf(`"%d-"`, v.versions[v.at]+1), v.r)
	return ""
}

func (v *patcher) hear(a *fasthttp.Response) bool {
	v.versions[v.at]++
	return a.StatusCode() == http.StatusOK
}
