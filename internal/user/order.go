package user

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/page"
)

// countMost is how far a filtered list is counted, and one more to know whether that was all.
const countMost = page.CountLimit + 1

// maxName is the length of the longest name, in characters.
const maxName = 100

// order is one way to read a list: by one index, whatever the depth.
type order struct {
	list  string // what its cursors are bound to
	start page.Position
	rows  func(context.Context, page.Window) ([]User, error)
	place func(User) page.Position
	total func(context.Context) (page.Total, error)
}

func (s *Service) newest() order {
	return order{
		list: "users -created_at", start: page.Newest(), place: byTime,
		rows: func(ctx context.Context, w page.Window) ([]User, error) {
			return s.db.Queries(ctx).ListUsers(ctx, db.ListUsersParams{
				BeforeCreatedAt: w.After.Time, BeforeID: w.After.ID, Skip: w.Skip, Size: w.Limit(),
			})
		},
	}
}

func (s *Service) oldest() order {
	return order{
		list: "users created_at", start: page.First(), place: byTime,
		rows: func(ctx context.Context, w page.Window) ([]User, error) {
			return s.db.Queries(ctx).ListUsersOldest(ctx, db.ListUsersOldestParams{
				AfterCreatedAt: w.After.Time, AfterID: w.After.ID, Skip: w.Skip, Size: w.Limit(),
			})
		},
	}
}

func (s *Service) byStatus(status Status) order {
	return order{
		list: "users status=" + string(status), start: page.Newest(), place: byTime,
		rows: func(ctx context.Context, w page.Window) ([]User, error) {
			return s.db.Queries(ctx).ListUsersByStatus(ctx, db.ListUsersByStatusParams{
				Status: status, BeforeCreatedAt: w.After.Time, BeforeID: w.After.ID, Skip: w.Skip, Size: w.Limit(),
			})
		},
		total: func(ctx context.Context) (page.Total, error) {
			rows, err := s.db.Queries(ctx).CountUsersByStatus(ctx, db.CountUsersByStatusParams{
				Status: status, Most: countMost,
			})
			return page.Counted(rows), err
		},
	}
}

func (s *Service) byTag(tag string) order {
	return order{
		list: "users tag=" + tag, start: page.Newest(), place: byTime,
		rows: func(ctx context.Context, w page.Window) ([]User, error) {
			return s.db.Queries(ctx).ListUsersByTag(ctx, db.ListUsersByTagParams{
				Tag: tag, BeforeCreatedAt: w.After.Time, BeforeID: w.After.ID, Skip: w.Skip, Size: w.Limit(),
			})
		},
		total: func(ctx context.Context) (page.Total, error) {
			rows, err := s.db.Queries(ctx).CountUsersByTag(ctx, db.CountUsersByTagParams{Tag: tag, Most: countMost})
			return page.Counted(rows), err
		},
	}
}

// byName reads the users whose name begins with prefix, in title case.
func (s *Service) byName(prefix string) order {
	end := prefixEnd(prefix)
	return order{
		list: "users name=" + prefix, start: page.First(),
		place: func(u User) page.Position { return page.Position{Time: page.First().Time, Text: u.Name, ID: u.ID} },
		rows: func(ctx context.Context, w page.Window) ([]User, error) {
			return s.db.Queries(ctx).ListUsersByName(ctx, db.ListUsersByNameParams{
				PrefixEnd: end, AfterName: max(prefix, w.After.Text), AfterID: w.After.ID,
				Skip: w.Skip, Size: w.Limit(),
			})
		},
		total: func(ctx context.Context) (page.Total, error) {
			rows, err := s.db.Queries(ctx).CountUsersByName(ctx, db.CountUsersByNameParams{
				Prefix: prefix, PrefixEnd: end, Most: countMost,
			})
			return page.Counted(rows), err
		},
	}
}

// byEmail reads the users whose e-mail address begins with prefix, in lower case.
func (s *Service) byEmail(prefix string) order {
	end := prefixEnd(prefix)
	return order{
		list: "users email=" + prefix, start: page.First(),
		place: func(u User) page.Position {
			return page.Position{Time: page.First().Time, Text: strings.ToLower(u.Email), ID: u.ID}
		},
		rows: func(ctx context.Context, w page.Window) ([]User, error) {
			return s.db.Queries(ctx).ListUsersByEmail(ctx, db.ListUsersByEmailParams{
				Prefix: prefix, PrefixEnd: end, AfterEmail: w.After.Text, Skip: w.Skip, Size: w.Limit(),
			})
		},
		total: func(ctx context.Context) (page.Total, error) {
			rows, err := s.db.Queries(ctx).CountUsersByEmail(ctx, db.CountUsersByEmailParams{
				Prefix: prefix, PrefixEnd: end, Most: countMost,
			})
			return page.Counted(rows), err
		},
	}
}

// byTime tells where a user stands in a list ordered by time.
func byTime(u User) page.Position { return page.Position{Time: u.CreatedAt, ID: u.ID} }

// prefixEnd returns a text after every name and e-mail address that begins with prefix, in the order of collation
// C: a name may consist of the last characters of Unicode.
func prefixEnd(prefix string) string { return prefix + strings.Repeat(string(utf8.MaxRune), maxName+1) }
