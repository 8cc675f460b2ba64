package check

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/semver"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/contract"
)

func TestWhichVersionAChangeNeeds(t *testing.T) {
	t.Parallel()
	rows := []struct {
		base   string
		weight weight
		want   string
	}{
		{"0.1.0", isIncompatible, "0.2.0"},
		{"0.1.7", isIncompatible, "0.2.0"},
		{"0.1.7", isAddition, "0.1.8"},
		{"0.1.7", isRepair, "0.1.8"},
		{"1.2.3", isIncompatible, "2.0.0"},
		{"1.2.3", isAddition, "1.3.0"},
		{"1.2.3", isRepair, "1.2.4"},
		{"1.2.3", weighsNothing, "1.2.3"},
		{"1.2.3+build.7", isRepair, "1.2.4"},
		{"0.2.0-rc.1", isIncompatible, "0.2.0"},
		{"0.2.1-rc.1", isIncompatible, "0.3.0"},
		{"2.0.0-rc.1", isIncompatible, "2.0.0"},
		{"1.3.0-rc.1", isAddition, "1.3.0"},
		{"1.2.4-rc.1", isRepair, "1.2.4"},
	}
	for _, row := range rows {
		assert.Equal(t, row.want, raised(row.base, stepFor(row.base, row.weight)), "%s after %v", row.base, row.weight)
	}
}

func TestWhetherAVersionIsRaisedEnough(t *testing.T) {
	t.Parallel()
	rows := []struct {
		base, version string
		weight        weight
		want          bool
	}{
		{"0.1.0", "0.1.1", isIncompatible, false},
		{"0.1.0", "0.2.0", isIncompatible, true},
		{"0.1.0", "0.2.0-rc.1", isIncompatible, true},
		{"0.1.0", "1.0.0", isIncompatible, true},
		{"0.2.0-rc.1", "0.2.0-rc.1", isIncompatible, false},
		{"0.2.0-rc.1", "0.2.0-rc.2", isIncompatible, true},
		{"1.2.3", "1.9.9", isIncompatible, false},
		{"1.2.3", "1.2.4", isAddition, false},
		{"1.2.3", "1.3.0", isAddition, true},
		{"1.2.3", "1.2.3", weighsNothing, true},
		{"1.2.3", "1.2.2", weighsNothing, false},
	}
	for _, row := range rows {
		assert.Equal(t, row.want, isEnough(row.base, row.version, stepFor(row.base, row.weight)),
			"%s after %s for %v", row.version, row.base, row.weight)
	}
}

func TestWhatIsAVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"0.1.0", "1.2.3-rc.1", "1.2.3+build", "1.2.3-rc.1+build"} {
		assert.True(t, isVersion(version), version)
	}
	for _, version := range []string{"", "1", "1.2", "v1.2.3", "2026-01-01", "1.02.3", "next"} {
		assert.False(t, isVersion(version), version)
	}
}

// What is raised is above its base, is enough, and of all that is enough the least.
func TestTheRaisedVersionIsTheLeastThatIsEnough(t *testing.T) {
	t.Parallel()
	version := rapid.Custom(func(t *rapid.T) string {
		number := rapid.IntRange(0, 3)
		core := fmt.Sprintf("%d.%d.%d", number.Draw(t, "major"), number.Draw(t, "minor"), number.Draw(t, "patch"))
		return core + rapid.SampledFrom([]string{"", "", "-rc.1", "-rc.2"}).Draw(t, "pre-release")
	})
	rapid.Check(t, func(t *rapid.T) {
		base, other := version.Draw(t, "base"), version.Draw(t, "other")
		step := stepFor(base, rapid.SampledFrom([]weight{isRepair, isAddition, isIncompatible}).Draw(t, "weight"))
		next := raised(base, step)
		if !isEnough(base, next, step) || semver.Compare("v"+next, "v"+base) <= 0 {
			t.Fatalf("%s is not enough for %s after %s", next, step, base)
		}
		if semver.Prerelease("v"+other) == "" && semver.Compare("v"+other, "v"+next) < 0 && isEnough(base, other, step) {
			t.Fatalf("%s is enough for %s after %s, and less than %s", other, step, base, next)
		}
	})
}

