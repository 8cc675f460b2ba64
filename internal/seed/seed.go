package seed

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/jackc/pgx/v5"

	"github.com/plaza-api/plaza/internal/postgres"
)

// MaxUsers is how many people one run makes at most.
const MaxUsers = 100_000_000

// Options say what to make.
type Options struct {
	Users int    // 1 to MaxUsers
	Seed  uint64 // the same seed gives the same people
	// Progress, if not nil, is told how many of all rows are written; often, from one goroutine.
	Progress func(written, all int)
}

// Made is what a run has made.
type Made struct {
	Users, Addresses, Posts int
}

// Rows is how many rows that are.
func (m Made) Rows() int { return m.Users + m.Addresses + m.Posts }

// table is one COPY: which of the people have a row, and how it is made.
type table struct {
	name    string
	columns []string
	people  []int // how many rows a person has, by number modulo its length
	row     func(r *rand.Rand, i int) []any
}

// tables are what is filled, in the order of the foreign keys: three people of five have an address, and two
// posts come on four people.
func (m *maker) tables() [3]table {
	return [3]table{
		{"users", []string{"id", "name", "email", "age", "status", "tags", "created_at"}, []int{1}, m.user},
		{
			"addresses",
			[]string{"user_id", "slot", "street", "city", "country", "postal_code", "created_at"},
			[]int{1, 0, 1, 1, 0},
			m.address,
		},
		{"posts", []string{"author_id", "title", "content", "created_at"}, []int{2, 0, 0, 0}, m.post},
	}
}

// Run fills the database, all of it or nothing.
func Run(ctx context.Context, database *postgres.DB, o Options) (Made, error) {
	if o.Users < 1 || o.Users > MaxUsers {
		return Made{}, fmt.Errorf("users must be 1 to %d, not %d", MaxUsers, o.Users)
	}
	var made Made
	err := database.InTx(ctx, func(ctx context.Context) error {
		conn := database.Conn(ctx)
		// Sorting a million rows wants room; nothing here is as short as a request.
		if err := run(ctx, conn, "SET LOCAL statement_timeout = 0", "SET LOCAL maintenance_work_mem = '256MB'"); err != nil {
			return err
		}
		first, err := reserve(ctx, conn, o.Users)
		if err != nil {
			return err
		}
		m, err := newMaker(first, o.Users)
		if err != nil {
			return err
		}
		return bulk(ctx, conn, first, o.Users, func() error {
			made, err = m.fill(ctx, conn, o)
			return err
		})
	})
	if err != nil {
		return Made{}, fmt.Errorf("seed: %w", err)
	}
	if err := analyze(ctx, database); err != nil {
		return Made{}, err
	}
	return made, nil
}

// fill writes the tables: the people first, whom the others refer to.
func (m *maker) fill(ctx context.Context, conn postgres.Querier, o Options) (Made, error) {
	tables := m.tables()
	var counts [len(tables)]int
	all, written := 0, 0
	for _, t := range tables {
		all += t.rows(o.Users)
	}
	write := func(n int) error {
		source := &source{
			table: tables[n], users: o.Users, person: -1,
			random: rand.New(rand.NewPCG(o.Seed, uint64(n))), //nolint:gosec // not for secrets
			tick: func(rows int) {
				if o.Progress != nil {
					o.Progress(written+rows, all)
				}
			},
		}
		rows, err := conn.CopyFrom(ctx, pgx.Identifier{tables[n].name}, tables[n].columns, source)
		if err != nil {
			return fmt.Errorf("fill %s: %w", tables[n].name, err)
		}
		counts[n] = int(rows)
		written += counts[n]
		return nil
	}
	for n := range tables {
		if err := write(n); err != nil {
			return Made{}, err
		}
	}
	return Made{Users: counts[0], Addresses: counts[1], Posts: counts[2]}, nil
}

// reserve takes a run of ids and keeps others from taking them.
func reserve(ctx context.Context, conn postgres.Querier, users int) (int64, error) {
	if _, err := conn.Exec(ctx, "LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"); err != nil {
		return 0, fmt.Errorf("lock users: %w", err)
	}
	var first int64
	err := conn.QueryRow(ctx, "SELECT nextval(pg_get_serial_sequence('users', 'id'))").Scan(&first)
	if err != nil {
		return 0, fmt.Errorf("reserve ids: %w", err)
	}
	_, err = conn.Exec(ctx, "SELECT setval(pg_get_serial_sequence('users', 'id'), $1)", first+int64(users)-1)
	if err != nil {
		return 0, fmt.Errorf("reserve ids: %w", err)
	}
	return first, nil
}

// analyze tells the planner what the tables hold now, and marks the pages that everybody may see.
func analyze(ctx context.Context, database *postgres.DB) error {
	for _, name := range []string{"users", "user_tags", "addresses", "posts"} {
		if _, err := database.Conn(ctx).Exec(ctx, "VACUUM (ANALYZE) "+name); err != nil {
			return fmt.Errorf("seed: analyze %s: %w", name, err)
		}
	}
	return nil
}

// rows is how many rows so many people have.
func (t table) rows(users int) int {
	rows := 0
	for i, each := range t.people {
		rows += each * ((users - i + len(t.people) - 1) / len(t.people))
	}
	return rows
}

// source makes the rows of a table one by one, as COPY asks for them.
type source struct {
	table  table
	users  int
	random *rand.Rand
	tick   func(rows int)

	person, left, rows int
}

// tickEvery is how many rows lie between two reports of progress.
const tickEvery = 2000

// Next goes to the next row.
func (s *source) Next() bool {
	for s.left == 0 {
		s.person++
		if s.person >= s.users {
			s.tick(s.rows)
			return false
		}
		s.left = s.table.people[s.person%len(s.table.people)]
	}
	s.left--
	s.rows++
	if s.rows%tickEvery == 0 {
		s.tick(s.rows)
	}
	return true
}

// Values makes the row.
func (s *source) Values() ([]any, error) { return s.table.row(s.random, s.person), nil }

// Err is nil: making rows does not fail.
func (s *source) Err() error { return nil }
