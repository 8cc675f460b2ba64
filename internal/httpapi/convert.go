package httpapi

import (
	"fmt"
	"time"

	"github.com/plaza-api/plaza/gen/api"
	"github.com/plaza-api/plaza/internal/address"
	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/page"
	"github.com/plaza-api/plaza/internal/post"
	"github.com/plaza-api/plaza/internal/user"
)

// defaultSize is how many items a page has, as the contract says.
const defaultSize = 20

// envelope is what lists and writes answer with.
type envelope struct {
	Success   api.Success `json:"success"`
	Data      any         `json:"data"`
	Message   api.Message `json:"message"`
	Timestamp api.Time    `json:"timestamp"`
}

// toTime brings a time into the form of the contract: UTC, to the microsecond, as the database keeps it.
func toTime(t time.Time) api.Time { return t.UTC().Truncate(time.Microsecond) }

func toNullableTime(t *time.Time) *api.NullableTime {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}

func toUser(u user.User) api.User {
	return api.User{
		ID: u.ID, Name: u.Name, Email: u.Email, Age: u.Age, Status: api.UserStatus(u.Status),
		Role: api.UserRole(u.Role), Tags: u.Tags,
		IsAdult: user.IsAdult(u), DisplayName: user.DisplayName(u),
		Version: u.Version, CreatedAt: toTime(u.CreatedAt), UpdatedAt: toNullableTime(u.UpdatedAt),
	}
}

func fromUserCreate(c api.UserCreate) user.Draft {
	d := user.Draft{Fields: user.Fields{Name: c.Name, Email: c.Email, Age: c.Age}}
	if c.Status != nil {
		d.Status = user.Status(*c.Status)
	}
	if c.Tags != nil {
		d.Tags = *c.Tags
	}
	if c.Address != nil {
		first := fromAddressCreate(*c.Address)
		d.Address = &first
	}
	return d
}

func fromUserSignUp(c api.UserSignUp) user.Draft {
	return fromUserCreate(api.UserCreate{
		Name: c.Name, Email: c.Email, Age: c.Age, Status: c.Status, Tags: c.Tags, Address: c.Address,
	})
}

func fromUserPatch(p api.UserPatch) user.Patch {
	return user.Patch{
		Name: p.Name, Email: p.Email, Age: p.Age, Status: (*user.Status)(p.Status), Role: (*user.Role)(p.Role), Tags: p.Tags,
	}
}

func toAddress(a address.Address) api.Address {
	return api.Address{
		ID: a.ID, UserID: a.UserID, Street: a.Street, City: a.City, Country: api.Country(a.Country),
		PostalCode: a.PostalCode,
		Version:    a.Version, CreatedAt: toTime(a.CreatedAt), UpdatedAt: toNullableTime(a.UpdatedAt),
	}
}

func fromAddressCreate(c api.AddressCreate) address.Draft {
	return address.Draft{
		Street: c.Street, City: c.City, Country: address.Country(c.Country), PostalCode: c.PostalCode,
	}
}

func fromAddressPatch(p api.AddressPatch) address.Patch {
	return address.Patch{
		Street: p.Street, City: p.City, Country: (*address.Country)(p.Country), PostalCode: p.PostalCode,
	}
}

func toPost(p post.Post) api.Post {
	return api.Post{
		ID: p.ID, AuthorID: p.AuthorID, Author: api.Author{ID: p.AuthorID, Name: p.AuthorName},
		Title: p.Title, Content: p.Content,
		Version: p.Version, CreatedAt: toTime(p.CreatedAt), UpdatedAt: toNullableTime(p.UpdatedAt),
	}
}

// fromPage makes the request for a page of what the contract has left open.
func fromPage(number *api.Page, size *api.Size, cursor *api.Cursor) page.Request {
	r := page.Request{Size: defaultSize}
	if number != nil {
		r.Number = *number
	}
	if size != nil {
		r.Size = *size
	}
	if cursor != nil {
		r.Cursor = *cursor
	}
	return r
}

// fromIfMatch reads If-Match, which the contract's format has checked.
func fromIfMatch(header *api.IfMatchOptional) (etag.Match, error) {
	if header == nil {
		return etag.Match{}, nil
	}
	match, err := etag.ParseMatch(*header)
	if err != nil {
		return match, fault.New(fault.Invalid, "If-Match "+err.Error(),
			fault.Field{In: "header", Name: headerIfMatch, Detail: err.Error()})
	}
	return match, nil
}

// each converts every element of a list.
func each[From, To any](list []From, convert func(From) To) []To {
	converted := make([]To, len(list))
	for i, v := range list {
		converted[i] = convert(v)
	}
	return converted
}

// orNull is a pointer to v, or nil for the zero value.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// retrieved says how many items a list answers with.
func retrieved(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("Retrieved %d %s", n, many)
}
