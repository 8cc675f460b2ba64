package plaza

import (
	"context"
	"iter"
)

// Collect reads a list to its end.
func Collect[T any](list iter.Seq2[T, error]) ([]T, error) {
	all := []T{}
	for item, err := range list {
		if err != nil {
			return all, err
		}
		all = append(all, item)
	}
	return all, nil
}

// pages asks for page after page. by is the query parameter that asks for the next one, and next its value; empty on
// the last page.
func pages[L any](ctx context.Context, first func() *call, by string, next func(L) string) iter.Seq2[L, error] {
	return func(yield func(L, error) bool) {
		for c := first(); ; {
			page, err := send[L](ctx, c)
			if !yield(page, err) || err != nil {
				return
			}
			value := next(page)
			if value == "" {
				return
			}
			c.query.Del("page")
			c.query.Set(by, value)
		}
	}
}

// items goes through the items of pages. An error ends it.
func items[L, T any](pages iter.Seq2[L, error], of func(L) []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for page, err := range pages {
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range of(page) {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}
