// Package sampling holds a share of the answers that a server gives against its contract, beside the requests.
//
//	request ──▶ Picks? ──▶ answer is copied ──▶ Offer ──▶ queue ──▶ one worker ──▶ contract.CheckResponse
//	                                              │                                 │
//	                                  full: dropped, counted            count, and a line in the log
//
// What always holds:
//   - No request waits: what does not fit into the queue, by number or by bytes, is dropped and counted.
//   - Counts and log name operations, statuses and places of the contract, never a value.
//   - Stop checks what is still in the queue as long as its context allows, and counts the rest as dropped.
package sampling
