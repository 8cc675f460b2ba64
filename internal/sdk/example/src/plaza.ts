// The one client of the application: every call goes through it, and it knows who is signed in.
import { createPlaza, signIn } from '@plaza/client'

export const plaza = createPlaza({
  baseUrl: import.meta.env.VITE_PLAZA_URL,
  // TanStack Query keeps answers. The browser's cache beneath it would show lists of up to a minute ago after a reload.
  fetch: (input, init) => fetch(input, { ...init, cache: 'no-cache' }),
  auth: signIn({
    clientId: import.meta.env.VITE_CLIENT_ID,
    redirectUri: `${location.origin}/callback`,
    postLogoutRedirectUri: `${location.origin}/`,
    // account:write is for the e-mail address in the form of a person. Ask for no more than you use.
    scope: 'openid users:read users:write account:write posts:write',
    store: localStorage, // all tabs share one session, and it survives a reload
  }),
})
