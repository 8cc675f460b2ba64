package httpapi

import (
	"context"
	"net/http"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/identity/token"
)

// me are the operations of the tag sessions, and the read of who is signed in.
type me struct {
	answers

	kept    kept
	service *identity.Service
}

func (h me) GetMe(ctx context.Context, r api.GetMeRequestObject) (api.GetMeResponseObject, error) {
	caller, _ := token.CallerOf(ctx)
	return h.kept.user(ctx, caller.UserID, r.Params.IfNoneMatch)
}

func (h me) ChangePassword(
	ctx context.Context, r api.ChangePasswordRequestObject,
) (api.ChangePasswordResponseObject, error) {
	caller, _ := token.CallerOf(ctx)
	err := try(ctx, "password of "+caller.Key(), func() error {
		return h.service.ChangePassword(ctx, caller, r.Body.CurrentPassword, r.Body.Password)
	})
	return answer{status: http.StatusNoContent}, err
}

func (h me) SendEmailCode(
	ctx context.Context, _ api.SendEmailCodeRequestObject,
) (api.SendEmailCodeResponseObject, error) {
	caller, _ := token.CallerOf(ctx)
	return answer{status: http.StatusAccepted}, h.service.SendOwnCode(ctx, caller.UserID)
}

func (h me) VerifyEmail(ctx context.Context, r api.VerifyEmailRequestObject) (api.VerifyEmailResponseObject, error) {
	caller, _ := token.CallerOf(ctx)
	err := try(ctx, "code of "+caller.Key(), func() error { return h.service.VerifyEmail(ctx, caller, r.Body.Code) })
	return answer{status: http.StatusNoContent}, err
}

func (h me) ListSessions(ctx context.Context, _ api.ListSessionsRequestObject) (api.ListSessionsResponseObject, error) {
	caller, _ := token.CallerOf(ctx)
	sessions, err := h.service.Sessions(ctx, caller.UserID)
	if err != nil {
		return nil, err
	}
	list := api.SessionList{Items: each(sessions, func(s identity.Session) api.Session {
		return api.Session{
			ID: s.ID, IsCurrent: s.ID == caller.SessionID, UserAgent: s.UserAgent, Address: s.Address,
			CreatedAt: toTime(s.CreatedAt), ExpiresAt: toTime(s.ExpiresAt),
		}
	})}
	return h.enveloped(http.StatusOK, list, retrieved(len(list.Items), "session", "sessions"))
}

func (h me) DeleteSession(
	ctx context.Context, r api.DeleteSessionRequestObject,
) (api.DeleteSessionResponseObject, error) {
	caller, _ := token.CallerOf(ctx)
	return answer{status: http.StatusNoContent}, h.service.EndSession(ctx, caller.UserID, r.SessionID)
}
