package plaza

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// maxUpdates is how often a patch is made at most.
	maxUpdates = 5
	// updateBackoff is the most that is waited in between, times how often others were faster.
	updateBackoff = 20 * time.Millisecond
)

// Current returns the resource of a StaleVersionError as it is now, where it could be read.
func Current[T any](err error) (T, bool) {
	var none T
	stale, ok := errors.AsType[*StaleVersionError](err)
	if !ok {
		return none, false
	}
	current, ok := stale.Current.(T)
	return current, ok
}

// reading makes a call that reads what a change is about: with the options of that, but for the version.
func reading(c *core, o *operation, options []CallOption, path ...any) *call {
	made := newCall(c, o, options, path...)
	made.header.Del("If-Match")
	return made
}

// versioned adds the version that is changed.
func versioned(options []CallOption, version int64) []CallOption {
	return append(slices.Clone(options), IfVersion(version))
}

// updateWith reads a resource, makes a patch of it and sends that, again with the resource as it is then while others
// are faster.
func updateWith[T, P any](
	ctx context.Context, read func() (T, error), change func(T) (P, error), update func(T, P) (T, error),
) (T, error) {
	resource, err := read()
	for tries := 1; err == nil; tries++ {
		var patch P
		if patch, err = change(resource); err != nil {
			break
		}
		var updated T
		if updated, err = update(resource, patch); err == nil {
			return updated, nil
		}
		current, ok := Current[T](err)
		if !ok || tries == maxUpdates {
			break
		}
		resource = current
		err = nil
		select {
		case <-time.After(jitter(time.Duration(tries) * updateBackoff)):
		case <-ctx.Done(): // as the next call says
		}
	}
	var none T
	return none, err
}
