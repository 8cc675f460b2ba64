import type { AccessToken } from './hold.js'
import { claimsOf } from './id_token.js'
import { storeOf } from './store.js'
import type { Claims, Store } from './types.js'

/**
 * What one tab tells the others: what a session was, what it is now, and the access token that came with it. Undefined
 * is a session that has ended, and null is a person who has signed out.
 */
interface News {
  from: string | undefined
  to: string | null | undefined
  token: AccessToken | undefined
  /** When it is told, in milliseconds on this device's clock: a tab that sleeps hears it late */
  at: number
}

/** For how long news may be ahead of localStorage, in milliseconds. */
const unread = 5_000

/**
 * Keeps who has signed in, and tells it to listeners and to the other tabs. A session is its ID token, a space and its
 * refresh token, and is in the store; the access token is given to `hold`, and is in memory alone.
 */
export const sessionIn = (chosen: Store | Storage | undefined, name: string, hold: (token?: AccessToken) => void) => {
  const store = storeOf(chosen)
  const listeners = new Set<() => void>()
  const channel = globalThis.document && new BroadcastChannel(name)
  let session: string | undefined
  let since = 0
  let user: Claims | undefined

  const show = (next: string | null | undefined, token?: AccessToken) => {
    next ||= undefined
    if (next !== session || token) hold(token)
    if (next === session) return
    session = next
    since = Date.now()
    user = undefined
    try {
      user = claimsOf(session!.split(' ')[0]!)
    } catch {} // there is no ID token
    for (const listener of listeners) listener()
  }
  const put = (next: News['to']) => next ? store.set(name, next) : store.remove(name)

  const found = store.get(name)
  if (typeof found === 'string') show(found) // at once, so that nobody is shown as signed out for a moment
  else Promise.resolve(found).then((late) => session ?? show(late), () => {})

  const shared = channel && chosen === localStorage
  let news: News | undefined
  // Tabs in other processes are told of a change of localStorage a moment before they can read it there.
  const stored = async () => {
    const now = await store.get(name) ?? undefined
    return shared && news && now === (news.from ?? undefined) && Date.now() - news.at < unread ? news.to : now
  }
  const look = async () => {
    const now = await stored()
    show(now, now === news?.to ? news?.token : undefined)
  }
  if (shared) addEventListener('storage', look)

  if (channel) channel.onmessage = async ({ data }: MessageEvent<News>) => {
    const { from, to, token, at } = news = data
    if (shared) return look()
    let stored: News['to'] = await store.get(name)
    // In a store of this tab's own is a copy of that session, as in a duplicated tab; or one that is signed out too.
    if (stored && (stored === from || to === null && stored === session && since <= at)) await put(stored = to)
    show(stored, stored === to ? token : undefined)
  }

  return {
    face: {
      get user() {
        return user
      },
      get signedIn() {
        return !!session
      },
      subscribe(listener: () => void) {
        listeners.add(listener)
        return () => {
          listeners.delete(listener)
        }
      },
    },
    /** What is in the store by now: the ID token and the refresh token. */
    async read() {
      show(await stored())
      return session?.split(' ') ?? []
    },
    async write(next?: string | null, token?: AccessToken) {
      const from = session
      news = undefined
      await put(next)
      show(next, token)
      channel?.postMessage({ from, to: next, token, at: Date.now() } satisfies News)
    },
  }
}

/** What sessionIn makes. */
export type Session = ReturnType<typeof sessionIn>
