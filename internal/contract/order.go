package contract

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// compareOrigin orders two parts of the document by where they stand in the file.
func compareOrigin(a, b *openapi3.Origin) int {
	return cmp.Or(cmp.Compare(line(a), line(b)), cmp.Compare(column(a), column(b)))
}

func line(origin *openapi3.Origin) int {
	if origin == nil || origin.Key == nil {
		return 0
	}
	return origin.Key.Line
}

func column(origin *openapi3.Origin) int {
	if origin == nil || origin.Key == nil {
		return 0
	}
	return origin.Key.Column
}

// propertyOrder lists the names of properties as they stand in the file.
func propertyOrder(properties openapi3.Schemas) []string {
	names := make([]string, 0, len(properties))
	for name := range properties {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(compareOrigin(properties[a].Origin, properties[b].Origin), cmp.Compare(a, b))
	})
	return names
}

// place ranks the value that path leads to: for each step the property's place in
// the contract or the item's index. Properties that the contract does not know come last.
func (s *shape) place(path []string) []int {
	ranks := make([]int, 0, len(path))
	for _, step := range path {
		if s == nil {
			break
		}
		var rank int
		rank, s = s.step(step)
		ranks = append(ranks, rank)
	}
	return ranks
}

// placeUnknown ranks a property that its object does not allow: after all others,
// even if another alternative of a oneOf knows it.
func (s *shape) placeUnknown(path []string) []int {
	ranks := s.place(path)
	if len(ranks) > 0 {
		ranks[len(ranks)-1] = math.MaxInt
	}
	return ranks
}

// step returns the rank of one step and the shape behind it, which may be nil.
func (s *shape) step(name string) (int, *shape) {
	if i, ok := s.rank[name]; ok {
		return i, s.members[i].shape
	}
	if s.items != nil || s.rows != nil {
		if i, err := strconv.Atoi(name); err == nil {
			return i, s.items
		}
	}
	if s.choice != nil {
		for _, alternative := range s.choice.order {
			if i, ok := alternative.rank[name]; ok {
				return i, alternative.members[i].shape
			}
		}
	}
	return math.MaxInt, s.rest
}

// keywordRank orders the faults of one value: what it is, then how large, then its form.
func keywordRank(keyword string) int {
	return slices.Index([]string{
		"required", "nullable", "type", "enum", "readOnly",
		"minLength", "maxLength", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf",
		"minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "pattern", "format", ruleKeyword,
	}, keyword)
}
