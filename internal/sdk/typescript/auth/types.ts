import type { AuthFactory } from '../types.js'

/** The server that a connection is for. */
export type Server = Parameters<AuthFactory['connect']>[0]

/** Where a refresh token is kept. `localStorage` and `sessionStorage` fit as they are. */
export interface Store {
  get(key: string): string | null | undefined | Promise<string | null | undefined>
  set(key: string, value: string): unknown
  remove(key: string): unknown
}

/** What an ID token tells of the person who has signed in (OpenID Connect Core 1.0, section 2). */
export interface Claims {
  /** Who: the user's id */
  sub: string
  /** Who says so */
  iss: string
  /** For whom */
  aud: string | string[]
  /** Until when, in seconds since 1970 on the server's clock */
  exp: number
  /** Since when, likewise */
  iat: number
  [claim: string]: unknown
}

export interface SignInConfig {
  /** The `id` that the client was registered with */
  clientId: string
  /** Where the browser comes back to, as registered: a page that calls `handleRedirect` */
  redirectUri: string
  /** Separated by spaces; with `openid` there is a `user` */
  scope: string
  /** Keeps the refresh token, as `localStorage` does over a reload and for all tabs; memory if there is none */
  store?: Store | Storage | undefined
  /** Where the browser goes once the person has signed out, as registered */
  postLogoutRedirectUri?: string | undefined
  /** The OpenID provider, where it is not the one at `baseUrl` */
  issuer?: string | undefined
  /** More for the authorization endpoint, as the `audience` that some providers want */
  parameters?: Record<string, string> | undefined
}

export interface SignInOptions {
  /** What `handleRedirect` answers; the path, query and fragment of this page if there is none */
  returnTo?: string | undefined
  /** `none`, `login` or `consent` (OpenID Connect Core 1.0, section 3.1.2.1) */
  prompt?: string | undefined
  /** Who is likely to sign in */
  loginHint?: string | undefined
}
