// Package httpapi is the edge: it turns HTTP requests into calls of the services, and what they return into
// answers. Nothing else imports gen/api.
//
//	request ─▶ chain (server.go) ─▶ policy of the operation (operation.go) ─▶ handler, one file a tag
//	                                                                            │ unpack, call, convert
//	answer ◀── problem.go ◀── error ◀───────────────────────────────────────────┤
//	       ◀── answer.go  ◀── resource, list or write (convert.go) ◀────────────┘
//
// Handlers return faults untouched; one error handler turns them, and whatever else fails, into problems
// (RFC 9457). What an operation allows stands in the contract and nowhere here.
package httpapi
