package page

import (
	"strconv"

	"github.com/plaza-api/plaza/internal/fault"
)

const (
	// Reach is how many rows pages by number reach; a cursor goes on from there.
	Reach = 10_000
	// CountLimit is how far a filtered list is counted.
	CountLimit = 10_000
)

// Request is the page that a caller asks for: by Number (from 1; 0 is the first page) or by Cursor (else empty).
type Request struct {
	Number int32
	Size   int32 // 1 to 100 rows
	Cursor string
}

// Window is the part of a list to read: Size rows, and one more that tells whether there are others, after
// After and Skip rows.
type Window struct {
	After Position
	Skip  int32
	Size  int32

	Faults []fault.Field
}

// Limit is how many rows to read.
func (w Window) Limit() int32 { return w.Size + 1 }

// Window returns the part of list to read, from start on. What asks for what cannot be had is in its Faults.
func (r Request) Window(list string, start Position) Window {
	w := Window{After: start, Size: r.Size}
	switch {
	case r.Cursor != "" && r.Number != 0:
		w.Faults = []fault.Field{{In: "query", Name: "cursor", Detail: "goes without page"}}
	case r.Cursor != "":
		after, err := parseCursor(list, r.Cursor)
		if err != nil {
			w.Faults = []fault.Field{{In: "query", Name: "cursor", Detail: err.Error()}}
		}
		w.After = after
	case int64(r.Number)*int64(r.Size) > Reach:
		w.Faults = []fault.Field{{
			In: "query", Name: "page",
			Detail: "reaches beyond row " + strconv.Itoa(Reach) + "; go on with cursor from there",
		}}
	case r.Number > 1:
		w.Skip = (r.Number - 1) * r.Size
	}
	return w
}

// OrInvalid returns w, or fault.Invalid with its faults.
func (w Window) OrInvalid() (Window, error) {
	if len(w.Faults) > 0 {
		return w, fault.New(fault.Invalid, "There is no such page", w.Faults...)
	}
	return w, nil
}

// Total is how many rows a list has; there are more unless it is Exact.
type Total struct {
	Rows  int64
	Exact bool
}

// Counted makes a total of a count that went no further than CountLimit + 1.
func Counted(rows int64) Total {
	return Total{Rows: min(rows, CountLimit), Exact: rows <= CountLimit}
}

// Page is one page of a list.
type Page[T any] struct {
	Items  []T
	Total  Total
	Number int32 // 0 when it was asked for by cursor
	Size   int32
	Next   string // the cursor of the next page; empty on the last
}

// Pages is how many pages the total makes.
func (p Page[T]) Pages() int64 {
	return (p.Total.Rows + int64(p.Size) - 1) / int64(p.Size)
}

// Make makes the page that r asked for of the rows that were read for it, one more than its size if there are
// others. at tells the place of a row in list.
func Make[T any](r Request, list string, rows []T, at func(T) Position, total Total) Page[T] {
	p := Page[T]{Items: rows, Total: total, Size: r.Size}
	if r.Cursor == "" {
		p.Number = max(r.Number, 1)
	}
	if len(rows) > int(r.Size) {
		p.Items = rows[:r.Size]
		p.Next = at(p.Items[r.Size-1]).Cursor(list)
	}
	return p
}