// A schedule of calls that keeps to the old limit is refused by the new one if and only if the new one is stricter.
func TestALimitIsStricterWhereItRefusesCalls(t *testing.T) {
	t.Parallel()
	limit := rapid.Custom(func(t *rapid.T) *contract.RateLimit {
		return &contract.RateLimit{
			Requests: rapid.IntRange(1, 12).Draw(t, "requests"), Per: time.Duration(rapid.IntRange(1, 6).Draw(t, "per")) * time.Second,
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		was, is := limit.Draw(t, "was"), limit.Draw(t, "is")
		// All that the old limit lets through, as early as it does: as many as can be within any window.
		var calls []time.Duration
		for i := range 100 {
			calls = append(calls, time.Duration(i/was.Requests)*was.Per)
		}
		refused := slices.ContainsFunc(calls, func(from time.Duration) bool {
			within := slices.DeleteFunc(slices.Clone(calls), func(at time.Duration) bool { return at < from || at >= from+is.Per })
			return len(within) > is.Requests
		})
		if got := judgeLimit(was, is); (got == tightened) != refused {
			t.Fatalf("%v after %v is %v, and refuses calls: %v", is, was, got, refused)
		}
	})
}

func TestWhatCachesMayKeep(t *testing.T) {
	t.Parallel()
	rows := []struct {
		was, is string
		want    verdict
	}{
		{"max-age=60", "max-age=60", unchanged},
		{"max-age=60", "public, max-age=60", unchanged},
		{"max-age=60", "max-age=30", tightened},
		{"max-age=60", "max-age=90", loosened},
		{"max-age=60", "private, max-age=60", tightened},
		{"max-age=60, s-maxage=600", "max-age=60", tightened},
		{"private, no-cache", "no-cache", loosened},
		{"max-age=60", "no-cache", tightened},
		{"private, no-cache", "no-store", tightened},
		{"no-store", "", unchanged},
		{"", "private, max-age=1", loosened},
	}
	for _, row := range rows {
		judged := func(control string) stated {
			return stated{policy: contract.Policy{Cache: &contract.Cache{Control: control}}}
		}
		assert.Equal(t, row.want, judgeCache(judged(row.was), judged(row.is)), "%q after %q", row.is, row.was)
	}
	assert.Equal(t, loosened, judgeCache(
		stated{policy: contract.Policy{Cache: &contract.Cache{Keep: time.Minute}}}, stated{}), "only the server notices keep")
}

// Judging both ways: nothing is looser one way and the same the other, and what is the same refuses nobody.
func TestSecurityIsStricterWhereATokenIsRefused(t *testing.T) {
	t.Parallel()
	alternative := rapid.Custom(func(t *rapid.T) openapi3.SecurityRequirement {
		a := openapi3.SecurityRequirement{}
		for _, scheme := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"oauth", "key"}), rapid.ID[string]).Draw(t, "schemes") {
			a[scheme] = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), rapid.ID[string]).Draw(t, "scopes")
		}
		return a
	})
	alternatives := rapid.Map(rapid.SliceOfN(alternative, 0, 3), func(all []openapi3.SecurityRequirement) stated {
		return stated{security: all}
	})
	admits := func(o stated, token openapi3.SecurityRequirement) bool {
		return len(o.security) == 0 ||
			slices.ContainsFunc(o.security, func(asked openapi3.SecurityRequirement) bool { return suffices(token, asked) })
	}
	rapid.Check(t, func(t *rapid.T) {
		was, is, token := alternatives.Draw(t, "was"), alternatives.Draw(t, "is"), alternative.Draw(t, "token")
		if admits(was, token) && !admits(is, token) && judgeSecurity(was, is) != tightened {
			t.Fatalf("%v is refused", token)
		}
		if judgeSecurity(was, is) != tightened && judgeSecurity(is, was) == loosened {
			t.Fatal("it is looser the other way, and not stricter")
		}
	})
}

func TestWhatRolesAndScopesRefuse(t *testing.T) {
	t.Parallel()
	assert.Equal(t, unchanged, judgeAnyOf([]string{"a", "b"}, []string{"b", "a"}))
	assert.Equal(t, tightened, judgeAnyOf(nil, []string{"a"}))
	assert.Equal(t, tightened, judgeAnyOf([]string{"a", "b"}, []string{"a"}))
	assert.Equal(t, tightened, judgeAnyOf([]string{"a"}, []string{"b"}))
	assert.Equal(t, loosened, judgeAnyOf([]string{"a"}, nil))
	assert.Equal(t, loosened, judgeAnyOf([]string{"a"}, []string{"a", "b"}))
	assert.Equal(t, tightened, judgeAllOf(nil, []string{"a"}))
	assert.Equal(t, loosened, judgeAllOf([]string{"a"}, nil))
	assert.Equal(t, tightened, judgeMost(5*time.Second, 4*time.Second))
	assert.Equal(t, tightened, judgeMost(0, 4*time.Second))
	assert.Equal(t, loosened, judgeMost(5*time.Second, 0))
}

func TestPathsShrinkToTheEndThatTheyShare(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "author/name", commonEnd([]string{"author/name", "data/items/author/name"}))
	assert.Equal(t, "name", commonEnd([]string{"data/name", "name"}))
	assert.Equal(t, "title", commonEnd([]string{"data/title", "data/name"}))
}

func TestAListOfNothingButItselfIsNotCompared(t *testing.T) {
	t.Parallel()
	read := func(schema string) *Source {
		source, err := ReadSource("openapi.yaml", []byte("openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"+
			"paths: {/a: {get: {responses: {'200': {description: It, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}\n"+
			"components:\n  schemas:\n    A: "+schema+"\n"))
		require.NoError(t, err)
		return source
	}
	_, err := shapeChanges(read("{type: string}"), read("{type: array, items: {$ref: '#/components/schemas/A'}}"))
	require.EqualError(t, err, "openapi.yaml:6: a list of nothing but lists of its own kind cannot be compared")
	_, err = shapeChanges(read("{type: string}"), read(
		"{type: object, properties: {a: {type: array, items: {$ref: '#/components/schemas/A'}}}}"))
	require.NoError(t, err, "a tree can")
}
