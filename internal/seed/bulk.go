package seed

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/internal/postgres"
)

// aside lists what stands in the way of a big load, as pairs of statements that take it away and bring it back. To
// sort a million rows once costs a third of finding a place for each, and one join less than a million look-ups.
// A foreign key that comes back is checked against every row.
const aside = `
	SELECT 'DROP INDEX ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid)
	FROM pg_index AS i
	WHERE i.indrelid IN ('users'::regclass, 'posts'::regclass)
	AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
	UNION ALL
	SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
	       format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
	FROM pg_constraint AS c
	WHERE c.contype = 'f' AND c.conrelid IN ('addresses'::regclass, 'posts'::regclass)
	OR c.contype = 'p' AND c.conrelid = 'user_tags'::regclass
	UNION ALL
	SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname),
	       format('ALTER TABLE %s ENABLE TRIGGER %I', tgrelid::regclass, tgname)
	FROM pg_trigger WHERE tgname IN ('user_tags_insert', 'users_total_insert', 'posts_total_insert')
	ORDER BY 2`

type pair struct{ away, back string }

// bulk runs load, which adds the users with ids from first on, without what would slow it down, and makes that good
// afterwards. Where there are more users already, sorting them all again would take longer than it saves, and load
// runs as any writer does.
func bulk(ctx context.Context, conn postgres.Querier, first int64, users int, load func() error) error {
	var present int
	err := conn.QueryRow(ctx, "SELECT count(*) FROM (SELECT FROM users LIMIT $1) AS u", users+1).Scan(&present)
	if err != nil {
		return fmt.Errorf("count users: %w", err)
	}
	if present > users {
		return load()
	}
	rows, err := conn.Query(ctx, aside)
	if err != nil {
		return fmt.Errorf("list indexes and keys: %w", err)
	}
	pairs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p pair, err error) {
		err = row.Scan(&p.away, &p.back)
		return p, err //nolint:wrapcheck // wrapped below
	})
	if err != nil {
		return fmt.Errorf("list indexes and keys: %w", err)
	}
	for _, p := range pairs {
		if err := run(ctx, conn, p.away); err != nil {
			return err
		}
	}
	if err := load(); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "INSERT INTO user_tags SELECT unnest(tags), created_at, id FROM users WHERE id >= $1", first)
	if err != nil {
		return fmt.Errorf("fill user_tags: %w", err)
	}
	for _, p := range pairs {
		if err := run(ctx, conn, p.back); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, `
		SELECT add_to_total('users', (SELECT count(*) FROM users WHERE id >= $1)),
		       add_to_total('posts', (SELECT count(*) FROM posts WHERE author_id >= $1))`, first)
	if err != nil {
		return fmt.Errorf("count what was made: %w", err)
	}
	return nil
}

func run(ctx context.Context, conn postgres.Querier, statements ...string) error {
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
