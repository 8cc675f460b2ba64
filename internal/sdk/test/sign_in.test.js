// People sign in to a single-page application with the SDK, in Chromium.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  application, handleRedirect, leaveAndReturn, load, revoke, shift, signedIn, state, statusOf, token, tokenRequests,
} from './application.js'

let app
before(async () => {
  app = await application('sdk-sign-in.log')
})
after(() => app?.stop())

const nobody = [false, undefined]
const admin = [true, '1']

for (const store of ['localStorage', 'sessionStorage']) {
  test(`who signs in comes back to where they were, and stays signed in over a reload: ${store}`, async (t) => {
    const { context, page } = await app.browse(t, store, '/people?page=2#ann')
    assert.deepEqual(await state(page), nobody)
    assert.deepEqual(await token(page), { value: undefined })
    await leaveAndReturn(app, page, store)
    assert.deepEqual(await state(page), nobody)
    assert.deepEqual(await handleRedirect(page), { value: { returnTo: '/people?page=2#ann' } })
    assert.equal(page.url(), `${app.origin}/callback`)
    assert.deepEqual(await state(page), admin)
    const first = await token(page)
    assert.equal(await statusOf(app, first.value), 200)
    assert.deepEqual(await handleRedirect(page), { value: undefined })
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))
    assert.ok(!kept.includes(first.value), 'the access token is stored')
    assert.ok(!kept.includes('verifier'), 'the transaction is still there')

    const requests = tokenRequests(context)
    await page.reload()
    await load(app, page, store)
    assert.equal(await page.evaluate(() => signedInAtOnce), true)
    assert.deepEqual(await state(page), admin)
    assert.equal(requests.length, 0)
    assert.equal((await page.evaluate(() => plaza.users.getMe())).id, 1)
    assert.deepEqual(requests.map((form) => form.grant_type), ['refresh_token'])
    assert.notEqual((await token(page)).value, first.value)
    assert.equal(requests.length, 1)

    await leaveAndReturn(app, page, store, { returnTo: '/again' })
    assert.deepEqual(await handleRedirect(page), { value: { returnTo: '/again' } })
  })
}

test('who signs in with memory alone is signed out by a reload', async (t) => {
  const { page } = await signedIn(app, t, 'memory')
  assert.deepEqual(await state(page), admin)
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0])
  await page.reload()
  await load(app, page, 'memory')
  assert.deepEqual(await state(page), nobody)
})

test('a redirect is handled once, however often that is asked for, and tokens wait for it', async (t) => {
  const { context, page } = await app.browse(t)
  const requests = tokenRequests(context)
  await page.evaluate(() => auth.signIn({ returnTo: '/later', prompt: 'consent', loginHint: 'ann' }))
  await page.waitForURL(`${app.plaza.url}/oauth/authorize?*`)
  const asked = new URL(page.url()).searchParams
  assert.deepEqual(['prompt', 'login_hint'].map((name) => asked.get(name)), ['consent', 'ann'])
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL(`${app.origin}/callback?*`)
  await load(app, page)
  const [first, second, me] = await page.evaluate(() => Promise.all([
    auth.handleRedirect(), auth.handleRedirect(), plaza.users.getMe(),
  ]))
  assert.deepEqual([first, second, me.id], [{ returnTo: '/later' }, { returnTo: '/later' }, 1])
  assert.deepEqual(requests.map((form) => form.grant_type), ['authorization_code'])
  assert.equal(await page.evaluate(() => auth.handleRedirect('/shop?code=of-a-voucher')), undefined)
})

test('consent that is denied, a foreign state, another issuer and another nonce sign nobody in', async (t) => {
  const { context, page } = await app.browse(t)
  const requests = tokenRequests(context)
  const refused = async (code) => {
    assert.deepEqual(await handleRedirect(page), { error: 'AuthError', code, operation: 'authorize' })
    assert.equal(page.url(), `${app.origin}/callback`)
    assert.deepEqual(await state(page), nobody)
    assert.deepEqual(await handleRedirect(page), { value: undefined })
  }
  await leaveAndReturn(app, page, 'localStorage', { button: 'Deny' })
  await refused('access_denied')
  const answers = [
    ['invalid_state', { state: 'foreign', iss: app.plaza.url }], ['invalid_issuer', { iss: 'https://evil.example' }],
    ['invalid_issuer', {}],
  ]
  for (const [code, answer] of answers) {
    await page.evaluate(() => auth.signIn())
    await page.waitForURL(`${app.plaza.url}/oauth/authorize?*`)
    const asked = new URL(page.url()).searchParams
    const query = new URLSearchParams({ code: 'a', state: asked.get('state'), ...answer })
    await page.goto(`${app.origin}/callback?${query}`)
    await load(app, page)
    await refused(code)
  }
  assert.equal(requests.length, 0)

  await leaveAndReturn(app, page)
  await page.evaluate(() => {
    const [[name, text]] = Object.entries(sessionStorage)
    sessionStorage.setItem(name, JSON.stringify({ ...JSON.parse(text), nonce: 'another' }))
  })
  await refused('invalid_id_token')
})

