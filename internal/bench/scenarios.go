package bench

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
)

// scenario holds one kind of request against another.
type scenario struct {
	name    string
	file    string  // of its profile
	target  float64 // the least ratio of rates, ours to theirs; 0: none
	ours    side
	theirs  side
	perCall int // how many things one of our calls does; 0 is one
}

// side is one kind of request.
type side struct {
	bare  bool // sent to the bare server
	visit visitors
}

// scenarios are what is measured, on so many people. cursor leads to the middle of the list, tag is that of the user
// with id 1.
func scenarios(users int, cursor, tag string) []scenario {
	ok := func(fill maker) visitors { return fill.answers(http.StatusOK) }
	created := func(fill maker) visitors { return fill.answers(http.StatusCreated) }
	plaza := func(visit visitors) side { return side{visit: visit} }
	bare := func(visit visitors) side { return side{bare: true, visit: visit} }
	known := with(get("/users/1"), "If-None-Match", tag)
	return []scenario{
		{
			file: "cached.pprof", name: "GET user, the same again and again / bare, the same bytes from memory", target: 0.85,
			ours: plaza(ok(get("/users/1"))), theirs: bare(ok(get("/fixed"))),
		}, {
			file: readProfile, name: "GET user, any of all / bare, one query a request", target: 1.7,
			ours: plaza(ok(anyUser(users))), theirs: bare(ok(anyUser(users))),
		}, {
			file: "create.pprof", name: "POST user / bare insert", target: 0.9,
			ours: plaza(created(create("plaza"))), theirs: bare(ok(create("bare"))),
		}, {
			file: "patch.pprof", name: "PATCH user with If-Match / bare update of that version",
			ours: plaza(patchers(users, 0)), theirs: bare(patchers(users, 1)),
		}, {
			file: "list.pprof", name: "list of 20 with total / bare list without total", target: 0.85,
			ours: plaza(ok(get("/users"))), theirs: bare(ok(get("/users"))),
		}, {
			file: "cursor.pprof", name: "page in the middle by cursor / first page", target: 0.83, // at most 1.2 of the time
			ours: plaza(ok(get("/users?size=100&cursor=" + cursor))), theirs: plaza(ok(get("/users?size=100"))),
		}, {
			file: "not_modified.pprof", name: "304 / 200 of the same user", target: 1.2,
			ours: plaza(known.answers(http.StatusNotModified)), theirs: plaza(ok(get("/users/1"))),
		}, {
			file: "signed_in.pprof", name: "signed-in / anonymous read of the same post", target: 0.9,
			ours: plaza(ok(get("/posts/1"))), theirs: plaza(ok(with(get("/posts/1"), "Authorization", ""))),
		}, {
			file: "batch.pprof", name: "batch of 1,000 / single creates, users a second", target: 20, perCall: batchSize,
			ours: plaza(ok(createBatch("batch"))), theirs: plaza(created(create("single"))),
		},
	}
}

// with makes a request with another header; an empty one is left out.
func with(fill maker, name, value string) maker {
	return func(q *fasthttp.Request, n uint64, r *rand.Rand) {
		fill(q, n, r)
		if q.Header.Del(name); value != "" {
			q.Header.Set(name, value)
		}
	}
}

const (
	batchSize = 1000
	// readProfile is of the reads of which half the peak rate is a normal load.
	readProfile = "read.pprof"
)

func get(path string) maker {
	return func(q *fasthttp.Request, _ uint64, _ *rand.Rand) { q.SetRequestURI(path) }
}

func anyUser(users int) maker {
	return func(q *fasthttp.Request, _ uint64, r *rand.Rand) {
		q.SetRequestURI("/users/" + strconv.Itoa(1+r.IntN(users)))
	}
}

// create makes people whom nobody else makes: the address tells who and the call.
func create(by string) maker {
	return func(q *fasthttp.Request, n uint64, r *rand.Rand) { post(q, "/users", person(by, n, r.Uint32())) }
}

func createBatch(by string) maker {
	return func(q *fasthttp.Request, n uint64, r *rand.Rand) {
		people := make([]string, batchSize)
		for i := range people {
			people[i] = person(by, n*batchSize+uint64(i), r.Uint32())
		}
		post(q, "/users/batch", `{"users":[`+strings.Join(people, ",")+`]}`)
	}
}

func person(by string, n uint64, salt uint32) string {
	return fmt.Sprintf(`{"name":"Ann Lee","email":"%s.%d.%d@example.com","age":34}`, by, n, salt)
}

func post(q *fasthttp.Request, path, body string) {
	q.SetRequestURI(path)
	q.Header.SetMethod(fasthttp.MethodPost)
	q.Header.SetContentType("application/json")
	q.SetBodyString(body)
}
