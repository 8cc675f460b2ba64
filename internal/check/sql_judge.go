package check

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
)

// sqlJudge tells what the contract allows: its keywords, formats and x-rules.
type sqlJudge struct {
	rules   contract.Rules
	options []openapi3.SchemaValidationOption
}

func newSQLJudge() *sqlJudge {
	j := &sqlJudge{rules: httpapi.Rules()}
	formats := map[string]openapi3.StringFormatValidator{}
	for name, check := range j.rules.Formats {
		formats[name] = openapi3.NewCallbackValidator(check)
	}
	j.options = append(j.options, openapi3.WithStringFormatValidators(formats))
	return j
}

// allows tells whether a schema alone allows a value.
func (j *sqlJudge) allows(schema *openapi3.Schema, value any) bool {
	return schema.VisitJSON(value, j.options...) == nil && j.keepsRule(schema, value)
}

// keepsRule tells whether a value keeps the x-rule of a schema; one that is not known holds nothing up here.
func (j *sqlJudge) keepsRule(schema *openapi3.Schema, value any) bool {
	name, _ := schema.Extensions["x-rule"].(string)
	rule := j.rules.Values[name]
	return rule == nil || len(rule(value)) == 0
}

// sqlGroup is a column with one of the schemas that the contract has for it, which may serve many properties.
type sqlGroup struct {
	column     *sqlColumn // where the values come from, if others refer to it
	schema     *openapi3.Schema
	limits     string
	properties []*sqlProperty
}

// groups puts properties together that have column and schema in common.
func sqlGroups(properties []*sqlProperty, catalogue *sqlCatalogue) []*sqlGroup {
	type key struct {
		column *sqlColumn
		limits string
	}
	var groups []*sqlGroup
	known := map[key]*sqlGroup{}
	for _, p := range properties {
		k := key{catalogue.root(catalogue.column(p.column)), p.limits}
		if known[k] == nil {
			known[k] = &sqlGroup{column: k.column, schema: p.schema, limits: p.limits}
			groups = append(groups, known[k])
		}
		known[k].properties = append(known[k].properties, p)
	}
	return groups
}

// allowsIn tells whether the contract allows a value for the column in some request, whatever stands beside it; in an
// answer, where no request writes it. Values beside it come from the pool, one of them changed at a time.
func (j *sqlJudge) allowsIn(g *sqlGroup, value any, pool sqlPool, siblings []*sqlProperty) bool {
	if !j.allows(g.schema, value) {
		return false
	}
	written := false
	for _, p := range g.properties {
		written = written || p.written
	}
	for _, p := range g.properties {
		if p.written == written && j.keepsParent(p, value, pool, siblings) {
			return true
		}
	}
	return false
}

func (j *sqlJudge) keepsParent(p *sqlProperty, value any, pool sqlPool, siblings []*sqlProperty) bool {
	if p.parent.Extensions["x-rule"] == nil {
		return true
	}
	object := map[string]any{p.name: value}
	beside := map[string][]any{}
	for _, sibling := range siblings {
		if sibling.parent != p.parent || sibling.name == p.name {
			continue
		}
		for _, other := range pool[sibling.column] {
			if j.allows(sibling.schema, other) {
				beside[sibling.name] = append(beside[sibling.name], other)
			}
		}
		if len(beside[sibling.name]) > 0 {
			object[sibling.name] = beside[sibling.name][0]
		}
	}
	if j.keepsRule(p.parent, object) {
		return true
	}
	for name, values := range beside {
		for _, other := range values {
			object[name] = other
			if j.keepsRule(p.parent, object) {
				return true
			}
		}
		object[name] = values[0]
	}
	return false
}

// hasRule tells whether an x-rule of an object is about values of the group, for all that can be known.
func (g *sqlGroup) hasRule() bool {
	for _, p := range g.properties {
		if p.written && p.parent.Extensions["x-rule"] != nil {
			return true
		}
	}
	return false
}
