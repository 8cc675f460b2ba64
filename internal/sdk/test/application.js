// A single-page application that people sign in to with the packed SDK, in Chromium.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { launch } from '../../browser/chromium.js'
import { start } from '../../browser/server.js'

const modules = new URL('.', import.meta.resolve('@plaza/client'))

/** Serves the SDK's modules below /sdk/, and one empty page at every other path. */
async function serve() {
  const server = createServer(async (request, response) => {
    if (!request.url.startsWith('/sdk/')) {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Town Board</title>')
      return
    }
    const script = await readFile(fileURLToPath(new URL(request.url.slice('/sdk/'.length), modules)))
    response.setHeader('Content-Type', 'text/javascript').end(script)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() }
}

/** Starts a server, the application and Chromium; `stop` ends them. The admin is signed in at Plaza in `browse`. */
export async function application(log) {
  const browser = await launch() // first, as nothing else would be stopped where there is none
  const { origin, stop } = await serve()
  const plaza = await start(origin, log, { PLAZA_RATE_LIMITS: 'observe' })
  const app = { origin, plaza }
  const storageState = await signInAtPlaza(browser, app)
  return {
    ...app,
    /** A browser's context, and in it a page of the application. */
    async browse(t, store, path = '/') {
      const context = await browser.newContext({ storageState })
      t.after(() => context.close())
      return { context, page: await open(app, context, store, path) }
    },
    stop: async () => {
      await browser.close()
      await plaza.stop()
      stop()
    },
  }
}

/** Signs the admin in by a mailed code, and returns what that browser has then. */
async function signInAtPlaza(browser, app) {
  const context = await browser.newContext()
  const page = await open(app, context)
  await page.evaluate(() => auth.signIn())
  await page.getByLabel('E-mail address').fill('admin@plaza.example')
  await page.getByRole('button', { name: 'code' }).click()
  await page.getByLabel('Code').fill(await app.plaza.mailedCode('admin@plaza.example'))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Allow' }).waitFor()
  const state = await context.storageState()
  await context.close()
  return state
}

/** Opens a page of the application in a tab of its own. */
export async function open(app, context, store, path = '/') {
  const page = await context.newPage()
  await page.goto(app.origin + path)
  await load(app, page, store)
  return page
}

/**
 * Makes the page's `plaza` and its `auth`, as an application's script does when the page loads. `store` names where the
 * refresh token is: localStorage, sessionStorage, slowStorage, or memory. `outcome` gives what a promise does.
 */
export function load(app, page, store = 'localStorage', more = {}) {
  return page.evaluate(async ([baseUrl, name, options]) => {
    const { createPlaza, signIn } = await import('/sdk/index.js')
    const later = (value) => new Promise((done) => setTimeout(done, 1, value))
    const slowStorage = {
      get: (key) => later(localStorage.getItem(key)),
      set: (key, value) => later().then(() => localStorage.setItem(key, value)),
      remove: (key) => later().then(() => localStorage.removeItem(key)),
    }
    const store = name === 'memory' ? {} : { store: { localStorage, sessionStorage, slowStorage }[name] }
    window.plaza = createPlaza({
      baseUrl,
      auth: signIn({
        clientId: 'plaza-console', redirectUri: `${location.origin}/callback`, scope: 'openid users:read users:write',
        postLogoutRedirectUri: `${location.origin}/`, ...store, ...options,
      }),
    })
    window.auth = plaza.auth
    window.signedInAtOnce = auth.signedIn
    window.outcome = (promise) => promise.then((value) => ({ value }), (error) => ({
      error: error.name, code: error.code, operation: error.operation,
    }))
  }, [app.plaza.url, store, more])
}

/** Goes to Plaza and presses a button there; then the page is back at the application, with a new `auth`. */
export async function leaveAndReturn(app, page, store, { button = 'Allow', more, ...options } = {}) {
  await page.evaluate((given) => auth.signIn(given), options)
  await page.getByRole('button', { name: button }).click()
  await page.waitForURL(`${app.origin}/callback?*`)
  await load(app, page, store, more)
}

export const handleRedirect = (page) => page.evaluate(() => outcome(auth.handleRedirect()))

/** A browser in which the admin is signed in to the application. `requests` are those for tokens from then on. */
export async function signedIn(app, t, store) {
  const { context, page } = await app.browse(t, store)
  await leaveAndReturn(app, page, store)
  assert.deepEqual(await handleRedirect(page), { value: { returnTo: '/' } })
  return { context, page, requests: tokenRequests(context) }
}

/** The forms that are sent to the token endpoint from now on. */
export function tokenRequests(context) {
  const list = []
  context.on('request', (request) => {
    if (request.url().endsWith('/oauth/token')) list.push(Object.fromEntries(new URLSearchParams(request.postData())))
  })
  return list
}

export const token = (page, refused) => page.evaluate((given) => outcome(auth.token(given)), refused)

/** Whether somebody has signed in, and who. */
export const state = (page) => page.evaluate(() => [auth.signedIn, auth.user?.sub])

/** Waits until `auth` tells that something has changed, and gives what `state` gives then. It listens once awaited. */
export async function listen(page) {
  await page.evaluate(() => {
    window.heard = new Promise((done) => auth.subscribe(done))
  })
  return async () => {
    await page.evaluate(() => heard)
    return state(page)
  }
}

/** Moves the page's clock. */
export const shift = (page, hours) => page.evaluate((by) => {
  const now = Date.now
  Date.now = () => now() + by * 3_600_000
}, hours)

/** The status with which Plaza answers to an access token. */
export async function statusOf(app, accessToken) {
  return (await fetch(`${app.plaza.url}/me`, { headers: { Authorization: `Bearer ${accessToken}` } })).status
}

/** Ends an access token, or a refresh token with all that came of it: within a second, and waits for that. */
export async function revoke(app, ended, accessToken = ended) {
  assert.equal((await send(app, '/oauth/revoke', { token: ended })).status, 200)
  await refused(app, accessToken)
}

/** Waits until Plaza refuses an access token. */
export async function refused(app, accessToken) {
  for (const end = Date.now() + 5000; await statusOf(app, accessToken) !== 401;) assert.ok(Date.now() < end)
}

/** Sends a form to an endpoint as whoever has a token of the application can; answers what it is told. */
export async function send(app, path, form) {
  const body = new URLSearchParams({ client_id: 'plaza-console', ...form })
  const answer = await fetch(app.plaza.url + path, { method: 'POST', body })
  return { status: answer.status, ...await answer.json().catch(() => undefined) }
}
