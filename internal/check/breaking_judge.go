package check

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
)

// judgeLimit: a limit is stricter if some calls that the other let through are refused. Calls that keep to 10 in any
// 10 s may be 20 in 15 s, so 15 in 15 s is stricter, though the rate is the same. No limit is the loosest.
func judgeLimit(was, is *contract.RateLimit) verdict {
	switch {
	case was == nil && is == nil:
		return unchanged
	case is == nil:
		return loosened
	case was == nil:
		return tightened
	case *was == *is:
		return unchanged
	}
	windows := int((is.Per + was.Per - 1) / was.Per) // of the old limit that may begin in one of the new
	if is.Requests < was.Requests*windows {
		return tightened
	}
	return loosened
}

func judgeSignIns(was, is stated) verdict {
	before, after := was.policy.FailedSignIns, is.policy.FailedSignIns
	switch {
	case before == nil && after == nil:
		return unchanged
	case after == nil:
		return loosened
	case before == nil:
		return tightened
	}
	return max(judgeLimit(&before.Account, &after.Account), judgeLimit(&before.Address, &after.Address))
}

// judgeAnyOf: one of the list is enough; an empty list lets everybody.
func judgeAnyOf(was, is []string) verdict {
	lost := func(from, to []string) bool {
		return len(to) > 0 && (len(from) == 0 || slices.ContainsFunc(from, func(role string) bool {
			return !slices.Contains(to, role)
		}))
	}
	switch {
	case lost(was, is):
		return tightened
	case lost(is, was):
		return loosened
	}
	return unchanged
}

// judgeAllOf: all of the list are needed.
func judgeAllOf(was, is []string) verdict {
	switch {
	case !containsAll(was, is):
		return tightened
	case !containsAll(is, was):
		return loosened
	}
	return unchanged
}

// containsAll tells whether all of some are in all.
func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(one string) bool { return !slices.Contains(all, one) })
}

// judgeOwner: an owner who is another parameter now lets in others, and thereby shuts out who was let in.
func judgeOwner(was, is stated) verdict {
	switch before, after := was.policy.Owner, is.policy.Owner; {
	case before == after, before != "" && after != "" && isRenamed(was, is):
		return unchanged
	case after == "":
		return loosened
	}
	return tightened
}

// isRenamed tells whether the owner is the same parameter of the path under another name.
func isRenamed(was, is stated) bool {
	place := func(o stated) int { return slices.Index(strings.Split(o.path, "/"), "{"+o.policy.Owner+"}") }
	return place(was) == place(is)
}

// judgeSecurity: it is stricter if some token that was enough for one of the alternatives is enough for none. What a
// caller needs for an alternative is all of its schemes, with all their scopes.
func judgeSecurity(was, is stated) verdict {
	lost := func(from, to openapi3.SecurityRequirements) bool {
		if len(to) == 0 {
			return false // anyone may call
		}
		if len(from) == 0 {
			from = openapi3.SecurityRequirements{{}}
		}
		return slices.ContainsFunc(from, func(token openapi3.SecurityRequirement) bool {
			return !slices.ContainsFunc(to, func(asked openapi3.SecurityRequirement) bool { return suffices(token, asked) })
		})
	}
	switch {
	case lost(was.security, is.security):
		return tightened
	case lost(is.security, was.security):
		return loosened
	}
	return unchanged
}

func suffices(token, asked openapi3.SecurityRequirement) bool {
	for scheme, scopes := range asked {
		has, ok := token[scheme]
		if !ok || !containsAll(has, scopes) {
			return false
		}
	}
	return true
}

// judgeGiven: something that callers could rely on.
func judgeGiven(was, is bool) verdict {
	switch {
	case was == is:
		return unchanged
	case was:
		return tightened
	}
	return loosened
}

// judgeMost: an upper limit; none, which is zero, is the loosest.
func judgeMost[T cmp.Ordered](was, is T) verdict {
	var none T
	switch {
	case was == is:
		return unchanged
	case is == none, was != none && is > was:
		return loosened
	}
	return tightened
}

// judgeBodyLimit compares where there are bodies, before and after.
func judgeBodyLimit(was, is stated) verdict {
	if was.spec.RequestBody == nil || is.spec.RequestBody == nil {
		return unchanged
	}
	return judgeMost(was.policy.BodyLimit, is.policy.BodyLimit)
}

// judgeReplica: an answer that may be older than it was refuses nobody, and who must not see that shows the position.
func judgeReplica(was, is stated) verdict {
	if was.policy.Replica == is.policy.Replica {
		return unchanged
	}
	return loosened
}

// judgeName compares what SDKs call an operation.
func judgeName(was, is stated) verdict {
	if was.spec.Extensions["x-sdk-name"] == is.spec.Extensions["x-sdk-name"] {
		return unchanged
	}
	return renamed
}

// judgeCache: what browsers and CDNs may keep for a shorter time, or not at all, costs who calls more calls. How long
// the server's own memory keeps an answer (keep) only its database notices.
func judgeCache(was, is stated) verdict {
	before, after := controlOf(was.policy.Cache), controlOf(is.policy.Cache)
	switch {
	case after.shared < before.shared, after.private < before.private:
		return tightened
	case before == after && keepOf(was.policy.Cache) == keepOf(is.policy.Cache):
		return unchanged
	}
	return loosened
}

func keepOf(cache *contract.Cache) time.Duration {
	if cache == nil {
		return 0
	}
	return cache.Keep
}

// freshness is for how many seconds a cache may answer by itself; 0 where it may keep an answer and must ask whether it
// still holds; -1 where it may keep nothing.
type freshness struct{ shared, private int }

// controlOf reads Cache-Control (RFC 9111, section 5.2.2). Without one, answers are sent with no-store.
func controlOf(cache *contract.Cache) freshness {
	f := freshness{-1, -1}
	if cache == nil || cache.Control == "" {
		return f
	}
	given := map[string]int{}
	for directive := range strings.SplitSeq(cache.Control, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		given[strings.ToLower(name)], _ = strconv.Atoi(strings.Trim(value, `"`)) // 0 where there is none
	}
	has := func(name string) bool { _, ok := given[name]; return ok }
	if has("no-store") {
		return f
	}
	f.private, f.shared = given["max-age"], given["max-age"]
	if has("s-maxage") {
		f.shared = given["s-maxage"]
	}
	if has("no-cache") {
		f = freshness{}
	}
	if has("private") {
		f.shared = -1
	}
	return f
}
