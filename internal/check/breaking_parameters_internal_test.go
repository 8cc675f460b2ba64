package check

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParametersOfAPathAreThoseOfItsOperations(t *testing.T) {
	t.Parallel()
	things := func(path, operation string) string {
		return fmt.Sprintf(`openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /things:
    parameters: [%s]
    get:
      operationId: listThings
      parameters: [%s]
      responses: {'204': {description: None}}
`, path, operation)
	}
	const (
		q        = "{name: q, in: query, schema: {type: string, maxLength: 9}}"
		shorter  = "{name: q, in: query, schema: {type: string, maxLength: 3}}"
		required = "{name: q, in: query, required: true, schema: {type: string, maxLength: 9}}"
		at       = "breaking/incompatible /paths/~1things/parameters/0"
	)
	for name, row := range map[string]struct{ before, after, want string }{
		"moved to the path":         {things("", q), things(q, ""), ""},
		"moved to the operation":    {things(q, ""), things("", q), ""},
		"stated in both":            {things("", q), things(required, q), ""},
		"required":                  {things(q, ""), things(required, ""), at},
		"shorter":                   {things(q, ""), things(shorter, ""), at + "/schema/maxLength"},
		"moved, and shorter":        {things("", q), things(shorter, ""), at + " listThings"},
		"taken away":                {things(q, ""), things("", ""), "breaking/incompatible /paths/~1things"},
		"of the operation, shorter": {things(q, ""), things(q, shorter), "breaking/incompatible /paths/~1things/get/parameters/0 listThings"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := messages(evolved(t, row.before, row.after))
			if row.want == "" {
				assert.Empty(t, found)
				return
			}
			if assert.NotEmpty(t, found) {
				assert.Contains(t, found[0], row.want)
			}
		})
	}
}
