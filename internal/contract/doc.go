// Package contract loads the OpenAPI document once, compiles what each operation
// states about its run time into a [Policy], and holds requests and responses
// against it. It knows no router and no noun: rules that only Go can express are
// handed to [Load] by name.
//
//	openapi.yaml ──Load──▶ Contract ──Operation(id)──▶ Policy
//	                                        │
//	request ──▶ media type ──▶ parameters ──▶ body ──▶ faults, in the order of the contract
//	                                           │
//	             decode ─▶ settle (trim, NFC, defaults, x-rule, rows) ─▶ schema
//
// What always holds:
//   - A key that starts with x- and is unknown, misplaced or malformed stops Load,
//     with its line; so do formats and rules that the contract names and nobody gave.
//   - A body is read once. What later readers get is what was validated, trimmed and
//     completed with defaults, never the bytes as they were sent.
//   - All faults of a request come back together. None repeats a value that was sent.
//   - Nothing here is registered globally: several contracts live side by side.
package contract
