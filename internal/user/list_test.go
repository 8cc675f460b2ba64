package user_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/page"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

// few draws from few values, so that there are ties and filters that match some users and not others.
var (
	fewNames = rapid.SampledFrom([]string{
		"ann lee", "ann", "anna", "an ", "bo ek", "b\U0010ffff", "\U0010ffff\U0010ffff", "éa", "ea", "李小", "ann\U0010ffffx",
	})
	fewTags     = rapid.SampledFrom([]string{"go", "Go", "climbing", "é"})
	fewStatuses = rapid.SampledFrom([]user.Status{"active", "inactive", "suspended"})
	fewEmails   = rapid.SampledFrom([]string{"ann", "Ann", "BO", "bo.", "z_", "Z%"})
)

// crowds draws users, some of them deleted, as rows that are ready to be stored.
func crowds() *rapid.Generator[[]user.User] {
	return rapid.Custom(func(t *rapid.T) []user.User {
		crowd := make([]user.User, rapid.IntRange(0, 40).Draw(t, "users"))
		for i := range crowd {
			f := user.Settled(user.Fields{
				Name: fewNames.Draw(t, "name"), Email: fmt.Sprintf("%s%d@example.com", fewEmails.Draw(t, "email"), i),
				Age: rapid.Int32Range(16, 19).Draw(t, "age"), Status: fewStatuses.Draw(t, "status"),
				Tags: rapid.SliceOfN(fewTags, 0, 3).Draw(t, "tags"),
			})
			crowd[i] = user.User{
				ID: int64(i + 1), Name: f.Name, Email: f.Email, Age: f.Age, Status: f.Status, Tags: f.Tags, Version: 1,
				CreatedAt: time.Date(2026, 1, rapid.IntRange(1, 3).Draw(t, "day"), 0, 0, 0, 1000, time.UTC),
			}
			if rapid.IntRange(0, 5).Draw(t, "deleted") == 0 {
				crowd[i].DeletedAt = &crowd[i].CreatedAt
			}
		}
		return crowd
	})
}

