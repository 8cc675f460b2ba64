package coalesce

import "time"

// Patient returns the group, whose reads wait for the query that is under way however long it takes.
func Patient[V any](g *Group[V]) *Group[V] {
	g.linger = time.Hour
	return g
}

// Waiting returns how many ids wait.
func Waiting[V any](g *Group[V]) func() int {
	return func() int {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.waiting == nil {
			return 0
		}
		return len(g.waiting.ids)
	}
}
