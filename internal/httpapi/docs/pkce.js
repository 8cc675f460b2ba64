// The authorization code flow with PKCE (RFC 6749, section 4.1; RFC 7636) of the server that this page came from.
// What is to be remembered while the person is away is in the tab's storage; tokens never are.
const storage = 'plaza-docs-sign-in'
const page = location.origin + '/docs'

/** Leads the browser to the login page, which leads back to /docs. */
export async function leave(client, scopes) {
  const [state, verifier] = [random(), random()]
  sessionStorage.setItem(storage, JSON.stringify({ state, verifier, place: location.hash }))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  location.assign('/oauth/authorize?' + new URLSearchParams({
    response_type: 'code', client_id: client, redirect_uri: page, scope: scopes.join(' '), state,
    code_challenge: base64url(new Uint8Array(digest)), code_challenge_method: 'S256',
  }))
}

/**
 * Takes OAuth's answer out of the address, if it is there, and returns what gets the tokens for it. That fails with
 * words for the person.
 */
export function comeBack(client) {
  const answer = new URLSearchParams(location.search)
  if (!answer.has('state')) return undefined
  const asked = JSON.parse(sessionStorage.getItem(storage) ?? '{}')
  sessionStorage.removeItem(storage)
  history.replaceState(null, '', '/docs' + (asked.place ?? ''))
  return async () => {
    if (answer.get('state') !== asked.state) throw new Error('The sign-in was begun elsewhere. Try again.')
    if (answer.has('error')) throw new Error(answer.get('error_description') ?? answer.get('error'))
    return exchange(client, {
      grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: page, code_verifier: asked.verifier,
    })
  }
}

/** Gets new tokens for a refresh token. */
export function refresh(client, token) {
  return exchange(client, { grant_type: 'refresh_token', refresh_token: token })
}

/** Leads the browser to the logout page, which leads back to /docs. */
export function signOut(client) {
  location.assign('/oauth/logout?' + new URLSearchParams({ client_id: client, post_logout_redirect_uri: page }))
}

async function exchange(client, fields) {
  const response = await fetch('/oauth/token', {
    method: 'POST', body: new URLSearchParams({ client_id: client, ...fields }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error_description ?? answer.detail ?? answer.error)
  return answer
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)))
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
