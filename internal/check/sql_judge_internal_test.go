package check

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
)

func TestAValueIsJudgedWithWhatMayStandBesideIt(t *testing.T) {
	t.Parallel()
	sent := &openapi3.Schema{Extensions: map[string]any{"x-rule": "postal_code"}}
	code, country := openapi3.NewStringSchema().WithMaxLength(7), openapi3.NewStringSchema().WithEnum("CA", "US")
	written := &sqlProperty{name: "postal_code", column: "addresses.postal_code", schema: code, parent: sent, written: true}
	read := &sqlProperty{name: "postal_code", column: "addresses.postal_code", schema: code, parent: &openapi3.Schema{}, read: true}
	siblings := []*sqlProperty{
		written, read,
		{name: "country", column: "addresses.country", schema: country, parent: sent},
		{name: "country", column: "addresses.home", schema: country, parent: &openapi3.Schema{}},
	}
	both := sqlPool{"addresses.country": {"US", "CA"}, "addresses.home": {"CA"}}
	for _, row := range []struct {
		name       string
		value      any
		pool       sqlPool
		properties []*sqlProperty
		want       bool
	}{
		{"the first that may stand there", "12345", both, []*sqlProperty{written}, true},
		{"another that may", "K1M 1M4", both, []*sqlProperty{written}, true},
		{"none that may", "1234X", both, []*sqlProperty{written}, false},
		{"one that the contract refuses", "06000", sqlPool{"addresses.country": {"CA", "MX"}}, []*sqlProperty{written}, false},
		{"one of another object", "K1M 1M4", sqlPool{"addresses.country": {"US"}, "addresses.home": {"CA"}}, []*sqlProperty{written}, false},
		{"too long by itself", "12345-6789", both, []*sqlProperty{written}, false},
		{"an answer, beside a request", "1234X", both, []*sqlProperty{written, read}, false},
		{"an answer", "1234X", both, []*sqlProperty{read}, true},
	} {
		group := &sqlGroup{schema: code, properties: row.properties}
		assert.Equal(t, row.want, newSQLJudge().allowsIn(group, row.value, row.pool, siblings), row.name)
	}
}

func TestARuleOfAnObjectIsAboutWhatRequestsSend(t *testing.T) {
	t.Parallel()
	ruled, plain := &openapi3.Schema{Extensions: map[string]any{"x-rule": "postal_code"}}, &openapi3.Schema{}
	for _, row := range []struct {
		property sqlProperty
		want     bool
	}{
		{sqlProperty{parent: ruled, written: true}, true},
		{sqlProperty{parent: ruled, read: true}, false},
		{sqlProperty{parent: plain, written: true}, false},
	} {
		group := &sqlGroup{properties: []*sqlProperty{{parent: plain}, &row.property}}
		assert.Equal(t, row.want, group.hasRule(), row)
	}
}

func TestPropertiesOfOneColumnAndOneSchemaAreTriedOnce(t *testing.T) {
	t.Parallel()
	properties := []*sqlProperty{
		{name: "id", column: "users.id", limits: "/ID"},
		{name: "author_id", column: "posts.author_id", limits: "/ID"}, // which refers to users.id
		{name: "friend_id", column: "users.friend_id", limits: "/friend_id"},
		{name: "title", column: "posts.title", limits: "/ID"},
	}
	var found [][]string
	for _, g := range sqlGroups(properties, postsAndUsers()) {
		group := []string{g.column.String(), g.limits}
		for _, p := range g.properties {
			group = append(group, p.name)
		}
		found = append(found, group)
	}
	assert.Equal(t, [][]string{
		{"users.id", "/ID", "id", "author_id"},
		{"users.id", "/friend_id", "friend_id"},
		{"posts.title", "/ID", "title"},
	}, found)
}
