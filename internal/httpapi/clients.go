package httpapi

import (
	"context"
	"net/http"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/identity"
)

// clients are the operations of the tag clients.
type clients struct {
	answers

	service *identity.Service
}

func (h clients) ListClients(
	ctx context.Context, r api.ListClientsRequestObject,
) (api.ListClientsResponseObject, error) {
	after := ""
	if r.Params.After != nil {
		after = *r.Params.After
	}
	found, err := h.service.Clients(ctx, after)
	if err != nil {
		return nil, err
	}
	list := api.ClientList{Items: each(found, toClient)}
	return h.enveloped(http.StatusOK, list, retrieved(len(list.Items), "client", "clients"))
}

func (h clients) CreateClient(
	ctx context.Context, r api.CreateClientRequestObject,
) (api.CreateClientResponseObject, error) {
	made, secret, err := h.service.CreateClient(ctx, identity.ClientDraft{
		Name: r.Body.Name, Kind: string(r.Body.Kind), RedirectURIs: orEmpty(r.Body.RedirectUris),
		PostLogoutRedirectURIs: orEmpty(r.Body.PostLogoutRedirectUris), Scopes: r.Body.Scopes,
	})
	if err != nil {
		return nil, err
	}
	return h.secret(http.StatusCreated, made, secret, "/clients/"+made.ID, "Client created")
}

func (h clients) GetClient(ctx context.Context, r api.GetClientRequestObject) (api.GetClientResponseObject, error) {
	found, err := h.service.Client(ctx, r.ClientID)
	if err != nil {
		return nil, err
	}
	return h.read(found.Version, toClient(found), r.Params.IfNoneMatch)
}

func (h clients) RotateClientSecret(
	ctx context.Context, r api.RotateClientSecretRequestObject,
) (api.RotateClientSecretResponseObject, error) {
	found, secret, err := h.service.RotateSecret(ctx, r.ClientID)
	if err != nil {
		return nil, err
	}
	return h.secret(http.StatusOK, found, secret, "", "Secret rotated")
}

func (h clients) DeleteClient(
	ctx context.Context, r api.DeleteClientRequestObject,
) (api.DeleteClientResponseObject, error) {
	return answer{status: http.StatusNoContent}, h.service.DeleteClient(ctx, r.ClientID)
}

// secret answers with a client and its secret, and with the tag that a read of the client has.
func (h clients) secret(status int, c identity.Client, secret, location, message string) (answer, error) {
	shown := toClient(c)
	a, err := h.written(status, c.Version, shown, location, message)
	if err != nil {
		return answer{}, err
	}
	enveloped, err := h.enveloped(status, api.ClientSecret{Client: shown, ClientSecret: orNull(secret)}, message)
	a.body = enveloped.body
	return a, err
}

func toClient(c identity.Client) api.Client {
	return api.Client{
		ID: c.ID, Name: c.Name, Kind: api.ClientKind(c.Kind), RedirectUris: c.RedirectUris,
		PostLogoutRedirectUris: c.PostLogoutRedirectUris, Scopes: c.Scopes,
		Version: c.Version, CreatedAt: toTime(c.CreatedAt), UpdatedAt: toNullableTime(c.UpdatedAt),
	}
}

// orEmpty is a list that may have been left out.
func orEmpty[T any](list *[]T) []T {
	if list == nil {
		return []T{}
	}
	return *list
}
