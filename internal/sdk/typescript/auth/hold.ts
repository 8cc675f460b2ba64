import { within } from '../retry.js'
import type { Tokens } from './server.js'

/** An access token, and until when it may be sent, in milliseconds on this device's clock. */
export interface AccessToken {
  value: string
  until: number
}

/** The access token of an answer. Its life is counted from now on: nobody knows what the server's clock shows. */
export const accessOf = ({ access_token, expires_in = 300 }: Tokens): AccessToken =>
  ({ value: access_token, until: Date.now() + expires_in * 900 }) // nine tenths of it

/**
 * Holds an access token until it is refused or about to end, and obtains one at a time. `obtain` is given a function
 * that tells which token is good by now, as it may have waited.
 */
export const holder = (obtain: (good: () => string | undefined) => Promise<string | undefined>) => {
  let held: AccessToken | undefined
  let obtaining: Promise<string | undefined> | undefined
  return {
    hold(token?: AccessToken) {
      held = token
    },
    async token(refused?: string, signal?: AbortSignal) {
      const good = () => (held && held.value !== refused && Date.now() < held.until ? held.value : undefined)
      signal?.throwIfAborted()
      return good() ?? within((obtaining ??= obtain(good).finally(() => (obtaining = undefined))), signal)
    },
  }
}
