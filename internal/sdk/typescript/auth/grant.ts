import { accessOf } from './hold.js'
import { check } from './id_token.js'
import type { AuthorizationServer, Tokens } from './server.js'
import type { Session } from './session.js'
import type { Claims } from './types.js'

/** What is done with a grant, the refresh token of a session. All of it is for one tab at a time: under a lock. */
export const grantIn = ({ face, read, write }: Session, server: AuthorizationServer, client_id: string) => {
  const exchange = async (form: Record<string, string>, expected: Partial<Claims>, before: string[] = []) => {
    const tokens: Tokens = await server.post('exchangeToken', { ...form, client_id })
    if (tokens.id_token) check(tokens.id_token, client_id, { iss: (await server.metadata()).issuer, ...expected })
    const access = accessOf(tokens)
    await write([tokens.id_token ?? before[0], tokens.refresh_token ?? before[1]].join(' '), access)
    return access.value
  }
  return {
    /** Gets tokens for a code, and throws unless their ID token has the nonce. */
    begin: (form: Record<string, string>, nonce: string) =>
      exchange({ ...form, grant_type: 'authorization_code' }, { nonce }),
    /** Gets new tokens, unless another tab has meanwhile. Only invalid_grant ends the session. */
    async renew(good: () => string | undefined) {
      const before = await read()
      const [, refresh_token] = before
      const value = good()
      if (value) return value
      if (!refresh_token) return void (before.length && await write())
      const expected = face.user ? { sub: face.user.sub } : {}
      return exchange({ grant_type: 'refresh_token', refresh_token }, expected, before).catch(async (error) => {
        if (error.code === 'invalid_grant') await write()
        throw error
      })
    },
    /** Ends the tokens, forgets them even where the server was not reached, and returns the ID token. */
    async end() {
      const [idToken, token] = await read()
      try {
        if (token) await server.post('revokeToken', { token, client_id })
      } finally {
        await write(null)
      }
      return idToken
    },
  }
}
