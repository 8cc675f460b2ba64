import type { Auth, AuthFactory } from '../types.js'
import { grantIn } from './grant.js'
import { holder } from './hold.js'
import { lock } from './lock.js'
import { ask, codeOf, leave, takeAnswer, type Answer } from './redirect.js'
import { connectTo } from './server.js'
import { sessionIn } from './session.js'
import type { Claims, Server, SignInConfig, SignInOptions } from './types.js'

export interface SignIn extends Auth {
  /** Leaves for the login page. */
  signIn(options?: SignInOptions): Promise<void>
  /**
   * Takes the answer out of the address, and signs in with it. Answers nothing where there is none. Throws an AuthError
   * whose `code` is OAuth's, as `access_denied`, or `invalid_state`, `invalid_issuer` or `invalid_id_token`.
   */
  handleRedirect(url?: string): Promise<{ returnTo: string } | undefined>
  /** Ends the session here and in the other tabs, then leaves for the logout page. */
  signOut(): Promise<void>
  /** Who has signed in; the same object until that changes */
  readonly user: Claims | undefined
  readonly signedIn: boolean
  /** Calls `listener` when `user` or `signedIn` may have changed, until what it returns is called. */
  subscribe(listener: () => void): () => void
}

/**
 * Signs people in, in a browser: the `auth` of a single-page application. Authorization code with PKCE (RFC 7636),
 * OpenID Connect.
 */
export const signIn = (config: SignInConfig): AuthFactory<SignIn> => ({ connect: (to) => connect(to, config) })

const connect = (to: Server, config: SignInConfig): SignIn => {
  const { clientId: client_id, redirectUri: redirect_uri, postLogoutRedirectUri: post_logout_redirect_uri } = config
  const name = `plaza ${config.issuer ?? to.baseUrl} ${client_id}`
  const server = connectTo(to, config.issuer)
  let returning: Promise<{ returnTo: string }> | undefined

  const { hold, token } = holder(async (good) => {
    await returning?.catch(() => {})
    return lock(name, () => grant.renew(good))
  })
  const session = sessionIn(config.store, name, hold)
  const grant = grantIn(session, server, client_id)
  const finish = async (found: Answer) => {
    const { nonce, verifier, returnTo } = found.kept
    const form = { code: await codeOf(found, server.metadata), redirect_uri, code_verifier: verifier }
    await lock(name, () => grant.begin(form, nonce))
    return { returnTo }
  }
  return Object.assign(session.face, {
    token,
    async signIn(options: SignInOptions = {}) {
      await ask(name, (await server.metadata()).authorization_endpoint, config, options)
    },
    async handleRedirect(address = location.href) {
      const found = takeAnswer(name, address, redirect_uri)
      if (found) returning = finish(found).finally(() => (returning = undefined))
      return returning
    },
    async signOut() {
      const id_token_hint = await lock(name, grant.end)
      const { end_session_endpoint } = await server.metadata()
      if (end_session_endpoint) leave(end_session_endpoint, { client_id, id_token_hint, post_logout_redirect_uri })
    },
  })
}
