// Package redis opens the connection to Redis or Valkey, alone or a cluster, that limits and caches share, and knows
// when it is not to be asked.
//
// Redis is a help, never a need: whoever asks it goes on without it when no answer comes. So nothing here waits long
// for a server that is gone or stalled, nothing is sent twice, and every call has to bring a deadline: a call without
// one may hang for as long as the operating system takes to give up on the connection.
//
// # Outages
//
// When an answer does not come in time, nobody waits for the next one. Somebody in the background looks for Redis:
//
//	            no answer
//	asking ─────────────────▶ away ◀──────────────┐
//	   ▲                        │ Probe, each second │ no answer, also to others
//	   │        Calm later      ▼                    │
//	   └──────────────────── handing in ─────────────┘
//
// Out is true in all states but the first; Away in its own alone: from when it is handed in what it has missed Redis is
// told again, and still not asked.
package redis
