package token_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestATokenEndsWhenItExpiresThoughItIsRemembered(t *testing.T) {
	t.Parallel()
	n := newNode(t, testkit.Database(t), newClock())
	raw := n.token(t)
	n.now.Advance(10*time.Minute - time.Millisecond)
	_, err := n.verifier.Verify(t.Context(), raw)
	require.NoError(t, err)
	n.now.Advance(time.Millisecond)
	requireRefused(t, n.verifier, raw, "it has expired")
	requireRefused(t, n.verifier, raw, "it has expired")
}

func TestWhatAPersonsTokensRestOnEndsThemOnEveryServerWithinASecond(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]string{
		"a change of role": "role = 'admin'", "suspension": "status = 'suspended'", "deletion": "deleted_at = now()",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			database, now := testkit.Database(t), newClock()
			here, there := newNode(t, database, now), newNode(t, database, now)
			u, other := testkit.User(t, database), testkit.User(t, database)
			raw := here.token(t, func(c *token.Claims) { c.UserID = u.ID })
			another := here.token(t, func(c *token.Claims) { c.UserID = other.ID })
			for _, n := range []node{here, there} {
				_, err := n.verifier.Verify(t.Context(), raw)
				require.NoError(t, err)
			}
			_, err := database.Conn(t.Context()).Exec(t.Context(), "UPDATE users SET "+change+" WHERE id = $1", u.ID)
			require.NoError(t, err)
			now.Advance(500 * time.Millisecond)
			for _, n := range []node{here, there} {
				requireRefused(t, n.verifier, raw, "it was ended")
				_, err := n.verifier.Verify(t.Context(), another)
				require.NoError(t, err, "another person's")
			}
			now.Advance(time.Second)
			_, err = there.verifier.Verify(t.Context(), here.token(t, func(c *token.Claims) { c.UserID = u.ID }))
			require.NoError(t, err, "a token that was made after the change")
		})
	}
}

func TestATokenThatIsMadeWhileItsSessionOrGrantEndsIsOfNoUse(t *testing.T) {
	t.Parallel()
	n := newNode(t, testkit.Database(t), newClock())
	for subject, rests := range map[string]func(*token.Claims){
		"session:s": func(c *token.Claims) { c.SessionID = "s" }, "grant:g": func(c *token.Claims) { c.GrantID = "g" },
	} {
		_, err := n.verifier.Verify(t.Context(), n.token(t, rests))
		require.NoError(t, err)
		require.NoError(t, n.db.Queries(t.Context()).InsertRevocation(t.Context(), subject))
		n.now.Advance(time.Second)
		requireRefused(t, n.verifier, n.token(t, rests), "it was ended")
	}
}

func TestNobodyIsLetInWhereItCannotBeToldWhetherTheirTokenWasEnded(t *testing.T) {
	t.Parallel()
	n := newNode(t, testkit.Open(t, testkit.URL(t)), newClock())
	raw := n.token(t)
	_, err := n.verifier.Verify(t.Context(), raw)
	require.NoError(t, err)
	n.db.Close()
	_, err = n.verifier.Verify(t.Context(), raw)
	require.NoError(t, err, "what is known is not half a second old")
	n.now.Advance(time.Second)
	_, err = n.verifier.Verify(t.Context(), raw)
	require.Error(t, err)
	require.False(t, fault.Is(err, fault.Unauthorized), "%v", err)
}
