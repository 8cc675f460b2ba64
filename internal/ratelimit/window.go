package ratelimit

import "time"

// shares is how many groups a window has room for; a group's length is the most that a request is refused too early.
// take.lua gets the length as an argument and does the same.
const shares = 30

// window is what one key has taken.
type window struct {
	// groups are in order of time.
	groups []group
	// first is when the last group's first request came.
	first time.Duration
	// used is how many requests all groups hold.
	used int
}

// group is requests that leave the window together.
type group struct {
	last  time.Duration
	count int
}

// at returns now, unless the newest request is later: another goroutine had a later look at the clock.
func (w *window) at(now time.Duration) time.Duration {
	if n := len(w.groups); n > 0 {
		return max(now, w.groups[n-1].last)
	}
	return now
}

// leave drops the groups that are no longer in the window.
func (w *window) leave(now, per time.Duration) {
	gone := 0
	for gone < len(w.groups) && w.groups[gone].last+per <= now {
		w.used -= w.groups[gone].count
		gone++
	}
	if gone > 0 {
		w.groups = w.groups[:copy(w.groups, w.groups[gone:])]
	}
}

// enter counts a request.
func (w *window) enter(now, per time.Duration) {
	w.used++
	if n := len(w.groups); n > 0 && now-w.first < per/shares {
		w.groups[n-1].last = now
		w.groups[n-1].count++
		return
	}
	w.first = now
	w.groups = append(w.groups, group{last: now, count: 1})
}

// decide counts a request where it is one and there is room.
func (w *window) decide(now time.Duration, limit Limit, count bool) Decision {
	now = w.at(now)
	w.leave(now, limit.Per)
	decision := Decision{Allowed: w.used < limit.Requests}
	if decision.Allowed && count {
		w.enter(now, limit.Per)
	}
	decision.Remaining = max(limit.Requests-w.used, 0)
	if len(w.groups) > 0 {
		decision.Reset = w.groups[0].last + limit.Per - now
	}
	used := w.used
	for i := 0; used >= limit.Requests && i < len(w.groups); i++ {
		used -= w.groups[i].count
		decision.RetryAfter = w.groups[i].last + limit.Per - now
	}
	return decision
}
