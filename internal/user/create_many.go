package user

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/fault"
)

const (
	// chunkSize is how many rows one statement stores.
	chunkSize = 100
	// maxFaults is how many faults the answer to an atomic batch names, and maxPointer how long a pointer may be,
	// in bytes.
	maxFaults, maxPointer = 10_000, 1000
)

// Item is one user of a batch. One that was found faulty before carries its Fault and is not made.
type Item struct {
	Draft Draft
	Fault *fault.Fault
}

// Result is what became of an item: a user, or a fault.
type Result struct {
	User  User
	Fault *fault.Fault
}

// CreateMany makes the users of a batch in one transaction, a hundred rows a statement, and returns one result
// per item, in order. With atomic all are made or none: one faulty item returns a fault that names the faults of
// all, by pointers into {"users": […]}: fault.Conflict if e-mail addresses in use are all there is, else
// fault.Invalid.
func (s *Service) CreateMany(ctx context.Context, items []Item, atomic bool) ([]Result, error) {
	results := make([]Result, len(items))
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		good := make([]int, 0, len(items))
		for i, item := range items {
			results[i] = Result{Fault: item.Fault}
			if item.Fault == nil {
				good = append(good, i)
			}
		}
		// Every batch stores in the same order, so that two with the same users do not wait for each other.
		slices.SortStableFunc(good, func(a, b int) int {
			return strings.Compare(strings.ToLower(items[a].Draft.Email), strings.ToLower(items[b].Draft.Email))
		})
		for chunk := range slices.Chunk(good, chunkSize) {
			if err := s.createChunk(ctx, items, chunk, results); err != nil {
				return err
			}
		}
		if atomic {
			return join(results)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// createChunk makes the users of a chunk (indexes of items) in one statement; if the database refuses a row for
// itself, it makes them one by one, so that the row does not cost the others their answer.
func (s *Service) createChunk(ctx context.Context, items []Item, chunk []int, results []Result) error {
	err := s.db.InSavepoint(ctx, func(ctx context.Context) error {
		return s.insertChunk(ctx, items, chunk, results)
	})
	f := refused(err)
	switch {
	case f == nil:
		return err
	case len(chunk) == 1:
		results[chunk[0]] = Result{Fault: f}
		return nil
	}
	for i := range chunk {
		if err := s.createChunk(ctx, items, chunk[i:i+1], results); err != nil {
			return err
		}
	}
	return nil
}

// refused returns the fault by which the database refused a row, or nil.
func refused(err error) *fault.Fault {
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return fault.As(err)
	}
	return nil
}

func (s *Service) insertChunk(ctx context.Context, items []Item, chunk []int, results []Result) error {
	var p db.InsertUsersParams
	byEmail := make(map[string]int, len(chunk))
	for _, i := range chunk {
		f := items[i].Draft.settle()
		p.Names = append(p.Names, f.Name)
		p.Emails = append(p.Emails, f.Email)
		p.Ages = append(p.Ages, f.Age)
		p.Statuses = append(p.Statuses, string(f.Status))
		p.Tags = append(p.Tags, strings.Join(f.Tags, ","))
		if _, taken := byEmail[strings.ToLower(f.Email)]; !taken {
			byEmail[strings.ToLower(f.Email)] = i
		}
		results[i] = Result{Fault: fault.New(fault.Conflict, "email is already taken",
			fault.Field{Pointer: "/email", Detail: "is already taken"})}
	}
	made, err := s.db.Queries(ctx).InsertUsers(ctx, p)
	if err != nil {
		return err
	}
	var first []address.First
	ids := make([]int64, len(made))
	for row, u := range made {
		ids[row] = u.ID
		i := byEmail[strings.ToLower(u.Email)]
		results[i] = Result{User: u}
		if a := items[i].Draft.Address; a != nil {
			first = append(first, address.First{UserID: u.ID, Draft: *a})
		}
	}
	s.written(ctx, ids...)
	return address.InsertFirst(ctx, s.db, first)
}

// join makes one fault of those in results, or nil.
func join(results []Result) error {
	kind := fault.Conflict
	var fields []fault.Field
	items := 0
	for i, r := range results {
		if r.Fault == nil {
			continue
		}
		items++
		if r.Fault.Kind != fault.Conflict {
			kind = fault.Invalid
		}
		for _, f := range r.Fault.Fields {
			pointer := fmt.Sprintf("/users/%d%s", i, f.Pointer)
			f.Pointer = strings.ToValidUTF8(pointer[:min(len(pointer), maxPointer)], "")
			fields = append(fields, f)
		}
	}
	if items == 0 {
		return nil
	}
	if more := len(fields) - maxFaults + 1; more > 1 {
		fields = append(fields[:maxFaults-1], fault.Field{
			Pointer: "/users", Detail: fmt.Sprintf("and %d more faults", more),
		})
	}
	return fault.New(kind, fmt.Sprintf("%d of %d users are faulty; none was created", items, len(results)), fields...)
}
