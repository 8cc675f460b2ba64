// Package mock serves an OpenAPI document alone: each operation answers what it declares, whether or not anybody has
// written it yet.
//
//	request ──▶ route ──▶ Prefer: code=4xx? ──▶ sign-in ──▶ Accept ──▶ contract.CheckRequest ──▶ answer
//	              │                                │           │              │                    ▲
//	              └── 404, 405                     └── 401     └── 406        └── 400, 415, 422    Prefer: code=2xx,
//	                                                                                               example=NAME
//
// What always holds:
//   - An answer is one that the document allows: the example that is stated, else a value that is made (see
//     [github.com/plaza-api/plaza/internal/example]).
//   - Requests are held against the document by the code that holds those to Plaza's server.
//   - The same question gets the same answer. Nothing is stored.
//   - While the document is being saved and cannot be read, the one before is served on.
package mock
