// Package plaza calls a Plaza server: people, their addresses and their posts.
//
//	p, err := plaza.New("https://plaza.example", plaza.ClientCredentials(id, secret, "users:read"))
//	user, err := p.Users.Get(ctx, 5)
//	for user, err := range p.Users.List(ctx, plaza.ListUsersParams{Tag: "climbing"}) { … }
//
// # Signatures
//
// A method takes the context, the parameters of the path in their order, the body, and then options: the query
// parameters, as the struct that is named after the operation, and any CallOption. It returns the resource itself.
// Among query parameters, and what is optional in a body that creates, a zero value is not sent; in a patch nil is what
// stays as it is:
//
//	user, err = p.Users.Update(ctx, 5, plaza.UserPatch{Age: new(35)}, plaza.IfVersion(user.Version))
//
// A field that is null in an answer has its zero value.
//
// # Errors
//
// Whatever fails is an *Error for errors.As, with the problem's type, the operation and the id of the request; what a
// caller may want to act upon is, besides, one of ValidationError, AuthError, NotFoundError, ConflictError,
// StaleVersionError, RateLimitError, TimeoutError and NetworkError. A call whose context was cancelled is
// context.Canceled for errors.Is.
//
// # Repetitions
//
// A call is repeated, twice unless WithRetries says otherwise, after network errors, attempts that timed out, and the
// statuses 408, 429, 502, 503 and 504, with full jitter, and not before what Retry-After says. While it is not known
// whether an attempt had its effect, only reads, deletions and what takes an Idempotency-Key are repeated; the key is
// made once for a call. A deletion that is repeated and finds nothing has succeeded.
package plaza
