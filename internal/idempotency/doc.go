// Package idempotency answers a request that comes again with the answer that it got the first time. It knows no HTTP.
//
//	request with a key ──▶ locked by another? ──yes──▶ Conflict
//	                            │ no
//	                            ▼
//	                       answered before? ──yes──▶ the same request? ──yes──▶ the stored answer
//	                            │ no                      │ no
//	                            ▼                         ▼
//	                 effect and answer, in one        Invalid
//	                 transaction
//
// What always holds:
//   - The record commits with the effect: there is never one without the other, whatever dies in between.
//   - Only what succeeded is kept: a request that was refused may come again, mended, under the same key.
//   - A caller's keys are theirs. Those of callers who are not signed in are bound to the request, so that strangers
//     who chose the same key neither meet nor learn of each other.
//   - A record is kept for 24 hours. Each new one takes up to ten that are older away.
//   - Answers are stored in clear: an operation that answers with a secret must not be idempotent.
package idempotency
