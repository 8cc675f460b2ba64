package contract_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
)

func TestFaultsOfABodyComeTogetherInTheOrderOfTheContract(t *testing.T) {
	t.Parallel()
	c := load(t)
	rows := map[string]struct{ operation, body, want string }{
		"one fault is said in the message": {"createUser", `{"name":"A","email":"a@b","age":34}`, lines(
			"invalid: name must have at least 2 characters",
			"/name: must have at least 2 characters")},
		"the contract's words stand alone": {"createUser", `{"name":"A1","email":"a@b","age":34}`, lines(
			"invalid: Name cannot contain numbers",
			"/name: Name cannot contain numbers")},
		"properties stand in the order of the file, unknown ones last": {"createUser", `{"zeta":1,"1st":1,"alpha":2,"tags":[1,"a b","c"],"age":12.5,"name":"1"}`, lines(
			"invalid: 11 faults in the request",
			"/name: must have at least 2 characters",
			"/name: Name cannot contain numbers",
			"/email: is required",
			"/age: must be an integer",
			"/age: must be at least 13",
			"/tags: must have at most 2 items",
			"/tags/0: must be a string",
			"/tags/1: must be one word",
			"/1st: must be a string",
			"/alpha: is not a known field",
			"/zeta: is not a known field")},
		"what is required below says so": {"createUser", `{"name":"Ann","email":"a@b","age":34,"address":{"street":"x","a~/b":1}}`, lines(
			"invalid: 3 faults in the request",
			"/address/street: must have at least 5 characters",
			"/address/city: Say which city",
			"/address/a~0~1b: is not a known field")},
		"a rule speaks beside other faults": {"createUser", `{"name":"A","email":"a@b","age":15,"status":"inactive"}`, lines(
			"invalid: 3 faults in the request",
			"/name: must have at least 2 characters",
			"/status: must be active under 18",
			"/1st: is not for minors")},
		"a rule does not speak of what is faulty already": {"createUser", `{"name":"Ann","email":"a@b","age":15,"status":"old"}`, lines(
			"invalid: 2 faults in the request",
			"/status: must be one of active, inactive",
			"/1st: is not for minors")},
		"null is no default": {"createUser", `{"name":"Ann","email":"a@b","age":null,"status":null}`, lines(
			"invalid: 2 faults in the request",
			"/age: must not be null",
			"/status: must not be null",
		)},
		"no object":                   {"createUser", `[]`, "invalid: The body must be an object\n: must be an object"},
		"null":                        {"createUser", `null`, "invalid: The body must not be null\n: must not be null"},
		"an integer with a point":     {"createUser", `{"name":"Ann","email":"a@b","age":34.0}`, "invalid: age must be an integer\n/age: must be an integer"},
		"an integer with an exponent": {"createUser", `{"name":"Ann","email":"a@b","age":1e400}`, "invalid: age must be an integer\n/age: must be an integer"},
		"an integer beyond int64":     {"createUser", `{"name":"Ann","email":"a@b","age":99999999999999999999}`, "invalid: age must be at most 120\n/age: must be at most 120"},
		"integers beyond their types": {"checkLimits", `{"int32":4294967296,"int64":9223372036854775808,"any":-99999999999999999999}`, lines(
			"invalid: 3 faults in the request",
			"/int32: is out of range", "/int64: is out of range", "/any: is out of range")},
		"items of arrays in arrays": {"createNote", `{"replies":[{"title":1},{"replies":[{"lines":[null],"numbers":[1,1.5]}]}],"labels":{"b":"too long","a":1},"both":{}}`, lines(
			"invalid: 7 faults in the request",
			"/labels/a: must be a string",
			"/labels/b: must have at most 5 characters",
			"/replies/0/title: must be a string",
			"/replies/1/replies/0/lines/0: must not be null",
			"/replies/1/replies/0/numbers/1: must be an integer",
			"/both/street: is required",
			"/both/city: Say which city")},
		"an integer of 400 digits": {
			"createUser", `{"name":"Ann","email":"a@b","age":1` + strings.Repeat("0", 400) + `}`,
			"invalid: age is out of range\n/age: is out of range",
		},
		"a number beyond float64": {"createNote", `{"ratio":1e999}`, "invalid: ratio is out of range\n/ratio: is out of range"},
		"an alternative is chosen and speaks alone": {"createShape", `{"kind":"circle","label":1,"side":2}`, lines(
			"invalid: 3 faults in the request",
			"/label: must be a string", "/radius: is required", "/side: is not a known field")},
		"nothing chooses":            {"createShape", `{"radius":1}`, "invalid: kind is required\n/kind: is required"},
		"an unknown alternative":     {"createShape", `{"kind":"line"}`, "invalid: kind must be one of circle, square\n/kind: must be one of circle, square"},
		"a choice that is no object": {"createShape", `5`, "invalid: The body has none of the allowed forms\n: has none of the allowed forms"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := check(t, c, row.operation, row.body)
			assert.Equal(t, row.want, render(err))
		})
	}
}

