// Package token makes access tokens (RFC 9068), and tells whose one is: one of this server's own, or one of another
// OpenID provider. It knows no HTTP.
//
//	          remembered ──────────────────────────────┐
//	            ▲   │ no                                ▼
//	token ──▶ seen before?                          ended since? ──▶ Caller
//	            │ no                                    ▲
//	            └──▶ form ▶ key ▶ signature ▶ claims ───┘
//
// What always holds:
//   - Own tokens are signed with ES256 and nothing else is accepted of them; an ID token is no access token.
//   - A signature is checked once: a token that was good is remembered until it expires.
//   - What a person's tokens rest on ends them: the table revocations is read before an answer is older than a
//     second, on every server. Where it cannot be read nobody is let in.
//   - No error contains a token.
package token
