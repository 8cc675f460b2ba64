// Several tabs of an application, in which a person is signed in with the SDK, in Chromium.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  application, handleRedirect, leaveAndReturn, listen, load, open, refused, revoke, send, shift, signedIn, state,
  statusOf, token,
} from './application.js'

let app
before(async () => {
  app = await application('sdk-tabs.log')
})
after(() => app?.stop())

const nobody = [false, undefined]

test('two tabs that refresh at once show each refresh token once, and both stay signed in', async (t) => {
  const { context, page, requests } = await signedIn(app, t)
  const other = await open(app, context)
  for (let round = 0; round < 5; round++) {
    requests.length = 0
    await Promise.all([shift(page, 1), shift(other, 1)])
    const tokens = await Promise.all([token(page), token(other)])
    for (const { value } of tokens) assert.equal(await statusOf(app, value), 200)
    const shown = requests.map((form) => form.refresh_token)
    assert.ok(shown.length === 1 || shown.length === 2 && shown[0] !== shown[1], `shown: ${shown}`)
  }
})

test('where there are no Web Locks, the clients of one page wait for one another', async (t) => {
  const { page, requests } = await signedIn(app, t)
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'locks', { value: undefined })
    window.first = auth
  })
  await load(app, page)
  const tokens = await page.evaluate(async () => Promise.all([first.token(await first.token()), auth.token()]))
  for (const value of tokens) assert.equal(await statusOf(app, value), 200)
  const shown = requests.map((form) => form.refresh_token)
  assert.equal(new Set(shown).size, shown.length)
})

for (const store of ['localStorage', 'sessionStorage']) {
  test(`a tab takes what another has obtained: ${store}`, async (t) => {
    const { context, page, requests } = await signedIn(app, t, store)
    const opened = context.waitForEvent('page')
    await page.evaluate(() => void window.open('/')) // with a copy of what is in sessionStorage
    const other = await opened
    await load(app, other, store)
    const heard = await listen(other)
    const refreshed = await token(page, (await token(page)).value)
    assert.deepEqual(await heard(), [true, '1'])
    assert.deepEqual(await token(other), refreshed)
    assert.equal(requests.length, 1)
    const kept = (tab) => tab.evaluate((name) => ({ ...window[name] }), store)
    assert.deepEqual(await kept(other), await kept(page))
  })
}

test('a tab of its own grant keeps it when another refreshes', async (t) => {
  const { context, page, requests } = await signedIn(app, t, 'memory')
  const other = await open(app, context, 'memory')
  await leaveAndReturn(app, other, 'memory')
  await handleRedirect(other)
  const own = await token(other)
  requests.length = 0
  const second = await token(page, (await token(page)).value)
  await token(page, second.value)
  assert.deepEqual(await token(other), own)
  assert.notDeepEqual(await token(other, own.value), own)
  assert.equal(new Set(requests.map((form) => form.refresh_token)).size, 3)
})

for (const store of ['localStorage', 'memory']) {
  test(`who signs out in one tab is signed out in the other: ${store}`, async (t) => {
    const { context, page } = await signedIn(app, t, store)
    const other = await open(app, context, store)
    await leaveAndReturn(app, other, store)
    await handleRedirect(other)
    const heard = await listen(other)
    const revoked = page.waitForRequest('**/oauth/revoke')
    const [before] = await Promise.all([token(page), page.evaluate(() => void auth.signOut())])
    await page.getByRole('heading', { name: 'Sign out?' }).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('post_logout_redirect_uri'), `${app.origin}/`)
    assert.deepEqual(await heard(), nobody)
    assert.deepEqual(await state(other), nobody)
    assert.deepEqual(await token(other), { value: undefined })
    assert.equal(await other.evaluate(() => localStorage.length), 0)
    const ended = Object.fromEntries(new URLSearchParams((await revoked).postData())).token
    const again = await send(app, '/oauth/token', { grant_type: 'refresh_token', refresh_token: ended })
    assert.equal(again.error, 'invalid_grant')
    await refused(app, before.value)
  })
}

test('who signs out and in again stays signed in in a tab that hears late of the first', async (t) => {
  const { context, page } = await signedIn(app, t)
  const other = await open(app, context)
  await other.evaluate(() => {
    const channel = new BroadcastChannel(Object.keys(localStorage)[0])
    window.told = new Promise((done) => { channel.onmessage = ({ data }) => done(data) })
  })
  const left = await listen(other)
  await page.evaluate(() => void auth.signOut())
  const told = await other.evaluate(() => window.told)
  assert.deepEqual(await left(), nobody)
  await page.getByRole('heading', { name: 'Sign out?' }).waitFor()
  await page.goto(app.origin)
  await load(app, page)
  await leaveAndReturn(app, page)
  const again = await listen(other)
  await handleRedirect(page)
  assert.deepEqual(await again(), [true, '1'])
  await page.evaluate((data) => new Promise((done) => {
    const name = Object.keys(localStorage)[0]
    new BroadcastChannel(name).onmessage = done
    new BroadcastChannel(name).postMessage(data)
  }), told)
  const heard = await listen(other)
  const refreshed = await token(page, (await token(page)).value)
  assert.equal(await statusOf(app, refreshed.value), 200)
  assert.deepEqual(await heard(), [true, '1'])
  assert.deepEqual(await token(other), refreshed)
})

test('a grant that has ended signs out in every tab that has it', async (t) => {
  const { context, page, requests } = await signedIn(app, t)
  const other = await open(app, context)
  const heard = await listen(other)
  const refreshToken = await page.evaluate(() => Object.values(localStorage)[0].split(' ')[1])
  await revoke(app, refreshToken, (await token(page)).value)
  const ended = { error: 'AuthError', code: 'invalid_grant', operation: 'exchangeToken' }
  assert.deepEqual(await page.evaluate(() => outcome(plaza.users.getMe())), ended)
  assert.deepEqual(await state(page), nobody)
  assert.deepEqual(await heard(), nobody)
  assert.deepEqual(await token(page), { value: undefined })
  assert.equal(await page.evaluate(() => localStorage.length), 0)
  assert.equal(requests.length, 1)
})
