package idempotency_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/idempotency"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

func key(caller, name, request string) idempotency.Key {
	return idempotency.Key{Caller: caller, Key: name, Fingerprint: sha256.Sum256([]byte(request))}
}

// work is done under a key, and counts how often.
type work struct {
	store *idempotency.Store
	done  int
}

func (w *work) do(t *testing.T, k idempotency.Key, body string) (string, bool, error) {
	t.Helper()
	a, replayed, err := w.store.Do(t.Context(), k, func(context.Context) (idempotency.Answer, error) {
		w.done++
		return idempotency.Answer{Status: 201, ContentType: "text/plain", Location: "/x", ETag: `"1"`, Body: []byte(body)}, nil
	})
	if err == nil {
		assert.Equal(t, []any{201, "text/plain", "/x", `"1"`}, []any{a.Status, a.ContentType, a.Location, a.ETag})
	}
	return string(a.Body), replayed, err
}

func requireAnswer(t *testing.T, want string, wantReplayed bool) func(string, bool, error) {
	t.Helper()
	return func(body string, replayed bool, err error) {
		t.Helper()
		require.NoError(t, err)
		require.Equal(t, want, body)
		require.Equal(t, wantReplayed, replayed)
	}
}

func TestAKeyBelongsToItsCaller(t *testing.T) {
	t.Parallel()
	w := &work{store: idempotency.New(testkit.Database(t))}
	requireAnswer(t, "first", false)(w.do(t, key("user:1", "k", "a"), "first"))
	requireAnswer(t, "first", true)(w.do(t, key("user:1", "k", "a"), "again"))
	requireAnswer(t, "other", false)(w.do(t, key("user:2", "k", "a"), "other"))
	requireAnswer(t, "other key", false)(w.do(t, key("user:1", "l", "a"), "other key"))

	_, _, err := w.do(t, key("user:1", "k", "b"), "other request")
	require.True(t, fault.Is(err, fault.Invalid), "%v", err)
	assert.Equal(t, []fault.Field{{In: "header", Name: "Idempotency-Key", Detail: "was used for another request"}},
		fault.As(err).Fields)
	assert.Equal(t, 3, w.done)
}

func TestStrangersWithOneKeyDoNotMeet(t *testing.T) {
	t.Parallel()
	w := &work{store: idempotency.New(testkit.Database(t))}
	requireAnswer(t, "one", false)(w.do(t, key("", "k", "a"), "one"))
	requireAnswer(t, "two", false)(w.do(t, key("", "k", "b"), "two"))
	requireAnswer(t, "one", true)(w.do(t, key("", "k", "a"), "three"))
}

func TestARecordIsKeptForADay(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	w := &work{store: idempotency.New(database)}
	for _, name := range []string{"a", "b", "c"} {
		requireAnswer(t, name, false)(w.do(t, key("user:1", name, "r"), name))
	}
	age := func(by string) {
		_, err := database.Conn(t.Context()).Exec(t.Context(), "UPDATE idempotency_keys SET created_at = now() - $1::interval", by)
		require.NoError(t, err)
	}
	age("23 hours 59 minutes")
	requireAnswer(t, "a", true)(w.do(t, key("user:1", "a", "r"), "late"))
	age("24 hours 1 second")
	requireAnswer(t, "late", false)(w.do(t, key("user:1", "a", "r"), "late"))
	var left int
	require.NoError(t, database.Conn(t.Context()).QueryRow(t.Context(), "SELECT count(*) FROM idempotency_keys").Scan(&left))
	assert.Equal(t, 1, left, "what is older went when another came")
}

func TestWhatFailsLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	store := idempotency.New(database)
	broken := errors.New("broken")
	_, _, err := store.Do(t.Context(), key("user:1", "k", "a"), func(ctx context.Context) (idempotency.Answer, error) {
		return idempotency.Answer{Status: 201}, errors.Join(insert(ctx, database), broken)
	})
	require.ErrorIs(t, err, broken)
	var rows int
	require.NoError(t, database.Conn(t.Context()).QueryRow(t.Context(),
		"SELECT (SELECT count(*) FROM idempotency_keys) + (SELECT count(*) FROM users)").Scan(&rows))
	assert.Zero(t, rows)
	requireAnswer(t, "mended", false)((&work{store: store}).do(t, key("user:1", "k", "b"), "mended"))
}

func TestOneAtATimeWorksUnderAKey(t *testing.T) {
	t.Parallel()
	store := idempotency.New(testkit.Database(t))
	inside, release, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		_, _, err := store.Do(t.Context(), key("user:1", "k", "a"), func(context.Context) (idempotency.Answer, error) {
			close(inside)
			<-release
			return idempotency.Answer{Status: 201, Body: []byte("first")}, nil
		})
		ended <- err
	}()
	<-inside
	for _, request := range []string{"a", "b"} {
		_, _, err := (&work{store: store}).do(t, key("user:1", "k", request), "second")
		require.True(t, fault.Is(err, fault.Conflict), "%v", err)
	}
	requireAnswer(t, "other", false)((&work{store: store}).do(t, key("user:1", "other", "a"), "other"))
	close(release)
	require.NoError(t, <-ended)
}

func TestAnAnswerThatIsTooLargeTakesItsEffectBack(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	_, _, err := idempotency.New(database).Do(t.Context(), key("user:1", "k", "a"),
		func(ctx context.Context) (idempotency.Answer, error) {
			return idempotency.Answer{Status: 200, Body: make([]byte, 16<<20+1)}, insert(ctx, database)
		})
	require.Error(t, err)
	var users int
	require.NoError(t, database.Conn(t.Context()).QueryRow(t.Context(), "SELECT count(*) FROM users").Scan(&users))
	assert.Zero(t, users)
}

func insert(ctx context.Context, database *postgres.DB) error {
	_, err := database.Conn(ctx).Exec(ctx, "INSERT INTO users (name, email, age) VALUES ('Ann Lee', 'ann@example.com', 34)")
	return err
}
