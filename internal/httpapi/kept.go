package httpapi

import (
	"context"

	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/user"
)

// kept are the reads of one resource that are answered from memory where they can be (x-cache).
type kept struct {
	users *cache.Cache
	read  *user.Service
}

func (k kept) user(ctx context.Context, id int64, ifNoneMatch *string) (answer, error) {
	e, present := k.users.Present(id)
	if !present {
		var err error
		if e, err = k.load(ctx, id); err != nil {
			return answer{}, err
		}
	}
	if e.Body == nil {
		return answer{}, user.Missing()
	}
	return readOf(e, ifNoneMatch), nil
}

func (k kept) load(ctx context.Context, id int64) (cache.Entry, error) {
	return k.users.Get(ctx, id, func(ctx context.Context) (cache.Entry, error) {
		u, err := k.read.Get(ctx, id)
		switch {
		case fault.Is(err, fault.NotFound):
			return cache.Entry{}, nil
		case err != nil:
			return cache.Entry{}, err
		}
		return entry(u.Version, toUser(u))
	})
}
