package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/address"
)

// addresses are the operations of the tag addresses.
type addresses struct {
	answers

	service *address.Service
}

func (h addresses) ListAddresses(
	ctx context.Context, r api.ListAddressesRequestObject,
) (api.ListAddressesResponseObject, error) {
	list, err := h.service.List(ctx, r.UserID)
	if err != nil {
		return nil, err
	}
	return h.enveloped(http.StatusOK, api.AddressList{Items: each(list, toAddress)},
		retrieved(len(list), "address", "addresses"))
}

func (h addresses) CreateAddress(
	ctx context.Context, r api.CreateAddressRequestObject,
) (api.CreateAddressResponseObject, error) {
	a, err := h.service.Create(ctx, r.UserID, fromAddressCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return h.written(http.StatusCreated, a.Version, toAddress(a),
		fmt.Sprintf("/users/%d/addresses/%d", a.UserID, a.ID), "Address created")
}

func (h addresses) GetAddress(
	ctx context.Context, r api.GetAddressRequestObject,
) (api.GetAddressResponseObject, error) {
	a, err := h.service.Get(ctx, r.UserID, r.AddressID)
	if err != nil {
		return nil, err
	}
	return h.read(a.Version, toAddress(a), r.Params.IfNoneMatch)
}

func (h addresses) UpdateAddress(
	ctx context.Context, r api.UpdateAddressRequestObject,
) (api.UpdateAddressResponseObject, error) {
	match, err := fromIfMatch(&r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	patch := fromAddressPatch(*either(r.JSONBody, r.ApplicationMergePatchPlusJSONBody))
	a, err := h.service.Update(ctx, r.UserID, r.AddressID, match, patch)
	if err != nil {
		return nil, err
	}
	return h.written(http.StatusOK, a.Version, toAddress(a), "", "Address updated")
}

func (h addresses) DeleteAddress(
	ctx context.Context, r api.DeleteAddressRequestObject,
) (api.DeleteAddressResponseObject, error) {
	match, err := fromIfMatch(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	return answer{status: http.StatusNoContent}, h.service.Delete(ctx, r.UserID, r.AddressID, match)
}
