package etag_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
)

func TestATagIsOfItsVersionAndItsBytes(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `"3-9f86d081884c7d65"`, etag.Format(3, []byte("test")))
	rapid.Check(t, func(t *rapid.T) {
		version, other := rapid.Int64Min(1).Draw(t, "version"), rapid.Int64Min(1).Draw(t, "other")
		content, others := rapid.String().Draw(t, "content"), rapid.String().Draw(t, "others")
		same := version == other && content == others
		assert.Equal(t, same, etag.Format(version, []byte(content)) == etag.Format(other, []byte(others)))
	})
}

func TestIfMatchComparesTheVersionAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		version, other := rapid.Int64Min(1).Draw(t, "version"), rapid.Int64Min(1).Draw(t, "other")
		tag := etag.Format(version, []byte(rapid.String().Draw(t, "content")))
		if rapid.Bool().Draw(t, "compressed") {
			tag = strings.TrimSuffix(tag, `"`) + etag.GzipSuffix + `"`
		}
		weak := rapid.Bool().Draw(t, "weak")
		if weak {
			tag = "W/" + tag
		}
		header := rapid.SampledFrom([]string{"", `"x" , `, ",, \t", `W/"1-a", `}).Draw(t, "before") + tag +
			rapid.SampledFrom([]string{"", ` ,"y"`, ", ,", "\t"}).Draw(t, "after")

		m, err := etag.ParseMatch(header)

		require.NoError(t, err, header)
		requireStale(t, weak, m.Check(version), header)
		requireStale(t, weak || other != version, m.Check(other), header)
	})
}

func requireStale(t require.TestingT, stale bool, err error, header string) {
	if stale {
		require.True(t, fault.Is(err, fault.StaleVersion), "%s: %v", header, err)
		return
	}
	require.NoError(t, err, header)
}

func TestParseMatch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header string
		match  bool // version 5
	}{
		"a star matches every version":        {"*", true},
		"blanks around a star":                {" *\t", true},
		"a tag of ours":                       {`"5-abc"`, true},
		"a version without a hash":            {`"5"`, true},
		"one of several":                      {`"4-abc", "5-abc"`, true},
		"another version":                     {`"4-abc"`, false},
		"a weak tag never matches":            {`W/"5-abc"`, false},
		"another's tag matches nothing":       {`"abc"`, false},
		"an empty tag":                        {`""`, false},
		"a sign is not ours":                  {`"+5-abc"`, false},
		"nor is a leading zero":               {`"05-abc"`, false},
		"nor what is larger than any version": {`"99999999999999999999-abc"`, false},
		"a comma in a tag is no separator":    {`"4,5-abc"`, false},
		"bytes beyond ASCII":                  {"\"5-\xe9\"", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := etag.ParseMatch(c.header)
			require.NoError(t, err)
			requireStale(t, !c.match, m.Check(5), c.header)
		})
	}
}

func TestWhatIsNoListOfTags(t *testing.T) {
	t.Parallel()
	for _, header := range []string{
		"", " ", ",", "5", `"5`, `5"`, `"5" "6"`, `"5"6`, `w/"5"`, `W/5`, `W/ "5"`, `*, "5"`, `"5", *`, `"a b"`, "\"\x7f\"", `'5'`,
	} {
		_, err := etag.ParseMatch(header)
		require.EqualError(t, err, "must be a list of entity tags or *", "%q", header)
		assert.False(t, etag.Fresh(header, `"5"`), "%q", header)
	}
}

func TestNoIfMatchAsksNothing(t *testing.T) {
	t.Parallel()
	require.NoError(t, etag.Match{}.Check(1))
}

func TestFresh(t *testing.T) {
	t.Parallel()
	const tag = `"5-abc"`
	for header, want := range map[string]bool{
		"*":                        true,
		`"5-abc"`:                  true,
		`W/"5-abc"`:                true,
		`"5-abc-gzip"`:             true,
		`W/"5-abc-gzip"`:           true,
		` "x",	"5-abc" `:           true,
		`"5-abd"`:                  false,
		`"6-abc"`:                  false,
		`"5-abc-br"`:               false,
		`"5-ABC"`:                  false,
		`"x", "5-abc", and others`: false,
	} {
		assert.Equal(t, want, etag.Fresh(header, tag), header)
	}
}

func FuzzParseMatch(f *testing.F) {
	for _, seed := range []string{"", "*", `"5-abc"`, `W/"5"`, `"a", "7-b" ,`, `"5`, "\"\xff\"", `"-5"`, `"+5"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		m, err := etag.ParseMatch(header)
		if err != nil {
			assert.False(t, etag.Fresh(header, `"5"`), "no list of tags, and names one")
			return
		}
		if strings.TrimSpace(header) == "*" {
			require.NoError(t, m.Check(5))
			return
		}
		if m.Check(5) == nil {
			assert.Contains(t, header, `"5`, "matched what was not named")
		}
	})
}
