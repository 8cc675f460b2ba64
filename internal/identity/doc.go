// Package identity signs people and clients in: a narrow OAuth 2.1 authorization server and OpenID provider. It knows
// no HTTP; the pages and the endpoints stand in internal/httpapi.
//
//	browser ──▶ authorize ──▶ sign in ──▶ consent ──▶ code
//	                             │                      │
//	                          session ◀── grant ◀── exchange ──▶ access token, ID token, refresh token ──▶ refresh
//
// What always holds:
//   - A session is one browser in which a person is signed in; a grant is what one client got there. What ends one ends
//     all that came of it, by triggers of the database, and with it access tokens on every server within a second.
//   - Secrets are kept as hashes alone: codes, refresh tokens, cookies and client secrets by SHA-256, since they are
//     random; passwords by Argon2id; the eight digits of a mail by HMAC with PLAZA_SECRET_KEY.
//   - Signing in does not tell whether an e-mail address is known: the answers are alike, and so is the time that a
//     password takes. Signing up does tell, by a conflict.
//   - A password works only once the address is verified, and whoever first shows that an address is theirs without
//     knowing the password that was set before ends that password and its sessions: signing up with another's address
//     gains nothing.
//   - What changes how somebody signs in looks first whether the session of who asks still holds: servers take its
//     tokens for a second more.
//
// Narrow: each endpoint takes GET or POST, not both; clients do not register themselves.
package identity
