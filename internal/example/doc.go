// Package example makes values of schemas, as an answer of the contract could look, and requests of operations.
//
//	schema ──▶ stated? example, examples, default, enum ──▶ value
//	       └─▶ flat: allOf joined, one of oneOf and anyOf chosen ──▶ made: object, array, string, number ──▶ value
//
// What always holds:
//   - A value that is returned without an error is one that the schema allows, by the check that was given.
//   - The same schema gives the same value.
//   - Schemas that refer to themselves end: what is not required of them is left out.
package example
