package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"github.com/oapi-codegen/runtime"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/identity/token"
	"github.com/plaza-api/plaza/internal/user"
)

// users are the operations of the tag users.
type users struct {
	answers

	service  *user.Service
	identity *identity.Service // nil where another server signs people in
	kept     kept
}

func (h users) ListUsers(ctx context.Context, r api.ListUsersRequestObject) (api.ListUsersResponseObject, error) {
	l := user.Listing{
		Status: (*user.Status)(r.Params.Status), Tag: r.Params.Tag, Q: r.Params.Q,
		Page: fromPage(r.Params.Page, r.Params.Size, r.Params.Cursor),
	}
	if r.Params.Sort != nil {
		l.Sort = user.Sort(*r.Params.Sort)
	}
	p, err := h.service.List(ctx, l)
	if err != nil {
		return nil, err
	}
	return h.enveloped(http.StatusOK, api.UserList{
		Items: each(p.Items, toUser), Total: p.Total.Rows, TotalIsExact: p.Total.Exact,
		Page: orNull(p.Number), Size: p.Size, Pages: p.Pages(), NextCursor: orNull(p.Next),
	}, retrieved(len(p.Items), "user", "users"))
}

func (h users) CreateUser(ctx context.Context, r api.CreateUserRequestObject) (api.CreateUserResponseObject, error) {
	u, err := h.signUp(ctx, *r.Body)
	if err != nil {
		return nil, err
	}
	return h.written(http.StatusCreated, u.Version, toUser(u), fmt.Sprintf("/users/%d", u.ID), "User created")
}

// signUp makes the user, with the password that may come along.
func (h users) signUp(ctx context.Context, body api.UserSignUp) (user.User, error) {
	draft := fromUserSignUp(body)
	if body.Password == nil {
		return h.service.Create(ctx, draft)
	}
	if h.identity == nil {
		return user.User{}, fault.New(fault.Invalid, "Another server signs people in here",
			fault.Field{Pointer: "/password", Detail: "is not taken: another server signs people in here"})
	}
	return h.identity.SignUp(ctx, *body.Password, func(ctx context.Context) (user.User, error) {
		return h.service.Create(ctx, draft)
	})
}

func (h users) CreateUsers(ctx context.Context, r api.CreateUsersRequestObject) (api.CreateUsersResponseObject, error) {
	items, err := toItems(r.Body.Users, contract.ItemFaults(ctx))
	if err != nil {
		return nil, err
	}
	results, err := h.service.CreateMany(ctx, items, r.Body.Atomic != nil && *r.Body.Atomic)
	if err != nil {
		return nil, err
	}
	data := api.UserBatchResults{Results: make([]api.UserBatchResult, len(results))}
	created := 0
	for i, result := range results {
		data.Results[i] = h.toBatchResult(ctx, i, result)
		if result.Fault == nil {
			created++
		}
	}
	return h.enveloped(http.StatusOK, data, fmt.Sprintf("Created %d of %d users", created, len(results)))
}

func (h users) GetUser(ctx context.Context, r api.GetUserRequestObject) (api.GetUserResponseObject, error) {
	if r.Params.Include != nil {
		u, posts, err := h.service.GetWithPosts(ctx, r.UserID)
		if err != nil {
			return nil, err
		}
		whole, latest := toUser(u), each(posts, toPost)
		whole.Posts = &latest
		return h.read(u.Version, whole, r.Params.IfNoneMatch)
	}
	return h.kept.user(ctx, r.UserID, r.Params.IfNoneMatch)
}

func (h users) UpdateUser(ctx context.Context, r api.UpdateUserRequestObject) (api.UpdateUserResponseObject, error) {
	match, err := fromIfMatch(&r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	patch := fromUserPatch(*either(r.JSONBody, r.ApplicationMergePatchPlusJSONBody))
	update := func(ctx context.Context) (user.User, error) { return h.service.Update(ctx, r.UserID, match, patch) }
	before := h.kept.users.Turn(r.UserID)
	var u user.User
	if patch.Email != nil && h.identity != nil {
		caller, _ := token.CallerOf(ctx)
		u, err = h.identity.ChangeEmail(ctx, caller, r.UserID, update)
	} else {
		u, err = update(ctx)
	}
	if err != nil {
		return nil, err
	}
	e, err := entry(u.Version, toUser(u))
	if err != nil {
		return nil, err
	}
	h.kept.users.Put(r.UserID, before, e)
	return h.writtenAs(http.StatusOK, e, "", "User updated")
}

func (h users) DeleteUser(ctx context.Context, r api.DeleteUserRequestObject) (api.DeleteUserResponseObject, error) {
	match, err := fromIfMatch(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	return answer{status: http.StatusNoContent}, h.service.Delete(ctx, r.UserID, match)
}

func (h users) RestoreUser(ctx context.Context, r api.RestoreUserRequestObject) (api.RestoreUserResponseObject, error) {
	u, err := h.service.Restore(ctx, r.UserID)
	if err != nil {
		return nil, err
	}
	return h.written(http.StatusOK, u.Version, toUser(u), "", "User restored")
}

// toItems binds the items of a batch that the contract found good; the others carry their faults.
func toItems(raw []*any, faults [][]fault.Field) ([]user.Item, error) {
	items := make([]user.Item, len(raw))
	for i, v := range raw {
		if len(faults[i]) > 0 {
			items[i].Fault = fault.New(fault.Invalid, "The user is faulty", faults[i]...)
			continue
		}
		var body api.UserCreate
		if err := runtime.BindJSONValue(*v, &body); err != nil {
			return nil, fmt.Errorf("item %d of the batch: %w", i, err)
		}
		items[i].Draft = fromUserCreate(body)
	}
	return items, nil
}

// toBatchResult says what became of an item, with the status that it would have had alone.
func (h users) toBatchResult(ctx context.Context, index int, r user.Result) api.UserBatchResult {
	result := api.UserBatchResult{Index: int32(index), Status: http.StatusCreated} //nolint:gosec // under 1,000
	if r.Fault == nil {
		made := toUser(r.User)
		result.User = &made
		return result
	}
	p := problem(r.Fault, fmt.Sprintf("/users/batch#/users/%d", index), requestIDOf(ctx), h.now())
	result.Status, result.Problem = p.Status, &p
	return result
}

// either returns the body that was sent, of the two media types that a merge patch may have.
func either[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}