// store makes crowd all that there is.
func store(t require.TestingT, database *postgres.DB, crowd []user.User) {
	ctx := context.Background()
	batch := &pgx.Batch{}
	batch.Queue("DELETE FROM user_tags")
	batch.Queue("DELETE FROM users")
	for _, u := range crowd {
		batch.Queue(`
			INSERT INTO users (id, name, email, age, status, tags, created_at, deleted_at) OVERRIDING SYSTEM VALUE
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			u.ID, u.Name, u.Email, u.Age, u.Status, u.Tags, u.CreatedAt, u.DeletedAt)
	}
	require.NoError(t, database.Conn(ctx).SendBatch(ctx, batch).Close())
}

// orders are the orders of the model.
var orders = map[user.Sort]func(a, b user.User) int{
	user.SortNewest: func(a, b user.User) int { return byAge(b, a) },
	user.SortOldest: byAge,
	user.SortName: func(a, b user.User) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	},
	user.SortEmail: func(a, b user.User) int {
		return strings.Compare(strings.ToLower(a.Email), strings.ToLower(b.Email))
	},
}

func byAge(a, b user.User) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// listing is a list, with what the model takes into it and in which order.
type listing struct {
	user.Listing

	order user.Sort
	takes func(user.User) bool
}

func listings(t *rapid.T) []listing {
	all := func(user.User) bool { return true }
	status, tag := fewStatuses.Draw(t, "status"), fewTags.Draw(t, "tag")
	name := fewNames.Draw(t, "q")
	name = string([]rune(name)[:rapid.IntRange(1, 2).Draw(t, "letters")])
	mail := fewEmails.Draw(t, "q") + rapid.SampledFrom([]string{"1", "2", ""}).Draw(t, "number") + "@ex"
	lists := []listing{
		{order: user.SortNewest, takes: all},
		{
			order: user.SortNewest, Listing: user.Listing{Status: &status},
			takes: func(u user.User) bool { return u.Status == status },
		},
		{
			order: user.SortNewest, Listing: user.Listing{Tag: &tag},
			takes: func(u user.User) bool { return slices.Contains(u.Tags, strings.ToLower(tag)) },
		},
		{
			order: user.SortName, Listing: user.Listing{Q: &name},
			takes: func(u user.User) bool { return strings.HasPrefix(u.Name, user.TitleCase(name)) },
		},
		{
			order: user.SortEmail, Listing: user.Listing{Q: &mail},
			takes: func(u user.User) bool { return strings.HasPrefix(strings.ToLower(u.Email), strings.ToLower(mail)) },
		},
	}
	for _, order := range []user.Sort{user.SortNewest, user.SortOldest, user.SortName, user.SortEmail} {
		lists = append(lists, listing{order: order, Listing: user.Listing{Sort: order}, takes: all})
	}
	return rapid.Permutation(lists).Draw(t, "lists")[:3]
}

// The pages of every list, by cursor and by number, are the whole list in order: the model sorts it in memory.
func TestPagesMakeTheWholeList(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	rapid.Check(t, func(t *rapid.T) {
		crowd := crowds().Draw(t, "crowd")
		store(t, database, crowd)
		size := rapid.Int32Range(1, 9).Draw(t, "size")
		service := user.New(database)
		for _, l := range listings(t) {
			var want []user.User
			for _, u := range crowd {
				if u.DeletedAt == nil && l.takes(u) {
					want = append(want, u)
				}
			}
			slices.SortFunc(want, orders[l.order])
			l.Page.Size = size

			byCursor, totals := walk(t, service, l.Listing, func(l *user.Listing, next string) { l.Page.Cursor = next })
			byNumber, _ := walk(t, service, l.Listing, func(l *user.Listing, _ string) {
				l.Page.Number = max(l.Page.Number, 1) + 1
			})

			require.Equal(t, ids(want), ids(byCursor), "%+v by cursor", l.Listing)
			require.Equal(t, ids(want), ids(byNumber), "%+v by number", l.Listing)
			require.Equal(t, []page.Total{{Rows: int64(len(want)), Exact: true}}, slices.Compact(totals), "%+v", l.Listing)
		}
	})
}

func ids(users []user.User) []int64 {
	list := make([]int64, len(users))
	for i, u := range users {
		list[i] = u.ID
	}
	return list
}

// walk reads all pages of a list.
func walk(
	t require.TestingT, service *user.Service, l user.Listing, next func(*user.Listing, string),
) (rows []user.User, totals []page.Total) {
	for {
		p, err := service.List(context.Background(), l)
		require.NoError(t, err)
		rows, totals = append(rows, p.Items...), append(totals, p.Total)
		if p.Next == "" {
			return rows, totals
		}
		require.Len(t, p.Items, int(l.Page.Size))
		next(&l, p.Next)
	}
}

func TestAListThatThereIsNot(t *testing.T) {
	t.Parallel()
	service := user.New(testkit.Database(t))
	status, tag, q, mail := user.Status("active"), "go", "ann", "ann@"
	cursor := page.Newest().Cursor("users tag=go")
	for name, c := range map[string]struct {
		listing user.Listing
		want    []string
	}{
		"two filters": {user.Listing{Status: &status, Tag: &tag}, []string{"tag: goes without status"}},
		"three filters and another order": {
			user.Listing{Status: &status, Tag: &tag, Q: &q, Sort: user.SortEmail},
			[]string{"tag: goes without status", "q: goes without status", "sort: must be name or absent with q"},
		},
		"names in the order of time":    {user.Listing{Q: &q, Sort: user.SortNewest}, []string{"sort: must be name or absent with q"}},
		"e-mails in the order of names": {user.Listing{Q: &mail, Sort: user.SortName}, []string{"sort: must be email or absent with q"}},
		"a page that is too deep":       {user.Listing{Page: page.Request{Number: 501, Size: 20}}, []string{"page: reaches beyond row 10000; go on with cursor from there"}},
		"the cursor of another filter":  {user.Listing{Page: page.Request{Cursor: cursor}}, []string{"cursor: is not a cursor of this list"}},
		"an order and a cursor at once": {user.Listing{Tag: &tag, Sort: user.SortEmail, Page: page.Request{Cursor: "x"}}, []string{"sort: must be -created_at or absent with tag", "cursor: is not a cursor of this list"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.listing.Page.Size = max(c.listing.Page.Size, 20)

			_, err := service.List(t.Context(), c.listing)

			require.True(t, fault.Is(err, fault.Invalid), "%v", err)
			var got []string
			for _, f := range fault.As(err).Fields {
				assert.Equal(t, "query", f.In)
				got = append(got, f.Name+": "+f.Detail)
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestAnOrderOfAFiltersOwnMayBeSaid(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	ann := testkit.User(t, database)
	tag, q, mail := "GO", "aNN l", strings.ToUpper(ann.Email)
	for _, l := range []user.Listing{
		{Tag: &tag, Sort: user.SortNewest}, {Q: &q, Sort: user.SortName}, {Q: &mail, Sort: user.SortEmail},
	} {
		l.Page.Size = 1
		p, err := user.New(database).List(t.Context(), l)
		require.NoError(t, err)
		assert.Equal(t, []user.User{ann}, p.Items)
	}
}

func TestAListOfAClosedDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	database.Close()
	_, err := user.New(database).List(t.Context(), user.Listing{Page: page.Request{Size: 1}})
	assert.True(t, fault.Is(err, fault.Unavailable), "%v", err)
}
