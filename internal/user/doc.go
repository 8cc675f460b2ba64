// Package user is the people: signing up, reading, listing, changing, deleting and restoring them.
//
// A name is stored in title case, tags in lower case without repeats, and a live user's e-mail address is nobody
// else's. The tag minor is the server's. A user who is under 18 and active carries it, nobody else does:
//
//	            settle
//	Draft ────────────────▶ users row ──Delete──▶ hidden row
//	            settle       ▲  │  ▲                  │
//	Patch + row ─────────────┘  │  └─────Restore──────┘
//	                            ▼
//	                        user_tags (kept by triggers)
//
// Every write goes up one version and holds the row's lock from the comparison with If-Match to the commit, so
// that of two writers with the same version one loses.
package user
