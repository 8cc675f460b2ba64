package page_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/page"
)

const list = "list"

func TestWindow(t *testing.T) {
	t.Parallel()
	place := page.Position{Time: time.UnixMicro(42).UTC(), Text: "Ann", ID: 7}
	cursor := place.Cursor(list)
	for name, c := range map[string]struct {
		request page.Request
		want    page.Window
	}{
		"no page is the first":    {page.Request{Size: 20}, page.Window{After: page.First(), Size: 20}},
		"page 1 skips nothing":    {page.Request{Number: 1, Size: 20}, page.Window{After: page.First(), Size: 20}},
		"page 3 skips two":        {page.Request{Number: 3, Size: 20}, page.Window{After: page.First(), Skip: 40, Size: 20}},
		"a cursor skips nothing":  {page.Request{Cursor: cursor, Size: 5}, page.Window{After: place, Size: 5}},
		"row 10,000 is in reach":  {page.Request{Number: 100, Size: 100}, page.Window{After: page.First(), Skip: 9900, Size: 100}},
		"row 10,001 is not":       {page.Request{Number: 101, Size: 100}, refused("page", "reaches beyond row 10000; go on with cursor from there", 100)},
		"nor is the last of all":  {page.Request{Number: 1<<31 - 1, Size: 100}, refused("page", "reaches beyond row 10000; go on with cursor from there", 100)},
		"a cursor beside a page":  {page.Request{Number: 1, Size: 5, Cursor: cursor}, refused("cursor", "goes without page", 5)},
		"a cursor of other lists": {page.Request{Size: 5, Cursor: place.Cursor("other")}, forged(5)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.request.Window(list, page.First())

			assert.Equal(t, c.want, got)
			assert.Equal(t, c.want.Size+1, got.Limit(), "one row more tells whether there are others")
			_, err := got.OrInvalid()
			assert.Equal(t, len(c.want.Faults) > 0, fault.Is(err, fault.Invalid), "%v", err)
			if err != nil {
				assert.Equal(t, c.want.Faults, fault.As(err).Fields)
			}
		})
	}
}

func refused(parameter, detail string, size int32) page.Window {
	return page.Window{
		After: page.First(), Size: size,
		Faults: []fault.Field{{In: "query", Name: parameter, Detail: detail}},
	}
}

func forged(size int32) page.Window {
	w := refused("cursor", "is not a cursor of this list", size)
	w.After = page.Position{}
	return w
}

func TestCounted(t *testing.T) {
	t.Parallel()
	for rows, want := range map[int64]page.Total{
		0:                   {Rows: 0, Exact: true},
		page.CountLimit:     {Rows: page.CountLimit, Exact: true},
		page.CountLimit + 1: {Rows: page.CountLimit, Exact: false},
	} {
		assert.Equal(t, want, page.Counted(rows), rows)
	}
}

func TestMake(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int32Range(1, 100).Draw(t, "size")
		rows := make([]int64, rapid.IntRange(0, int(size)+1).Draw(t, "rows"))
		for i := range rows {
			rows[i] = int64(i) + 1
		}
		number := rapid.Int32Range(0, 3).Draw(t, "number")
		total := page.Total{Rows: rapid.Int64Range(0, 1000).Draw(t, "total"), Exact: true}

		p := page.Make(page.Request{Size: size, Number: number}, list, rows, at, total)

		assert.Equal(t, max(number, 1), p.Number)
		assert.Equal(t, total, p.Total)
		assert.Equal(t, rows[:min(len(rows), int(size))], p.Items)
		assert.GreaterOrEqual(t, p.Pages()*int64(size), total.Rows)
		assert.Less(t, (p.Pages()-1)*int64(size), max(total.Rows, 1))
		if len(rows) <= int(size) {
			assert.Empty(t, p.Next, "the last page")
			return
		}
		next, err := page.ParseCursor(list, p.Next)
		require.NoError(t, err)
		assert.Equal(t, int64(size), next.ID, "the place of the last row that was shown")
	})
}

func TestAPageByCursorHasNoNumber(t *testing.T) {
	t.Parallel()
	p := page.Make(page.Request{Size: 1, Cursor: page.First().Cursor(list)}, list, []int64{1}, at, page.Total{})
	assert.Zero(t, p.Number)
}

func at(id int64) page.Position { return page.Position{Time: page.First().Time, ID: id} }
