package post_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/page"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

func version(t *testing.T, v int64) etag.Match {
	t.Helper()
	m, err := etag.ParseMatch(etag.Format(v, nil))
	require.NoError(t, err)
	return m
}

func requireKind(t *testing.T, kind fault.Kind, err error) {
	t.Helper()
	require.True(t, fault.Is(err, kind), "wanted %s, got %v", kind, err)
}

func deleteUser(t *testing.T, database *postgres.DB, id int64) {
	t.Helper()
	_, err := database.Conn(t.Context()).Exec(t.Context(), "UPDATE users SET deleted_at = now() WHERE id = $1", id)
	require.NoError(t, err)
}

func restoreUser(t *testing.T, database *postgres.DB, id int64) {
	t.Helper()
	_, err := database.Conn(t.Context()).Exec(t.Context(), "UPDATE users SET deleted_at = NULL WHERE id = $1", id)
	require.NoError(t, err)
}

func TestAPostIsKeptAsItWasWritten(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	posts := post.New(database)
	ann := testkit.User(t, database)
	content := "  e\u0301\r\n" + strings.Repeat("é", 99_990) + "\n "

	made, err := posts.Create(t.Context(), ann.ID, post.Draft{Title: "Hello", Content: content})

	require.NoError(t, err)
	assert.Equal(t, content, made.Content)
	assert.Equal(t, []any{ann.ID, ann.Name, "Hello"}, []any{made.AuthorID, made.AuthorName, made.Title})
	assert.EqualValues(t, 1, made.Version)
	assert.Nil(t, made.UpdatedAt)
	got, err := posts.Get(t.Context(), made.ID)
	require.NoError(t, err)
	assert.Equal(t, made, got)
}

func TestUpdateChangesWhatIsGiven(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	posts := post.New(database)
	ann := testkit.User(t, database)
	made := testkit.Post(t, database, ann.ID)
	title, content := "Bye", "A last post."

	same, err := posts.Update(t.Context(), ann.ID, made.ID, version(t, 1), post.Patch{})
	require.NoError(t, err)
	assert.NotNil(t, same.UpdatedAt)
	same.UpdatedAt = nil
	made.Version = 2
	assert.Equal(t, made, same)

	_, err = posts.Update(t.Context(), ann.ID, made.ID, version(t, 1), post.Patch{Title: &title})
	requireKind(t, fault.StaleVersion, err)
	_, err = posts.Update(t.Context(), ann.ID+1, made.ID, etag.Match{}, post.Patch{Title: &title})
	requireKind(t, fault.NotFound, err)
	_, err = posts.Update(t.Context(), ann.ID, made.ID, version(t, 2), post.Patch{Title: &title, Content: &content})
	require.NoError(t, err)
	got, err := posts.Get(t.Context(), made.ID)
	require.NoError(t, err)
	assert.Equal(t, []any{title, content, int64(3)}, []any{got.Title, got.Content, got.Version})
}

func TestADeletedPostIsNowhere(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	posts := post.New(database)
	ann := testkit.User(t, database)
	made := testkit.Post(t, database, ann.ID)
	requireKind(t, fault.StaleVersion, posts.Delete(t.Context(), ann.ID, made.ID, version(t, 2)))
	requireKind(t, fault.NotFound, posts.Delete(t.Context(), ann.ID+1, made.ID, etag.Match{}))

	require.NoError(t, posts.Delete(t.Context(), ann.ID, made.ID, version(t, 1)))

	_, err := posts.Get(t.Context(), made.ID)
	requireKind(t, fault.NotFound, err)
	requireKind(t, fault.NotFound, posts.Delete(t.Context(), ann.ID, made.ID, etag.Match{}))
	p, err := posts.ListByAuthor(t.Context(), ann.ID, page.Request{Size: 1})
	require.NoError(t, err)
	assert.Empty(t, p.Items)
	assert.Equal(t, page.Total{Exact: true}, p.Total)
}

func TestAPostIsHiddenWhileItsAuthorIs(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	posts := post.New(database)
	ann, bo := testkit.User(t, database), testkit.User(t, database)
	hidden, seen := testkit.Post(t, database, ann.ID), testkit.Post(t, database, bo.ID)
	deleteUser(t, database, ann.ID)

	_, err := posts.Get(t.Context(), hidden.ID)
	requireKind(t, fault.NotFound, err)
	_, err = posts.ListByAuthor(t.Context(), ann.ID, page.Request{Size: 1})
	requireKind(t, fault.NotFound, err)
	_, err = posts.Create(t.Context(), ann.ID, post.Draft{Title: "Hello", Content: "."})
	requireKind(t, fault.NotFound, err)
	p, err := posts.List(t.Context(), page.Request{Size: 2})
	require.NoError(t, err)
	assert.Equal(t, []post.Post{seen}, p.Items)
	assert.Equal(t, page.Total{Rows: 1, Exact: true}, p.Total)

	restoreUser(t, database, ann.ID)
	back, err := posts.Get(t.Context(), hidden.ID)
	require.NoError(t, err)
	assert.Equal(t, hidden, back)
}

