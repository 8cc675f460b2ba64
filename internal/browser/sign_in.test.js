// A person signs up, signs in and signs out in Chromium, without scripts and by the keyboard alone, at an application
// that speaks through an independent OAuth client.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import { launch } from './chromium.js'
import { look } from './look.js'
import { application, start } from './server.js'

const insecure = { [oauth.allowInsecureRequests]: true } // http on a loopback address
const client = { client_id: 'plaza-console' }
const password = 'correct horse battery staple'
let app, plaza, browser, provider

before(async () => {
  app = await application()
  plaza = await start(app.origin)
  browser = await launch()
  const issuer = new URL(plaza.url)
  provider = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
})

after(async () => {
  await browser?.close()
  await plaza?.stop()
  app?.stop()
})

/** Opens the authorization endpoint as the application would, and returns what it has to remember of that. */
async function authorize(page, scope, more = {}) {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const nonce = oauth.generateRandomNonce()
  const url = new URL(provider.authorization_endpoint)
  url.search = new URLSearchParams({
    ...client, response_type: 'code', redirect_uri: `${app.origin}/callback`, scope, state, nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more,
  })
  await page.goto(url.href)
  return { verifier, state, nonce }
}

/** Exchanges the code with which the page came back. */
async function exchange(page, { verifier, state, nonce }) {
  await page.waitForURL(`${app.origin}/callback?*`)
  const answer = oauth.validateAuthResponse(provider, client, new URL(page.url()), state)
  const response = await oauth.authorizationCodeGrantRequest(
    provider, client, oauth.None(), answer, `${app.origin}/callback`, verifier, insecure)
  const tokens = await oauth.processAuthorizationCodeResponse(provider, client, response, {
    expectedNonce: nonce, requireIdToken: true,
  })
  await oauth.validateApplicationLevelSignature(provider, response, insecure)
  return tokens
}

/** Waits for the page of that heading, and looks at it. */
async function see(page, name, heading) {
  await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor()
  await look(page, name)
}

/** Calls Plaza from the application's page, across origins. */
function fetchFrom(page, path, init) {
  return page.evaluate(async ([url, options]) => {
    const response = await fetch(url, options)
    return { status: response.status, body: await response.json().catch(() => null) }
  }, [plaza.url + path, init])
}

test('a person signs up, verifies, consents, refreshes and signs out', async () => {
  const email = 'ann.lee@example.com'
  const spa = await (await browser.newContext()).newPage()
  await spa.goto(app.origin)
  const made = await fetchFrom(spa, '/users', {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'ann lee', email, age: 34, password }),
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))

  // Without scripts, by the keyboard alone.
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  const asked = await authorize(page, 'openid profile email users:read')
  await see(page, 'login', 'Sign in')
  await page.keyboard.type(email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await see(page, 'code', 'Enter the code')
  await page.locator('#code:focus').waitFor() // the mail may be there before the page
  await page.keyboard.type(await plaza.mailedCode(email))
  await page.keyboard.press('Enter')
  await see(page, 'consent', 'Plaza console asks for access')
  const session = (await context.cookies()).find((cookie) => cookie.name === 'plaza-session')
  assert.ok(session.httpOnly && session.sameSite === 'Lax')
  await page.getByRole('button', { name: 'Allow' }).press('Enter')

  const tokens = await exchange(page, asked)
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  const info = await oauth.processUserInfoResponse(provider, client, claims.sub,
    await oauth.userInfoRequest(provider, client, tokens.access_token, insecure))
  assert.deepEqual([info.name, info.email, info.email_verified], ['Ann Lee', email, true])
  const read = (accessToken) => fetchFrom(spa, '/me', { headers: { Authorization: `Bearer ${accessToken}` } })
  assert.equal((await read(tokens.access_token)).body.email, email)

  const refreshed = await oauth.processRefreshTokenResponse(provider, client, await oauth.refreshTokenGrantRequest(
    provider, client, oauth.None(), tokens.refresh_token, insecure))
  assert.notEqual(refreshed.refresh_token, tokens.refresh_token)
  assert.equal((await read(refreshed.access_token)).status, 200)

  // Signed in already: nothing but consent is asked for, which an application on this machine always needs.
  await authorize(page, 'openid')
  assert.equal(await page.locator('h1').innerText(), 'Plaza console asks for access')
  await page.getByRole('button', { name: 'Deny' }).click()
  await page.waitForURL(`${app.origin}/callback?*`)
  assert.equal(new URL(page.url()).searchParams.get('error'), 'access_denied')

  const logout = new URL(provider.end_session_endpoint)
  logout.search = new URLSearchParams({
    id_token_hint: refreshed.id_token, post_logout_redirect_uri: `${app.origin}/`, state: 'left',
  })
  await page.goto(logout.href)
  await see(page, 'logout', 'Sign out?')
  await page.getByRole('button', { name: 'Sign out' }).press('Enter')
  await page.waitForURL(`${app.origin}/?state=left`)
  const deadline = Date.now() + 5000 // tokens stop within a second of their session, on every server
  await assert.rejects(oauth.refreshTokenGrantRequest(provider, client, oauth.None(), refreshed.refresh_token, insecure)
    .then((response) => oauth.processRefreshTokenResponse(provider, client, response)), { error: 'invalid_grant' })
  while ((await read(refreshed.access_token)).status === 200) assert.ok(Date.now() < deadline, 'the token is still good')
})

test('a wrong password, a link that is broken and a page in a frame', async () => {
  const page = await browser.newPage()
  await authorize(page, 'openid')
  await page.getByLabel('E-mail address').fill('admin@plaza.example')
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await see(page, 'wrong', 'Sign in')
  assert.equal(await page.getByRole('alert').innerText(), 'The e-mail address or the password is wrong.')
  assert.equal(await page.getByLabel('Password').getAttribute('aria-invalid'), 'true')

  await authorize(page, 'openid', { redirect_uri: 'https://evil.example/' })
  await see(page, 'refused', 'That did not work')
  assert.equal(new URL(page.url()).origin, plaza.url)

  await authorize(page, 'openid')
  const login = page.url()
  await page.goto(app.origin)
  await page.setContent(`<iframe src="${login}"></iframe>`)
  assert.match(page.frames()[1].url(), /^chrome-error:/)
})

test('a service signs in, and tokens are told about and revoked', async () => {
  const admin = (await plaza.command('token')).trim()
  const made = await (await fetch(`${plaza.url}/clients`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${admin}` },
    body: JSON.stringify({ name: 'Reports', kind: 'service', scopes: ['users:read'] }),
  })).json()
  const service = { client_id: made.data.client.id }
  const secret = oauth.ClientSecretBasic(made.data.client_secret)
  const tokens = await oauth.processClientCredentialsResponse(provider, service, await oauth.clientCredentialsGrantRequest(
    provider, service, secret, { scope: 'users:read' }, insecure))
  const list = () => oauth.protectedResourceRequest(
    tokens.access_token, 'GET', new URL('/users', plaza.url), undefined, undefined, insecure)
  assert.equal((await list()).status, 200)
  const about = await oauth.processIntrospectionResponse(provider, service, await oauth.introspectionRequest(
    provider, service, secret, tokens.access_token, insecure))
  assert.deepEqual([about.active, about.sub, about.scope], [true, service.client_id, 'users:read'])
  await oauth.processRevocationResponse(await oauth.revocationRequest(
    provider, service, secret, tokens.access_token, insecure))
})
