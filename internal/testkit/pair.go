package testkit

import (
	"fmt"
	"net/http"
	"testing"
)

// Pair are two servers on one database and one Redis, which each reaches through a proxy of its own.
type Pair struct {
	Redis   *RedisServer
	Servers [2]*Server
	Proxies [2]*Proxy
	Path    string // of a user
}

// NewPair starts two servers.
func NewPair(t testing.TB) *Pair {
	t.Helper()
	database := Database(t)
	p := &Pair{Redis: NewRedisServer(t), Path: fmt.Sprintf("/users/%d", User(t, database).ID)}
	for i := range p.Servers {
		url, proxy := p.Redis.Proxied()
		p.Proxies[i] = proxy
		p.Servers[i] = NewServerOn(t, database, Sharing(t, database, url))
	}
	return p
}

// Read returns the user's version as a server answers it.
func (p *Pair) Read(server int) int64 {
	version, _ := p.Servers[server].Get(p.Path).Is(http.StatusOK).JSON("version").(float64)
	return int64(version)
}

// Write changes the user's age through a server, and returns the new version.
func (p *Pair) Write(server, age int) int64 {
	change := map[string]any{"age": 20 + age%50} // an age that is allowed
	version, _ := p.Servers[server].Patch(p.Path, "*", change).Is(http.StatusOK).JSON("data", "version").(float64)
	return int64(version)
}
