import { refusal } from './server.js'
import type { Claims } from './types.js'

/** What an ID token claims. Only for one that came from the server itself, by TLS: its signature is not looked at. */
export const claimsOf = (idToken: string): Claims => {
  const binary = atob(idToken.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0))))
}

/**
 * Throws unless an ID token is for this client and claims what is expected (OpenID Connect Core 1.0, sections 3.1.3.7
 * and 12.2). This device's clock is not asked, as it may be hours off: that the token is new its nonce shows, or the
 * refresh token that it came with.
 */
export const check = (idToken: string, clientId: string, expected: Partial<Claims>) => {
  const claims = claimsOf(idToken)
  const wrong = Object.keys(expected).find((name) => claims[name] !== expected[name]) ??
    (![claims.aud].flat().includes(clientId) ? 'aud' : !(claims.exp > claims.iat) && 'exp')
  if (wrong) throw refusal('invalid_id_token', `The ID token has another ${wrong}`)
}
