package coalesce

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
