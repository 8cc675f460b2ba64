package testkit

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/user"
)

var made atomic.Int64 //nolint:gochecknoglobals // makes each one different

// User makes a user on the database; change may alter the draft.
func User(t testing.TB, database *postgres.DB, change ...func(*user.Draft)) user.User {
	t.Helper()
	d := user.Draft{Fields: user.Fields{
		Name: "Ann Lee", Email: fmt.Sprintf("ann%d@example.com", made.Add(1)), Age: 34, Tags: []string{"go"},
	}}
	for _, f := range change {
		f(&d)
	}
	u, err := user.New(database).Create(t.Context(), d)
	require.NoError(t, err)
	return u
}

// Address makes an address of a user; change may alter the draft.
func Address(t testing.TB, database *postgres.DB, userID int64, change ...func(*address.Draft)) address.Address {
	t.Helper()
	d := address.Draft{Street: "24 Sussex Drive", City: "Ottawa", Country: "CA", PostalCode: "K1M 1M4"}
	for _, f := range change {
		f(&d)
	}
	a, err := address.New(database).Create(t.Context(), userID, d)
	require.NoError(t, err)
	return a
}

// Post makes a post of a user; change may alter the draft.
func Post(t testing.TB, database *postgres.DB, authorID int64, change ...func(*post.Draft)) post.Post {
	t.Helper()
	d := post.Draft{Title: "Hello", Content: "A first post.\n"}
	for _, f := range change {
		f(&d)
	}
	p, err := post.New(database).Create(t.Context(), authorID, d)
	require.NoError(t, err)
	return p
}
