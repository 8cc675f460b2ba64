package bench

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"

	"github.com/valyala/fasthttp"
)

// Skew is how much more often some are asked for than others: the person with id n as often as 1/n^1.2 says (Zipf).
// It is the median of the storage caches at Twitter that are read about as often as here, 85 to 96 times of 100
// (github.com/twitter/cache-trace, stat/2020Mar.md, category 1: ten, from 0.64 to 2.10).
const Skew = 1.2

// part is one kind of request of the mixed load.
type part struct {
	operation string
	percent   int
	frequent  bool // its p95 has to be better than that of others
	statuses  []int
	fill      func(v *guest, q *fasthttp.Request, n uint64)
}

// mix is the mixed load: 90 reads and 10 writes.
func mix() []part {
	ok, created := []int{http.StatusOK}, []int{http.StatusCreated}
	return []part{
		{"getUser", 75, true, ok, (*guest).getUser},
		{"listUsers", 5, true, ok, (*guest).listUsers},
		{"listUserPosts", 5, true, ok, (*guest).listUserPosts},
		{"getPost", 5, false, ok, (*guest).getPost},
		// Another connection may have changed what this one has read.
		{"updateUser", 6, false, []int{http.StatusOK, http.StatusPreconditionFailed}, (*guest).updateUser},
		{"createUser", 2, false, created, (*guest).createUser},
		{"createPost", 2, false, created, (*guest).createPost},
	}
}

// writes tells whether an operation of the mix changes anything.
func writes(operation string) bool {
	return slices.Contains([]string{"updateUser", "createUser", "createPost"}, operation)
}

// guest asks for what the mix says: for people, their posts and posts by their skew. What it changes is the person that
// it has read last, as of the version that it has read.
type guest struct {
	parts []part
	r     *rand.Rand
	users *rand.Zipf // of ids less 1
	posts *rand.Zipf
	asked part

	id      string // the person that was asked for last
	read    string // the person that was read last
	version string // its entity tag; empty: to be read first
}

// guests are the visitors of the mixed load on so many people.
func guests(users int, skew float64) visitors {
	return func(_ int, r *rand.Rand) visitor {
		return &guest{
			parts: mix(), r: r,
			users: rand.NewZipf(r, skew, 1, uint64(users-1)),   //nolint:gosec // at least 1
			posts: rand.NewZipf(r, skew, 1, uint64(users/2-1)), //nolint:gosec,mnd // two on four people
		}
	}
}

func (v *guest) ask(q *fasthttp.Request, n uint64) string {
	at := v.r.IntN(100) // percent
	for _, p := range v.parts {
		if at -= p.percent; at < 0 {
			v.asked = p
			break
		}
	}
	if v.asked.operation == "updateUser" && v.version == "" {
		v.asked = v.parts[0]
	}
	v.asked.fill(v, q, n)
	return v.asked.operation
}

func (v *guest) hear(a *fasthttp.Response) bool {
	right := slices.Contains(v.asked.statuses, a.StatusCode())
	switch v.asked.operation {
	case "getUser":
		if right {
			v.read, v.version = v.id, string(a.Header.Peek("ETag"))
		}
	case "updateUser":
		v.version = string(a.Header.Peek("ETag")) // none where it was refused: to be read again
	}
	return right
}

func (v *guest) person() string { return strconv.FormatUint(1+v.users.Uint64(), 10) }

func (v *guest) getUser(q *fasthttp.Request, _ uint64) {
	v.id = v.person()
	q.SetRequestURI("/users/" + v.id)
}

func (v *guest) listUsers(q *fasthttp.Request, _ uint64) { q.SetRequestURI("/users") }

func (v *guest) listUserPosts(q *fasthttp.Request, _ uint64) {
	q.SetRequestURI("/users/" + v.person() + "/posts")
}

func (v *guest) getPost(q *fasthttp.Request, _ uint64) {
	q.SetRequestURI("/posts/" + strconv.FormatUint(1+v.posts.Uint64(), 10))
}

func (v *guest) updateUser(q *fasthttp.Request, _ uint64) {
	patch(q, v.read, v.version, v.r)
}

func (v *guest) createUser(q *fasthttp.Request, n uint64) { create("mixed")(q, n, v.r) }

func (v *guest) createPost(q *fasthttp.Request, _ uint64) {
	post(q, "/users/"+v.person()+"/posts", `{"title":"Bench","content":"What was measured, and on what."}`)
}

// patch gives a person another name, if it has the version that the entity tag says.
func patch(q *fasthttp.Request, id, tag string, r *rand.Rand) {
	letter := func() byte { return byte('a' + r.IntN(26)) } //nolint:gosec,mnd // the alphabet
	q.SetRequestURI("/users/" + id)
	q.Header.SetMethod(fasthttp.MethodPatch)
	q.Header.SetContentType("application/merge-patch+json")
	q.Header.Set("If-Match", tag)
	q.SetBodyString(fmt.Sprintf(`{"name":"Ann L%c%c%c"}`, letter(), letter(), letter()))
}
