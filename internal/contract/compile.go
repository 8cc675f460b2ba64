package contract

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// sdkName is a name of a method, as TypeScript has them.
var sdkName = regexp.MustCompile(`^[a-z][A-Za-z]*$`)

// compilePolicy reads the x- keys of an operation.
func (c *compiler) compilePolicy(o *Operation) {
	p := policyReader{report: c.report, spec: o.Spec}
	o.Policy = p.policy(o.parameters)
	o.Policy.Replica = p.replica(o)
	p.checkSDKName()
}

// ReadPolicy returns what can be read of an operation's policy, whatever document it is of: what is missing or
// malformed is zero, where [Load] refuses it.
func ReadPolicy(spec *openapi3.Operation) Policy {
	p := policyReader{report: &report{}, spec: spec}
	policy := p.policy(nil)
	policy.Replica = p.flag(keyReplica)
	return policy
}

func (p policyReader) policy(parameters []*parameter) Policy {
	return Policy{
		Security: p.security(), Owner: p.owner(parameters), Roles: p.roles(),
		RateLimit: p.rateLimit(), FailedSignIns: p.failedSignIns(), IgnoreUnknown: p.flag(keyIgnoreUnknown),
		Cache: p.cache(), Idempotent: p.flag(keyIdempotent),
		BodyLimit: p.bodyLimit(), Timeout: p.timeout(),
	}
}

// policyReader reads the keys of one operation and complains at their lines.
type policyReader struct {
	report *report
	spec   *openapi3.Operation
}

func (p policyReader) complainf(key, format string, arguments ...any) {
	p.report.atf(p.spec.Origin, key, "%s: %s", p.spec.OperationID, fmt.Sprintf(format, arguments...))
}

func (p policyReader) security() Security {
	if p.spec.Security == nil {
		p.complainf("security", "security must be stated; [] where anyone may call")
		return Security{}
	}
	result := Security{Anonymous: len(*p.spec.Security) == 0}
	for _, requirement := range *p.spec.Security {
		switch len(requirement) {
		case 0:
			result.Anonymous = true
		case 1:
			for scheme, scopes := range requirement {
				result.Alternatives = append(result.Alternatives, Alternative{Scheme: scheme, Scopes: slices.Clone(scopes)})
			}
		default:
			p.complainf("security", "security must name one scheme per alternative")
		}
	}
	return result
}

func (p policyReader) owner(parameters []*parameter) string {
	value, ok := p.spec.Extensions[keyOwner]
	if !ok {
		return ""
	}
	name, _ := value.(string)
	if !slices.ContainsFunc(parameters, func(q *parameter) bool {
		return q.spec.In == openapi3.ParameterInPath && q.spec.Name == name
	}) {
		p.complainf(keyOwner, "%s must name a parameter of the path", keyOwner)
	}
	return name
}

func (p policyReader) roles() []string {
	value, ok := p.spec.Extensions[keyRoles]
	if !ok {
		return nil
	}
	roles, good := list(value)
	if !good {
		p.complainf(keyRoles, "%s must be a list of roles", keyRoles)
	}
	return roles
}

func (p policyReader) rateLimit() *RateLimit {
	value, ok := p.spec.Extensions[keyRateLimit]
	if value == "none" {
		return nil
	}
	limit := readLimit(value)
	if !ok || limit == nil {
		p.complainf(keyRateLimit, "%s must be stated as {requests: 100, per: 60s} or none", keyRateLimit)
	}
	return limit
}

func (p policyReader) failedSignIns() *FailedSignIns {
	value, ok := p.spec.Extensions[keyFailedSignIns]
	if !ok {
		return nil
	}
	entries, _ := value.(map[string]any)
	account, address := readLimit(entries["account"]), readLimit(entries["address"])
	if account == nil || address == nil || len(entries) != 2 {
		p.complainf(keyFailedSignIns, "%s must be {account: LIMIT, address: LIMIT}, each as {requests: 10, per: 600s}",
			keyFailedSignIns)
		return nil
	}
	return &FailedSignIns{Account: *account, Address: *address}
}

