package mock_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnswersFitTheirQuestion(t *testing.T) {
	t.Parallel()
	s := start(t, plaza)
	assert.EqualValues(t, 7, object(t, ask(s, "GET", "/users/7", ""))["id"])
	assert.EqualValues(t, 9007199254740991, object(t, ask(s, "GET", "/users/9007199254740991", ""))["id"])

	list := properties(t, object(t, ask(s, "GET", "/users", ""))["data"])
	items, _ := list["items"].([]any)
	require.Len(t, items, 2)
	assert.NotEqual(t, properties(t, items[0])["id"], properties(t, items[1])["id"])
	assert.Nil(t, list["next_cursor"], "the list ends")

	made := properties(t, object(t, ask(s, "POST", "/users",
		`{"name": "Bo Ek", "email": "bo@example.com", "age": 28, "password": "correct horse battery"}`,
		"Content-Type: application/json"))["data"])
	assert.Equal(t, []any{"Bo Ek", "bo@example.com", 28.0}, []any{made["name"], made["email"], made["age"]})
	assert.NotContains(t, made, "password")

	problem := object(t, ask(s, "GET", "/users/7", "", "Prefer: code=404", "X-Request-Id: mine"))
	assert.Equal(t, []any{404.0, "/users/7", "mine"}, []any{problem["status"], problem["instance"], problem["request_id"]})

	head := ask(s, "HEAD", "/users/7", "")
	assert.Equal(t, 200, head.Code)
	assert.Zero(t, head.Body.Len())
	deleted := ask(s, "DELETE", "/users/7", "")
	assert.Equal(t, 204, deleted.Code)
	assert.Zero(t, deleted.Body.Len())
}

func TestAnIdOfThePathThatIsNoNumberLeavesANumberAsItIs(t *testing.T) {
	t.Parallel()
	s := written(t, `{openapi: 3.0.3, info: {title: One, version: '1'}, paths: {"/cats/{id}": {get: {
		parameters: [{name: id, in: path, required: true, schema: {type: string}}],
		responses: {'200': {description: It, content: {application/json: {schema: {type: object, properties: {
			id: {type: integer, example: 5}}}}}}}}}}}`)
	for path, want := range map[string]any{"/cats/7": 7.0, "/cats/tom": 5.0, "/cats/007": 5.0, "/cats/%207": 5.0} {
		assert.Equal(t, want, object(t, ask(s, "GET", path, ""))["id"], path)
	}
}
