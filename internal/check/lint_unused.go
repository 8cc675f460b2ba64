package check

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/plaza-api/plaza/internal/contract"
)

// components finds those that nothing leads to, from the paths on.
func (l *linter) components() {
	g := lintGraph{leads: map[string][]string{}, seen: map[string]bool{}}
	l.source.walk(g.object)
	for _, o := range l.operations {
		for _, requirement := range l.security(o) {
			for name := range requirement {
				g.leads[""] = append(g.leads[""], Pointer("components", "securitySchemes", name))
			}
		}
	}
	g.reach("")
	for _, at := range g.components {
		steps := Steps(at)
		if !g.seen[at] {
			l.addf("unused", at, "nothing refers to %s of components/%s: take it out", steps[2], steps[1])
		}
	}
}

// lintGraph says what leads to which component.
type lintGraph struct {
	// leads goes from a component, or from "" for all that is none, to components.
	leads      map[string][]string
	components []string
	seen       map[string]bool
}

// object notes what an object refers to: $ref, discriminator mappings, and the keys that name components.
func (g *lintGraph) object(at string, object *yaml.Node) {
	from, steps := "", Steps(at)
	if len(steps) > 2 && steps[0] == "components" {
		from = Pointer("components", steps[1], steps[2])
		if len(steps) == 3 && !strings.HasPrefix(steps[1], "x-") {
			g.components = append(g.components, at)
		}
	}
	add := func(to string) { g.leads[from] = append(g.leads[from], to) }
	if _, ref := contract.Child(object, "$ref"); ref != nil {
		add(lintComponentOf(ref.Value))
	}
	if _, mapping := contract.Child(object, "mapping"); mapping != nil && mapping.Kind == yaml.MappingNode {
		for i := 1; i < len(mapping.Content); i += 2 {
			target := mapping.Content[i].Value
			if !strings.Contains(target, "/") {
				target = "#" + Pointer("components", "schemas", target)
			}
			add(lintComponentOf(target))
		}
	}
	if _, name := contract.Child(object, "x-validate-items"); name != nil {
		add(Pointer("components", "schemas", name.Value))
	}
	if _, names := contract.Child(object, "x-response-headers"); names != nil {
		for _, name := range names.Content {
			add(Pointer("components", "headers", name.Value))
		}
	}
}

// lintComponentOf returns the component that a reference leads to, or into.
func lintComponentOf(ref string) string {
	steps := Steps(strings.TrimPrefix(ref, "#"))
	if len(steps) < 3 {
		return ref
	}
	return Pointer(steps[0], steps[1], steps[2])
}

func (g *lintGraph) reach(from string) {
	for _, to := range g.leads[from] {
		if !g.seen[to] {
			g.seen[to] = true
			g.reach(to)
		}
	}
}
