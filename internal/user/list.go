package user

import (
	"context"
	"strings"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/page"
	"github.com/plaza-api/plaza/internal/postgres"
)

// Sort is an order of users; a leading - means descending.
type Sort string

// The orders of users.
const (
	SortNewest Sort = "-created_at"
	SortOldest Sort = "created_at"
	SortName   Sort = "name"
	SortEmail  Sort = "email"
)

// Listing is what a caller asks for: at most one filter, and an order that it allows.
type Listing struct {
	Status *Status
	Tag    *string
	Q      *string // the beginning of a name, or of an e-mail address when it holds an @
	Sort   Sort    // empty: the filter's order, else SortNewest
	Page   page.Request
}

// List returns a page of users. It returns fault.Invalid if there is no such list or page.
func (s *Service) List(ctx context.Context, l Listing) (page.Page[User], error) {
	o, faulty := s.order(l)
	w := l.Page.Window(o.list, o.start)
	if faulty = append(faulty, w.Faults...); len(faulty) > 0 {
		return page.Page[User]{}, fault.New(fault.Invalid, "There is no such list", faulty...)
	}
	rows, err := o.rows(ctx, w)
	if err != nil {
		return page.Page[User]{}, err
	}
	total, err := o.total(ctx)
	return page.Make(l.Page, o.list, rows, o.place, total), err
}

// order chooses the index that l is read by. A filter has an order of its own, and two of them have none.
func (s *Service) order(l Listing) (order, []fault.Field) {
	var filters []string
	var o order
	var own Sort
	if l.Status != nil {
		filters = append(filters, "status")
		o, own = s.byStatus(*l.Status), SortNewest
	}
	if l.Tag != nil {
		filters = append(filters, "tag")
		o, own = s.byTag(lower(*l.Tag)), SortNewest
	}
	if l.Q != nil {
		filters = append(filters, "q")
		if o, own = s.byName(TitleCase(*l.Q)), SortName; strings.Contains(*l.Q, "@") {
			o, own = s.byEmail(strings.ToLower(*l.Q)), SortEmail
		}
	}
	if len(filters) == 0 {
		return s.unfiltered(l.Sort), nil
	}
	var faulty []fault.Field
	for _, name := range filters[1:] {
		faulty = append(faulty, fault.Field{In: "query", Name: name, Detail: "goes without " + filters[0]})
	}
	if l.Sort != "" && l.Sort != own {
		detail := "must be " + string(own) + " or absent with " + filters[len(filters)-1]
		faulty = append(faulty, fault.Field{In: "query", Name: "sort", Detail: detail})
	}
	return o, faulty
}

func (s *Service) unfiltered(sort Sort) order {
	var o order
	switch sort {
	case SortOldest:
		o = s.oldest()
	case SortName:
		o = s.byName("")
	case SortEmail:
		o = s.byEmail("")
	case SortNewest:
		o = s.newest()
	default:
		o = s.newest()
	}
	o.total = func(ctx context.Context) (page.Total, error) {
		rows, _, err := s.total.Get(ctx, int64(postgres.Needed(ctx)))
		return page.Total{Rows: rows, Exact: true}, err
	}
	return o
}