test('listeners hear of what changes, and the user is the same object until then', async (t) => {
  const { page } = await signedIn(app, t)
  const heard = await page.evaluate(async () => {
    const states = []
    const stop = auth.subscribe(() => states.push(auth.signedIn))
    const before = auth.user
    await auth.token()
    const same = before === auth.user
    await auth.token(await auth.token())
    stop()
    await auth.token(await auth.token())
    return { same, changed: before !== auth.user, states }
  })
  assert.deepEqual(heard, { same: true, changed: true, states: [true] })
})

test('a token is refreshed once for all who wait, when it was refused and when it is about to end', async (t) => {
  const { page, requests } = await signedIn(app, t)
  const first = (await token(page)).value
  await revoke(app, first)
  const people = await page.evaluate(() => Promise.all([1, 2, 3].map(() => plaza.users.getMe())))
  assert.deepEqual(people.map((me) => me.id), [1, 1, 1])
  assert.equal(requests.length, 1)
  const second = (await token(page, first)).value // asked for late, by who was refused the first
  assert.notEqual(second, first)
  assert.equal(requests.length, 1)

  await shift(page, 8.9 / 60)
  assert.equal((await token(page)).value, second)
  await shift(page, 0.2 / 60)
  assert.notEqual((await token(page)).value, second)
  assert.equal(requests.length, 2)
})

test('who gives up waiting ends nobody else’s wait', async (t) => {
  const { page } = await signedIn(app, t)
  const [given, other, late] = await page.evaluate(async () => {
    const refused = await auth.token()
    const controller = new AbortController()
    const both = [outcome(auth.token(refused, controller.signal)), outcome(auth.token(refused))]
    controller.abort()
    return Promise.all([...both, outcome(auth.token(undefined, controller.signal))])
  })
  assert.deepEqual([given.error, late.error], ['AbortError', 'AbortError'])
  assert.equal(await statusOf(app, other.value), 200)
})

for (const hours of [-7, 7]) {
  test(`a clock that is ${hours} hours off, and one that jumps so far, sign nobody out`, async (t) => {
    const { context, page } = await app.browse(t)
    await context.addInitScript((by) => {
      const now = Date.now
      Date.now = () => now() + by * 3_600_000
    }, hours)
    await leaveAndReturn(app, page)
    assert.deepEqual(await handleRedirect(page), { value: { returnTo: '/' } })
    const requests = tokenRequests(context)
    const first = (await token(page)).value
    assert.equal(await statusOf(app, first), 200)
    assert.equal(requests.length, 0)
    await shift(page, hours)
    const second = (await token(page)).value
    assert.equal(await statusOf(app, second), 200)
    assert.equal(second === first, hours < 0)
    assert.notEqual((await token(page, first)).value, first)
    assert.equal(requests.length, 1)
  })
}

test('who is offline stays signed in, and may sign out', async (t) => {
  const { context, page } = await signedIn(app, t)
  await shift(page, 1)
  await context.setOffline(true)
  assert.deepEqual(await token(page), { error: 'NetworkError', code: undefined, operation: 'exchangeToken' })
  assert.deepEqual(await state(page), admin)
  await context.setOffline(false)
  assert.equal(await statusOf(app, (await token(page)).value), 200)

  await context.setOffline(true)
  assert.equal((await page.evaluate(() => outcome(auth.signOut()))).error, 'NetworkError', 'Plaza was not told')
  assert.deepEqual(await state(page), nobody)
  assert.equal(await page.evaluate(() => localStorage.length), 0)
})

test('a store may take its time, and an issuer may be elsewhere, but must be the one that was named', async (t) => {
  const { page } = await app.browse(t)
  const elsewhere = { issuer: app.plaza.url, scope: 'users:read' }
  for (const issuer of [app.plaza.url.replace('127.0.0.1', 'localhost'), `${app.plaza.url}/`]) {
    await load(app, page, 'slowStorage', { issuer })
    assert.equal((await page.evaluate(() => outcome(auth.signIn()))).code, 'invalid_issuer')
  }
  await load(app, page, 'slowStorage', elsewhere)
  await leaveAndReturn(app, page, 'slowStorage', { more: elsewhere })
  assert.deepEqual(await handleRedirect(page), { value: { returnTo: '/' } })
  assert.deepEqual(await state(page), [true, undefined], 'nobody is named without openid')
  await page.reload()
  await load(app, page, 'slowStorage', elsewhere)
  await page.waitForFunction(() => auth.signedIn)
  assert.equal(await statusOf(app, (await token(page)).value), 200)
})
