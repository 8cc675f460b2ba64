package user_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/page"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

// Writers who delete and restore a few users, while others write and delete those users' posts.
func TestTotalsAgreeWithTheRowsWhoeverWritesAtOnce(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	users, posts := user.New(database), post.New(database)
	var authors []int64
	for range 3 {
		authors = append(authors, testkit.User(t, database).ID)
	}
	var writers sync.WaitGroup
	for n := range 6 {
		random := rand.New(rand.NewPCG(7, uint64(n)))
		writers.Go(func() {
			for range 60 {
				author := authors[random.IntN(len(authors))]
				assert.NoError(t, unlessMissing(write(t.Context(), users, posts, random.IntN(4), author)))
			}
		})
	}
	writers.Wait()
	requireTotals(t, database)
	for _, author := range authors {
		require.NoError(t, unlessMissing(restore(t.Context(), users, author)))
	}
	requireTotals(t, database)
	list, err := posts.List(t.Context(), page.Request{Size: 1})
	require.NoError(t, err)
	require.Positive(t, list.Total.Rows, "the posts of those who came back")
}

// write does one of four things to an author.
func write(ctx context.Context, users *user.Service, posts *post.Service, which int, author int64) error {
	switch which {
	case 0:
		return users.Delete(ctx, author, etag.Match{})
	case 1:
		return restore(ctx, users, author)
	case 2:
		list, err := posts.ListByAuthor(ctx, author, page.Request{Size: 1})
		if err != nil || len(list.Items) == 0 {
			return err
		}
		return posts.Delete(ctx, author, list.Items[0].ID, etag.Match{})
	default:
		_, err := posts.Create(ctx, author, post.Draft{Title: "Hello", Content: "World"})
		return err
	}
}

func restore(ctx context.Context, users *user.Service, id int64) error {
	_, err := users.Restore(ctx, id)
	return err
}

// unlessMissing forgives that another writer was faster.
func unlessMissing(err error) error {
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

func requireTotals(t *testing.T, database *postgres.DB) {
	t.Helper()
	var users, countedUsers, posts, countedPosts int64
	require.NoError(t, database.Conn(t.Context()).QueryRow(t.Context(), `
		SELECT (SELECT sum(rows) FROM totals WHERE list = 'users'), (SELECT count(*) FROM users WHERE deleted_at IS NULL),
		       (SELECT sum(rows) FROM totals WHERE list = 'posts'), (SELECT count(*) FROM live_posts)`,
	).Scan(&users, &countedUsers, &posts, &countedPosts))
	require.Equal(t, countedUsers, users, "users")
	require.Equal(t, countedPosts, posts, "posts")
}
