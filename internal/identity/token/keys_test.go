package token_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestServersThatStartAtOnceMakeOneKey(t *testing.T) {
	t.Parallel()
	database, now := testkit.Database(t), newClock()
	var starts sync.WaitGroup
	for range 8 {
		starts.Go(func() {
			_, err := token.SigningKey(t.Context(), token.NewKeys(database, secret(), now.Now))
			assert.NoError(t, err)
		})
	}
	starts.Wait()
	var keys int
	require.NoError(t, database.Conn(t.Context()).QueryRow(t.Context(), "SELECT count(*) FROM signing_keys").Scan(&keys))
	assert.Equal(t, 1, keys)
}

func TestRotationLogsNobodyOut(t *testing.T) {
	t.Parallel()
	database, now := testkit.Database(t), newClock()
	here, there := newNode(t, database, now), newNode(t, database, now)
	before := here.token(t)
	_, err := there.verifier.Verify(t.Context(), before)
	require.NoError(t, err)

	_, err = here.keys.Rotate(t.Context())
	require.NoError(t, err)
	after := here.token(t)
	for _, raw := range []string{before, after} {
		for _, n := range []node{here, there, newNode(t, database, now)} {
			_, err := n.verifier.Verify(t.Context(), raw)
			require.NoError(t, err)
		}
	}
	now.Advance(time.Minute)
	first, err := token.SigningKey(t.Context(), here.keys)
	require.NoError(t, err)
	second, err := token.SigningKey(t.Context(), there.keys)
	require.NoError(t, err)
	assert.True(t, first.Equal(second), "the other server signs with the new key too")
}

func TestAKeyVerifiesNoMoreWhenAllThatItSignedHasExpired(t *testing.T) {
	t.Parallel()
	database, now := testkit.Database(t), newClock()
	here := newNode(t, database, now)
	old := here.token(t)
	_, err := here.keys.Rotate(t.Context())
	require.NoError(t, err)
	_, err = database.Conn(t.Context()).Exec(t.Context(), "UPDATE signing_keys SET created_at = created_at - interval '26 hours'")
	require.NoError(t, err)
	requireRefused(t, newNode(t, database, now).verifier, old, "its key is not known")
	_, err = newNode(t, database, now).verifier.Verify(t.Context(), here.token(t))
	require.NoError(t, err, "the newest key is never too old")
}

func TestThePrivateKeyIsNotToBeReadInTheDatabase(t *testing.T) {
	t.Parallel()
	n := newNode(t, testkit.Database(t), newClock())
	private, err := token.SigningKey(t.Context(), n.keys)
	require.NoError(t, err)
	plain, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	number, err := private.Bytes()
	require.NoError(t, err)
	var public, sealed []byte
	require.NoError(t, n.db.Conn(t.Context()).QueryRow(t.Context(),
		"SELECT public_key::text::bytea, private_key FROM signing_keys").Scan(&public, &sealed))
	for _, column := range [][]byte{public, sealed} {
		assert.False(t, bytes.Contains(column, plain[:40]))
		assert.False(t, bytes.Contains(column, number))
	}
	assert.NotContains(t, string(public), `"d"`)
}

func TestAnotherSecretIsToldApart(t *testing.T) {
	t.Parallel()
	n := newNode(t, testkit.Database(t), newClock())
	n.token(t)
	other := token.NewKeys(n.db, bytes.Repeat([]byte("o"), 32), n.now.Now)
	_, err := token.NewIssuer(other, name, n.now.Now).AccessToken(t.Context(), token.Claims{TTL: time.Minute})
	require.ErrorIs(t, err, token.ErrSecretKey)
	require.ErrorContains(t, err, "PLAZA_SECRET_KEY")
}

func TestATokenLivesADayAtMost(t *testing.T) {
	t.Parallel()
	n := newNode(t, testkit.Database(t), newClock())
	for _, ttl := range []time.Duration{0, -time.Second, token.MaxTTL + 1} {
		_, err := n.issuer.AccessToken(t.Context(), token.Claims{TTL: ttl})
		require.ErrorContains(t, err, "a token lives 24h0m0s at most")
	}
}

func TestAFloodOfUnknownKeysAsksTheDatabaseOnceASecond(t *testing.T) {
	t.Parallel()
	database, now := testkit.Database(t), newClock()
	here, there := newNode(t, database, now), newNode(t, database, now)
	here.token(t)
	for range 3 {
		requireRefused(t, there.verifier, unknownKey(t), "its key is not known")
	}
	raw := here.token(t)
	_, err := here.keys.Rotate(t.Context())
	require.NoError(t, err)
	rotated := here.token(t)
	requireRefused(t, there.verifier, rotated, "its key is not known")
	_, err = there.verifier.Verify(t.Context(), raw)
	require.NoError(t, err)
	now.Advance(time.Second)
	_, err = there.verifier.Verify(t.Context(), rotated)
	require.NoError(t, err)
}

func unknownKey(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return forge(t, key, jose.ES256, map[string]any{"kid": rand.Text()}, nil)
}
