package postgres_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/testkit"
)

const describe = "&default_query_exec_mode=cache_describe"

func TestAPoolerThatIsNotSetUp(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	for _, row := range []struct {
		name, database, setting, url string
		config                       postgres.Config
		want                         []string
	}{
		{
			name: "refuses the session's settings", url: describe,
			want: []string{
				"let it ignore what it cannot keep, ignore_startup_parameters = enable_bitmapscan, enable_mergejoin, ",
				"let it run on each connection that it makes (connect_query): SET enable_bitmapscan = off; ",
				"SET statement_timeout = 10000",
			},
		},
		{
			name: "loses the session's settings", setting: testkit.PgBouncerIgnores, url: describe,
			want: []string{": let it run on each connection that it makes (connect_query): ", "SET enable_seqscan = off; "},
		},
		{
			name: "has others", setting: testkit.PgBouncerIgnores, database: testkit.PgBouncerConnects, url: describe + "&lock_timeout=4s",
			config: postgres.Config{StatementTimeout: 5 * time.Second},
			want:   []string{"front of the database: let it run on each connection that it makes (connect_query): SET lock_timeout = '4s'; SET statement_timeout = 5000"},
		},
		{
			name: "keeps no prepared statements", setting: testkit.PgBouncerIgnores, database: testkit.PgBouncerConnects,
			want: []string{"front of the database: let the database URL say default_query_exec_mode=cache_describe, or "},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.config.URL = testkit.PgBouncer(t, address, row.database, row.setting) + row.url
			_, err := postgres.Open(t.Context(), row.config)
			require.ErrorIs(t, err, postgres.ErrPooler)
			for _, text := range row.want {
				assert.ErrorContains(t, err, text)
			}
		})
	}
}

func TestAPoolerThatIsSetUp(t *testing.T) {
	t.Parallel()
	db := open(t, postgres.Config{URL: testkit.PooledURL(t, newDatabase(t)), MaxConns: 8})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				assert.Equal(t, 3, ask[int](t, db, "SELECT $1::int", 3))
			}
		})
	}
	all.Wait()
	assert.Equal(t, "10s", ask[string](t, db, "SHOW statement_timeout"))
	assert.Equal(t, "off", ask[string](t, db, "SHOW enable_sort"))
	assert.Equal(t, "plaza", ask[string](t, db, "SHOW application_name"))
	assert.Equal(t, time.UTC, ask[time.Time](t, db, "SELECT now()").Location())
}
