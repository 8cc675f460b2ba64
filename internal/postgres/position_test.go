package postgres_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/plaza-api/plaza/internal/postgres"
)

func TestPositions(t *testing.T) {
	t.Parallel()
	db := setup(t)
	before := db.Position(t.Context())
	mustExec(t, db, "INSERT INTO users (email) VALUES ('ann@example.com')")
	assert.Greater(t, db.Position(t.Context()), before)
	assert.Equal(t, ask[string](t, db, "SELECT ('0/0'::pg_lsn + $1::numeric)::text", int64(before)), before.String())
	gone, leave := context.WithCancel(t.Context())
	leave()
	assert.Equal(t, postgres.Latest, db.Position(gone), "nobody tells")
	for _, p := range []postgres.Position{0, 1, before, postgres.Latest} {
		same, ok := postgres.ParsePosition(p.String())
		assert.True(t, ok, p.String())
		assert.Equal(t, p, same)
	}
	for _, text := range []string{"", "/", "1", "1/", "/1", "G/0", "-1/0", "80000000/0", "0/100000000", "0/1/2", " 0/1", "0x1/0"} {
		_, ok := postgres.ParsePosition(text)
		assert.False(t, ok, text)
	}
	assert.Equal(t, postgres.Latest, postgres.Needed(t.Context()))
}