// readLimit reads {requests: 100, per: 60s}; nil where it is none.
func readLimit(value any) *RateLimit {
	entries, _ := value.(map[string]any)
	requests, goodRequests := integer(entries["requests"])
	per, goodPer := duration(entries["per"])
	if !goodRequests || !goodPer || requests < 1 || per <= 0 || len(entries) != 2 {
		return nil
	}
	return &RateLimit{Requests: int(requests), Per: per}
}

func (p policyReader) cache() *Cache {
	value, ok := p.spec.Extensions[keyCache]
	if !ok {
		return nil
	}
	entries, good := value.(map[string]any)
	result := &Cache{}
	for key, entry := range entries {
		var fine bool
		switch key {
		case "keep":
			result.Keep, fine = duration(entry)
		case "control":
			result.Control, fine = entry.(string)
		}
		good = good && fine
	}
	if !good || len(entries) == 0 || result.Keep < 0 {
		p.complainf(keyCache, `%s must be {keep: 300s, control: "private, no-cache"}`, keyCache)
	}
	return result
}

// replica is for reads alone, and not for what is kept: a replica's answer, which may be old, would be kept as new.
func (p policyReader) replica(o *Operation) bool {
	value, ok := p.spec.Extensions[keyReplica]
	kept := o.Policy.Cache != nil && o.Policy.Cache.Keep > 0
	if ok && (value != true || takesBody(o.Method) || kept) {
		p.complainf(keyReplica, "%s must be true, on a GET of which nothing is kept", keyReplica)
	}
	return ok
}

// checkSDKName looks at what only those read who make SDKs.
func (p policyReader) checkSDKName() {
	value, ok := p.spec.Extensions[keySDKName]
	name, _ := value.(string)
	if ok && !sdkName.MatchString(name) {
		p.complainf(keySDKName, "%s must be a name such as createMany", keySDKName)
	}
}

func (p policyReader) flag(key string) bool {
	value, ok := p.spec.Extensions[key]
	set, good := value.(bool)
	if ok && !good {
		p.complainf(key, "%s must be true or false", key)
	}
	return set
}

func (p policyReader) bodyLimit() int64 {
	value, ok := p.spec.Extensions[keyBodyLimit]
	if p.spec.RequestBody == nil {
		if ok {
			p.complainf(keyBodyLimit, "%s has no meaning without a request body", keyBodyLimit)
		}
		return 0
	}
	limit, good := size(value)
	if !good {
		p.complainf(keyBodyLimit, "%s must be stated, as in 64KiB", keyBodyLimit)
	}
	return limit
}

func (p policyReader) timeout() time.Duration {
	timeout, good := duration(p.spec.Extensions[keyTimeout])
	if !good || timeout <= 0 {
		p.complainf(keyTimeout, "%s must be stated, as in 5s", keyTimeout)
	}
	return timeout
}

// duration reads Go's notation, as in 300s.
func duration(value any) (time.Duration, bool) {
	text, _ := value.(string)
	d, err := time.ParseDuration(text)
	return d, err == nil
}

// size reads a positive number of bytes in B, KiB or MiB.
func size(value any) (int64, bool) {
	text, _ := value.(string)
	for _, unit := range []struct {
		suffix string
		bytes  int64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"B", 1}} {
		if digits, ok := strings.CutSuffix(text, unit.suffix); ok {
			n, err := strconv.ParseInt(digits, 10, 32)
			return n * unit.bytes, err == nil && n > 0
		}
	}
	return 0, false
}

// integer reads a whole number, whichever type the YAML reader gave it.
func integer(value any) (int64, bool) {
	text, err := json.Marshal(value)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(string(text), 10, 32)
	return n, err == nil
}

// list reads a list of words that are not empty.
func list(value any) ([]string, bool) {
	items, _ := value.([]any)
	var words []string
	for _, item := range items {
		word, _ := item.(string)
		words = append(words, word)
	}
	return words, len(words) > 0 && !slices.Contains(words, "")
}
