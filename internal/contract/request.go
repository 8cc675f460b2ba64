package contract

import (
	"context"
	"net/http"

	"github.com/plaza-api/plaza/internal/fault"
)

// Checked is what is to be known of a request that is good.
type Checked struct {
	// Items are the faults of each item of the array that has x-validate-items, with
	// pointers relative to the item; nil for a good item. Nil without such an array.
	Items [][]fault.Field
	// Restricted are the fields that were sent and that not everybody may set, in
	// the order of the contract.
	Restricted []Restricted
}

type checkedKey struct{}

// With returns a context that carries c to [ItemFaults] and [RestrictedFields].
func (c Checked) With(ctx context.Context) context.Context {
	if c.Items == nil && c.Restricted == nil {
		return ctx
	}
	return context.WithValue(ctx, checkedKey{}, c)
}

// ItemFaults returns the faults of each item of the request's batch; a good item has none.
func ItemFaults(ctx context.Context) [][]fault.Field {
	c, _ := ctx.Value(checkedKey{}).(Checked)
	return c.Items
}

// RestrictedFields returns the fields of the request that not everybody may set.
func RestrictedFields(ctx context.Context) []Restricted {
	c, _ := ctx.Value(checkedKey{}).(Checked)
	return c.Restricted
}

// CheckRequest holds r and its path parameters against the operation. Afterwards
// r.Body has a method `ValidatedValue() any` with the body that was checked (strings
// trimmed and NFC, defaults in place), reading it gives the same as JSON, and r.URL
// has the defaults of query parameters that were not sent.
//
// The caller bounds the body with [http.MaxBytesReader] before. The error is always a
// [*fault.Fault]: UnsupportedMediaType, TooLarge, RequestTimeout and Malformed alone;
// PreconditionRequired (a required If-Match is missing) and Invalid with all faults,
// parameters first, each in the order of the contract.
func (o *Operation) CheckRequest(r *http.Request, path map[string]string) (Checked, error) {
	media, err := o.body.choose(r)
	if err != nil {
		return Checked{}, err
	}
	kind, fields, err := o.checkParameters(r, path)
	if err != nil {
		return Checked{}, err
	}
	checked, faults, err := o.checkBody(r, media)
	if err != nil {
		return Checked{}, err
	}
	if fields = append(fields, faults...); len(fields) > 0 {
		return Checked{}, invalid(kind, fields)
	}
	return checked, nil
}