// The golden words: whoever changes one changes what people read.
func TestEveryKeywordHasWords(t *testing.T) {
	t.Parallel()
	c := load(t)
	_, _, err := check(t, c, "checkLimits", `{"short":"ab","few":[1],"above":1,"below":1.5,"even":3,"flag":"true","yes":false,"level":3,
		"int32":2147483648,"id":"1","day":"2026-02-30","time":"2026-01-01","link":"a","bytes":"?","tag":"a b","code":"A","map":{},"readonly":"x"}`)
	assert.Equal(t, lines(
		"invalid: 18 faults in the request",
		"/short: must have at most 1 character",
		"/few: must have at least 2 items",
		"/above: must be more than 1",
		"/below: must be less than 1.5",
		"/even: must be a multiple of 2",
		"/flag: must be true or false",
		"/yes: must be true",
		"/level: must be one of 1, 2",
		"/int32: is out of range",
		"/id: must be a UUID",
		"/day: must be a date, as in 2026-01-31",
		"/time: must be a date and time, as in 2026-01-31T12:00:00Z",
		"/link: must be an absolute URI",
		"/bytes: must be base64",
		"/tag: must be one word",
		"/code: Only small letters",
		"/map: must have at least 1 field",
		"/readonly: cannot be set",
	), render(err))
	_, _, err = check(t, c, "checkLimits", `{"short":"","few":[1,1,1],"code":1,"map":{"a":1,"b":2,"c":3},"above":"1"}`)
	assert.Equal(t, lines(
		"invalid: 6 faults in the request",
		"/short: must have at least 1 character",
		"/few: must have at most 2 items",
		"/few: must not repeat an item",
		"/above: must be a number",
		"/code: Write text",
		"/map: must have at most 2 fields",
	), render(err))
	_, _, err = check(t, c, "checkLimits", `{"id":"01234567-89ab-cdef-0123-456789ABCDEF","day":"2026-02-28","time":"2026-02-28T23:59:59.5+01:00","link":"https://a.b/c","bytes":"YQ=="}`)
	require.NoError(t, err)
}

func TestNoMoreFaultsThanAnyoneReads(t *testing.T) {
	t.Parallel()
	c := load(t)
	_, _, err := check(t, c, "createNote", `{"numbers":[`+strings.Repeat(`"x",`, 150)+`1]}`)
	f := fault.As(err)
	require.NotNil(t, f)
	assert.Equal(t, "150 faults in the request", f.Message)
	require.Len(t, f.Fields, 101)
	assert.Equal(t, fault.Field{Pointer: "/numbers/99", Detail: "must be an integer"}, f.Fields[99], "items stand in the order of their indexes")
	assert.Equal(t, fault.Field{Detail: "and at least 50 more faults"}, f.Fields[100])
}

func TestKeysThatCallersMakeUpAreClipped(t *testing.T) {
	t.Parallel()
	c := load(t)
	_, _, err := check(t, c, "createShape", `{"kind":"square","`+strings.Repeat("é~", 5000)+`":1}`)
	f := fault.As(err)
	require.NotNil(t, f)
	require.Len(t, f.Fields, 1)
	assert.LessOrEqual(t, len(f.Fields[0].Pointer), 1000)
	assert.True(t, strings.HasPrefix(f.Fields[0].Pointer, "/é~0é~0"))
	assert.LessOrEqual(t, len(f.Message), 200)
}
