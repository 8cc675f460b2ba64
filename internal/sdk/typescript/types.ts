import type { TimeField } from './contract.gen.js'

/** What gives access tokens. */
export interface Auth {
  /**
   * The access token to send, or undefined for none.
   *
   * `refused` is one that the server has just answered with 401: another one is wanted.
   */
  token(refused?: string, signal?: AbortSignal): Promise<string | undefined>
}

/** Makes an Auth for one server: what `signIn` and `clientCredentials` give. */
export interface AuthFactory<A extends Auth = Auth> {
  connect(server: { baseUrl: string; fetch: typeof fetch }): A
}

/** What bounds calls; for all of a connection, or for one. Times are milliseconds. */
export interface Limits {
  /** How long a call takes at most, with all its attempts and pauses: 60,000. */
  timeout?: number | undefined
  /** How long one attempt takes at most: what the contract allows the server, and 5,000. */
  attemptTimeout?: number | undefined
  /** How often a call is repeated where that is safe: 2. */
  retries?: number | undefined
  /** The longest `Retry-After` that is waited for; a longer one is thrown at once: 5,000. */
  maxRetryAfter?: number | undefined
  /** Sent with every request. */
  headers?: Record<string, string> | undefined
  /** Sees every answer, also of attempts that are repeated. */
  onResponse?: ((response: Response) => void) | undefined
}

/** What a connection is made of. */
export interface Options<A extends Auth = Auth, D extends boolean = boolean> extends Limits {
  /** Where the server is, with its scheme: `https://plaza.example`; `location.origin` where it served this page. */
  baseUrl: string
  /** Who calls: a token, a function that gives one, `signIn(…)` or `clientCredentials(…)`; nobody by default. */
  auth?: string | (() => string | null | undefined | Promise<string | null | undefined>) | AuthFactory<A> | undefined
  /** What sends requests: the global `fetch`. */
  fetch?: typeof fetch | undefined
  /** Whether times come as `Date` rather than as strings (RFC 3339). */
  dates?: D | undefined
}

/** What may be said of any call. */
export interface CallOptions extends Limits {
  /** Ends the call; its reason is thrown as it is. */
  signal?: AbortSignal | undefined
}

/** What must be said of a change. */
export interface Versioned {
  /** The version that the resource must still have, or `*` for whatever is there: sent as If-Match. */
  version: number | '*'
}

/** What may be said of a creation. */
export interface Once {
  /** Makes creations with the same key have one effect, for 24 hours: made anew for each call, unless it is given. */
  idempotencyKey?: string | undefined
}

/** Whatever is said of a call; the operation's query parameters stand beside it. */
export interface Said extends CallOptions, Partial<Versioned>, Once {}

/** A T whose times are `Date` if D is true. */
export type Dated<T, D extends boolean> = D extends true ? WithDates<T> : T
type WithDates<T> = T extends readonly (infer I)[]
  ? WithDates<I>[]
  : T extends object
    ? { [K in keyof T]: K extends TimeField ? Exclude<T[K], string> | Date : WithDates<T[K]> }
    : T

/** What the contract says of an operation. */
export interface Operation {
  id: string
  method: string
  path: string
  body?: unknown
  /** The media type of the body: application/json. */
  type?: string
  /** The result is `data` of an envelope. */
  enveloped?: boolean
  /** It takes an Idempotency-Key. */
  once?: boolean
  /** How long the server takes at most, in milliseconds: 5,000. */
  limit?: number
}

/** A server, and who calls it. */
export interface Connection<D extends boolean = false, A extends Auth = Auth> {
  /** Who calls; with `signIn` it signs in and out. */
  readonly auth: A
  /** Whether times come as `Date`. */
  readonly dates: D
  /** Calls an operation of the contract; the functions of this package do. */
  call<T>(operation: Operation, said?: Said): Promise<Dated<T, D>>
}