func TestAPageThatThereIsNot(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	posts := post.New(database)
	ann := testkit.User(t, database)
	_, all := posts.List(t.Context(), page.Request{Number: 501, Size: 20})
	_, authors := posts.ListByAuthor(t.Context(), ann.ID, page.Request{Size: 20, Cursor: page.Newest().Cursor("posts")})
	for _, err := range []error{all, authors} {
		requireKind(t, fault.Invalid, err)
	}
}

// The pages of all posts, and of an author's, are the whole list in order: the model sorts it in memory.
func TestPagesMakeTheWholeList(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	ann, bo, gone := testkit.User(t, database), testkit.User(t, database), testkit.User(t, database)
	deleteUser(t, database, gone.ID)
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		_, err := database.Conn(ctx).Exec(ctx, "DELETE FROM posts")
		require.NoError(t, err)
		authors := rapid.SliceOfN(rapid.SampledFrom([]int64{ann.ID, bo.ID, gone.ID}), 0, 25).Draw(t, "authors")
		days := rapid.SliceOfN(rapid.Int32Range(1, 3), len(authors), len(authors)).Draw(t, "days")
		_, err = database.Conn(ctx).Exec(ctx, `
			INSERT INTO posts (author_id, title, content, created_at)
			SELECT unnest($1::bigint[]), 'Title', 'Content', make_timestamptz(2026, 1, unnest($2::int[]), 0, 0, 0)`,
			authors, days)
		require.NoError(t, err)
		posts := post.New(database)
		r := page.Request{Size: rapid.Int32Range(1, 9).Draw(t, "size")}

		all := walk(t, r, func(r page.Request) (page.Page[post.Post], error) { return posts.List(ctx, r) })
		anns := walk(t, r, func(r page.Request) (page.Page[post.Post], error) { return posts.ListByAuthor(ctx, ann.ID, r) })

		seen, own := 0, 0
		for _, author := range authors {
			if author != gone.ID {
				seen++
			}
			if author == ann.ID {
				own++
			}
		}
		require.Len(t, all, seen)
		require.Len(t, anns, own)
		for _, list := range [][]post.Post{all, anns} {
			require.True(t, slices.IsSortedFunc(list, newestFirst), "%v", list)
			require.Len(t, slices.CompactFunc(slices.Clone(list), func(a, b post.Post) bool { return a.ID == b.ID }), len(list))
		}
		require.False(t, slices.ContainsFunc(anns, func(p post.Post) bool { return p.AuthorID != ann.ID }))
	})
}

func newestFirst(a, b post.Post) int {
	if c := b.CreatedAt.Compare(a.CreatedAt); c != 0 {
		return c
	}
	return int(b.ID - a.ID)
}

// walk reads all pages of a list by cursor, and holds the pages by number against them.
func walk(
	t *rapid.T, r page.Request, list func(page.Request) (page.Page[post.Post], error),
) (rows []post.Post) {
	for number := int32(1); ; number++ {
		byCursor, err := list(r)
		require.NoError(t, err)
		byNumber, err := list(page.Request{Size: r.Size, Number: number})
		require.NoError(t, err)
		require.Equal(t, byCursor.Items, byNumber.Items, "page %d", number)
		rows = append(rows, byCursor.Items...)
		if byCursor.Next == "" {
			require.Equal(t, page.Total{Rows: int64(len(rows)), Exact: true}, byCursor.Total)
			return rows
		}
		r.Cursor = byCursor.Next
	}
}

func TestADatabaseThatIsGoneIsUnavailable(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	posts := post.New(database)
	database.Close()
	ctx := context.Background()
	_, created := posts.Create(ctx, 1, post.Draft{Title: "Hello", Content: "."})
	_, got := posts.Get(ctx, 1)
	_, all := posts.List(ctx, page.Request{Size: 1})
	_, authors := posts.ListByAuthor(ctx, 1, page.Request{Size: 1})
	for _, err := range []error{created, got, all, authors, posts.Delete(ctx, 1, 1, etag.Match{})} {
		requireKind(t, fault.Unavailable, err)
	}
}
