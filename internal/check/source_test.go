package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

func TestPlacesInAContract(t *testing.T) {
	t.Parallel()
	source, err := check.ReadSource("api.yaml", []byte(`openapi: 3.0.3
info: {title: A, version: 1.0.0}
tags:
  - name: one
  - name: two
paths:
  /a/{b}:
    get:
      responses:
        '200': {description: Fine}
`))
	require.NoError(t, err)
	for pointer, want := range map[string][2]int{
		"":                                      {1, 1},
		"/info/version":                         {2, 18},
		"/tags/1":                               {5, 5},
		"/tags/7":                               {3, 1},
		"/paths/~1a~1{b}/get":                   {8, 5},
		"/paths/~1a~1{b}/get/responses/200":     {10, 9},
		"/paths/~1a~1{b}/get/x-timeout":         {8, 5},
		"/paths/~1a~1{b}/get/x-timeout/and/on":  {8, 5},
		"/paths/~1a~1{b}/get/responses/200/x/y": {10, 9},
		"/nowhere":                              {1, 1},
	} {
		line, column := source.Place(pointer)
		assert.Equal(t, want, [2]int{line, column}, pointer)
	}
}

func TestPointers(t *testing.T) {
	t.Parallel()
	pointer := check.Pointer("paths", "/a~b", 3)
	assert.Equal(t, "/paths/~1a~0b/3", pointer)
	assert.Equal(t, []string{"paths", "/a~b", "3"}, check.Steps(pointer))
	assert.Empty(t, check.Steps(""))
}

func TestAContractThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for text, line := range map[string]int{"openapi: 3.0.3\ninfo: {": 2, "a: b\n c: d\n": 2, "": 1, "[]": 1, "\x00": 1} {
		_, err := check.ReadSource("api.yaml", []byte(text))
		faulty := &check.Faulty{}
		require.ErrorAs(t, err, &faulty, "%q", text)
		assert.Equal(t, "contract/invalid", faulty.Findings[0].Rule)
		assert.Equal(t, line, faulty.Findings[0].Line, "%q: %v", text, err)
	}
}
