package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/page"
	"github.com/plaza-api/plaza/internal/post"
)

// posts are the operations of the tag posts.
type posts struct {
	answers

	service *post.Service
}

func (h posts) ListUserPosts(
	ctx context.Context, r api.ListUserPostsRequestObject,
) (api.ListUserPostsResponseObject, error) {
	p, err := h.service.ListByAuthor(ctx, r.UserID, fromPage(r.Params.Page, r.Params.Size, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return h.list(p)
}

func (h posts) CreatePost(ctx context.Context, r api.CreatePostRequestObject) (api.CreatePostResponseObject, error) {
	p, err := h.service.Create(ctx, r.UserID, post.Draft{Title: r.Body.Title, Content: r.Body.Content})
	if err != nil {
		return nil, err
	}
	return h.written(http.StatusCreated, p.Version, toPost(p), fmt.Sprintf("/posts/%d", p.ID), "Post created")
}

func (h posts) UpdatePost(ctx context.Context, r api.UpdatePostRequestObject) (api.UpdatePostResponseObject, error) {
	match, err := fromIfMatch(&r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	patch := either(r.JSONBody, r.ApplicationMergePatchPlusJSONBody)
	p, err := h.service.Update(ctx, r.UserID, r.PostID, match, post.Patch{Title: patch.Title, Content: patch.Content})
	if err != nil {
		return nil, err
	}
	return h.written(http.StatusOK, p.Version, toPost(p), "", "Post updated")
}

func (h posts) DeletePost(ctx context.Context, r api.DeletePostRequestObject) (api.DeletePostResponseObject, error) {
	match, err := fromIfMatch(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	return answer{status: http.StatusNoContent}, h.service.Delete(ctx, r.UserID, r.PostID, match)
}

func (h posts) ListPosts(ctx context.Context, r api.ListPostsRequestObject) (api.ListPostsResponseObject, error) {
	p, err := h.service.List(ctx, fromPage(r.Params.Page, r.Params.Size, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return h.list(p)
}

func (h posts) GetPost(ctx context.Context, r api.GetPostRequestObject) (api.GetPostResponseObject, error) {
	p, err := h.service.Get(ctx, r.PostID)
	if err != nil {
		return nil, err
	}
	return h.read(p.Version, toPost(p), r.Params.IfNoneMatch)
}

func (h posts) list(p page.Page[post.Post]) (answer, error) {
	return h.enveloped(http.StatusOK, api.PostList{
		Items: each(p.Items, toPost), Total: p.Total.Rows, TotalIsExact: p.Total.Exact,
		Page: orNull(p.Number), Size: p.Size, Pages: p.Pages(), NextCursor: orNull(p.Next),
	}, retrieved(len(p.Items), "post", "posts"))
}
