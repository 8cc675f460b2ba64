package user_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

func TestABatchAnswersForEveryItem(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	users := user.New(database)
	taken := testkit.User(t, database)
	faulty := fault.New(fault.Invalid, "The user is faulty", fault.Field{Pointer: "/age", Detail: "is required"})
	items := make([]user.Item, 250)
	for i := range items {
		items[i].Draft = draft(fmt.Sprintf("bo%d@example.com", i))
	}
	items[3].Fault = faulty
	items[5].Draft.Email = strings.ToUpper(taken.Email)
	items[7].Draft.Email = "BO6@example.com" // as its neighbour
	items[8].Draft.Address = home()
	items[104].Draft.Name = "\u0131\u0307" // two characters that are one in upper case
	items[206].Draft.Email = "bo6@example.com"

	results, err := users.CreateMany(t.Context(), items, false)

	require.NoError(t, err)
	require.Len(t, results, len(items))
	kinds := map[int]fault.Kind{}
	for i, r := range results {
		if r.Fault != nil {
			kinds[i] = r.Fault.Kind
			continue
		}
		assert.Equal(t, items[i].Draft.Email, r.User.Email)
	}
	assert.Equal(t, map[int]fault.Kind{
		3: fault.Invalid, 5: fault.Conflict, 7: fault.Conflict, 104: fault.Invalid, 206: fault.Conflict,
	}, kinds)
	assert.Same(t, faulty, results[3].Fault)
	assert.Equal(t, []fault.Field{{Pointer: "/name", Detail: "is not allowed"}}, results[104].Fault.Fields)
	addresses, err := address.New(database).List(t.Context(), results[8].User.ID)
	require.NoError(t, err)
	assert.Len(t, addresses, 1)
}

func TestAnAtomicBatchMakesAllOrNone(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	users := user.New(database)
	taken := testkit.User(t, database)
	items := []user.Item{{Draft: draft("a@example.com")}, {Draft: draft(taken.Email)}, {Draft: draft("c@example.com")}}

	_, err := users.CreateMany(t.Context(), items, true)
	f := requireKind(t, fault.Conflict, err)
	assert.Equal(t, []fault.Field{{Pointer: "/users/1/email", Detail: "is already taken"}}, f.Fields)
	assert.Equal(t, "1 of 3 users are faulty; none was created", f.Message)

	items[2].Fault = fault.New(fault.Invalid, "The user is faulty", fault.Field{Detail: "must be an object"})
	_, err = users.CreateMany(t.Context(), items, true)
	f = requireKind(t, fault.Invalid, err)
	assert.Equal(t, []fault.Field{
		{Pointer: "/users/1/email", Detail: "is already taken"}, {Pointer: "/users/2", Detail: "must be an object"},
	}, f.Fields)

	items[1].Draft.Email, items[2].Fault = "b@example.com", nil
	results, err := users.CreateMany(t.Context(), items, true)
	require.NoError(t, err, "nothing of the refused batches is left")
	assert.Less(t, results[0].User.ID, results[2].User.ID)
}

// The contract allows an answer 10,000 faults.
func TestAnAtomicBatchNamesNoMoreFaultsThanAnyoneWillRead(t *testing.T) {
	t.Parallel()
	users := user.New(testkit.Database(t))
	items := make([]user.Item, 1000)
	for i := range items {
		items[i].Fault = fault.New(fault.Invalid, "faulty", slices.Repeat([]fault.Field{{
			Pointer: "/" + strings.Repeat("é", 499), Detail: "is unknown",
		}}, 100)...)
	}
	_, err := users.CreateMany(t.Context(), items, true)
	f := requireKind(t, fault.Invalid, err)
	require.Len(t, f.Fields, 10_000)
	assert.Equal(t, fault.Field{Pointer: "/users", Detail: "and 90001 more faults"}, f.Fields[9999])
	assert.Equal(t, "/users/0/"+strings.Repeat("é", 495), f.Fields[0].Pointer)
}
