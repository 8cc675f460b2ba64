package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// writtenSamples are those of a contract.
func writtenSamples(t *testing.T, source string) (map[string]map[string]string, error) {
	t.Helper()
	m, err := load([]byte(source))
	require.NoError(t, err)
	directory := t.TempDir()
	if err := writeSamples(m, directory); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(directory, "contract", "samples.json"))
	require.NoError(t, err)
	var samples map[string]map[string]string
	return samples, json.Unmarshal(text, &samples)
}

func TestSamplesSayWhatTheExamplesOfTheContractSay(t *testing.T) {
	t.Parallel()
	source := strings.ReplaceAll(plazaContract(t), "value: {title: Hello again}", `value: {title: "It's\n{a: \\ }"}`)
	samples, err := writtenSamples(t, source)
	require.NoError(t, err)
	assert.Equal(t, `curl --fail-with-body -X PATCH http://127.0.0.1:8080/users/1/posts/1 \
  -H "Authorization: Bearer $TOKEN" \
  -H 'If-Match: *' \
  -H 'Content-Type: application/merge-patch+json' \
  -d '{"title": "It'\''s\n{a: \\ }"}'
`, samples["updatePost"]["curl"])
	assert.Equal(t, `import { createPlaza } from '@plaza/client'

const plaza = createPlaza({ baseUrl: 'http://127.0.0.1:8080', auth: process.env.TOKEN })
const { version } = await plaza.posts.get(1)
const post = await plaza.posts.update(1, 1, { title: 'It\'s\n{a: \\ }' }, { version })
console.log(post)
`, samples["updatePost"]["typescript"])
	assert.Contains(t, samples["createUsers"]["typescript"], `({
  users: [
    { name: 'Ann Lee', email: 'ann@example.com', age: 34 },
    { name: 'Bo Ek', email: 'bo@example.com', age: 28 },
  ],
})`)
	assert.NotContains(t, samples["createUser"]["typescript"], "TOKEN", "anyone may sign up")
}

func TestWhatHasNoExampleHasNoSample(t *testing.T) {
	t.Parallel()
	source := plazaContract(t)
	for _, example := range []string{
		`            examples:
              hello:
                summary: A first post
                value: {title: Hello, content: "A first post.\n"}
`,
		`            examples:
              title:
                summary: Another title
                value: {title: Hello again}
`,
	} {
		require.Contains(t, source, example)
		source = strings.Replace(source, example, "", 1)
	}
	_, err := writtenSamples(t, source)
	require.EqualError(t, err, "createPost: its body has no example\nupdatePost: its body has no example")
}
