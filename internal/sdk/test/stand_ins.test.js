// What the SDK makes of what no Plaza says: answers of proxies, and tokens that do not come. Nothing is sent.
import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import test from 'node:test'
import { clientCredentials, createPlaza, NetworkError, PlazaError } from '@plaza/client'

const answer = (status, body, headers) =>
  new Response(body === undefined ? '' : JSON.stringify(body), { status, headers })

/** An SDK whose requests `respond` answers, and those requests. */
function standIn(respond, options) {
  const requests = []
  const fetch = async (url, request) => {
    requests.push({ url: String(url), ...request })
    return respond(requests.length, String(url), request)
  }
  return [createPlaza({ baseUrl: 'http://plaza.example', fetch, retries: 1, ...options }), requests]
}

test('an answer that is JSON and no object is an error as any other, and repeated as any other', async () => {
  for (const body of ['Bad Gateway', 5, true, null, ['a']]) {
    const [plaza, requests] = standIn(() => answer(502, body))
    await assert.rejects(plaza.users.get(5), (error) => error.constructor === PlazaError && error.status === 502)
    assert.equal(requests.length, 2)
  }
})

test('a proxy that fails and says `error` tells nobody to sign in', async () => {
  const [plaza] = standIn(() => answer(502, { error: 'Bad Gateway' }))
  await assert.rejects(plaza.users.get(5), (error) => error.constructor === PlazaError && error.title === 'Bad Gateway')
})

test('an answer without what was asked for is none', async () => {
  for (const body of [undefined, {}, 'fine']) {
    const [plaza] = standIn(() => answer(200, body))
    await assert.rejects(plaza.users.restore(5), { status: 200, detail: 'The answer is not of the contract' })
  }
})

test('what is undefined is sent in no form', async () => {
  const [plaza, requests] = standIn(() => answer(200, {}))
  await plaza.oauth.exchangeToken({ grant_type: 'client_credentials', scope: undefined })
  assert.deepEqual(requests.map(({ body }) => String(body)), ['grant_type=client_credentials'])
})

test('an id that would make another path of it is not sent', async () => {
  for (const id of ['', '.', '..']) {
    const [plaza, requests] = standIn(() => answer(204))
    await assert.rejects(plaza.clients.rotateSecret(id), (error) => error instanceof PlazaError && error.detail.endsWith(' is no path'))
    assert.equal(requests.length, 0)
  }
})

test('a token that does not come holds nobody longer than they want to wait', { timeout: 10_000 }, async () => {
  const [plaza, requests] = standIn(() => answer(200, {}), { auth: () => new Promise(() => {}) })
  const leaving = new AbortController()
  const call = plaza.users.get(5, { signal: leaving.signal })
  leaving.abort(new Error('left the page'))
  await assert.rejects(call, { message: 'left the page' })
  await assert.rejects(plaza.users.get(5, { timeout: 50 }), { name: 'TimeoutError', detail: 'No access token came in time' })
  assert.equal(requests.length, 0)
})

/** An authorization server whose tokens end at once; `fail` may stand in the way of each request. */
const service = { auth: clientCredentials({ clientId: 'a', clientSecret: 'b' }) }
const authority = (fail = () => {}) => (number, url) => {
  fail(number)
  if (url.endsWith('/token')) return answer(200, { access_token: 'good', expires_in: 0 })
  return url.includes('/.well-known/') ? answer(200, { token_endpoint: 'http://plaza.example/token' }) : answer(404, {})
}

test('who waits for tokens with one signal for all calls leaves no listeners there', async () => {
  const [plaza] = standIn(authority(), service)
  const { signal } = new AbortController()
  for (let i = 0; i < 3; i++) await assert.rejects(plaza.users.get(5, { signal }), { status: 404 })
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('that there was no token at first makes nothing of a 404', async () => {
  const [plaza, requests] = standIn(authority((number) => {
    if (number === 1) throw new TypeError('no network')
  }), service)
  await assert.rejects(plaza.users.delete(5), { name: 'NotFoundError' })
  assert.equal(requests.filter(({ method }) => method === 'DELETE').length, 1)
})

test('a token that was refused is replaced although the network was away at first', async () => {
  let renewals = 0
  const token = async (refused) => {
    if (refused && ++renewals === 1) throw new NetworkError({ operation: 'exchangeToken' })
    return refused ? 'new' : 'old'
  }
  const [plaza] = standIn((_number, _url, { headers }) => answer(headers.Authorization === 'Bearer new' ? 200 : 401, {}),
    { auth: { connect: () => ({ token }) } })
  assert.deepEqual(await plaza.users.get(5), {})
  assert.equal(renewals, 2)
})

test('who allows any time waits for the answer', async () => {
  const [plaza] = standIn(async (_number, _url, { signal }) => {
    await new Promise((done) => setTimeout(done, 20))
    signal.throwIfAborted()
    return answer(200, { id: 5 })
  })
  assert.deepEqual(await plaza.users.get(5, { timeout: Infinity, attemptTimeout: Infinity }), { id: 5 })
})

test('a read shows the last of what was written, whatever was answered last', async () => {
  const positions = ['F/10', '10/8', '1/FFFFFFFF']
  const [plaza, requests] = standIn((_number, _url, { method }) =>
    method === 'POST' ? answer(201, { data: {} }, { 'X-Database-Position': positions.shift() }) : answer(200, { data: {} }))
  const shown = async () => {
    await plaza.users.list()
    return requests.at(-1).headers['X-Database-Position']
  }
  await plaza.users.create({})
  await plaza.users.create({})
  assert.equal(await shown(), '10/8')
  await plaza.users.create({})
  assert.equal(await shown(), '10/8')
})

test('a write that failed is shown as well, as it may have been done', async () => {
  const [plaza, requests] = standIn((_number, _url, { method }) =>
    method === 'PATCH' ? answer(500, {}, { 'X-Database-Position': '7FFFFFFF/FFFFFFFF' }) : answer(200, { data: {} }))
  await assert.rejects(plaza.users.update(5, { age: 40 }, { version: 1 }), { status: 500 })
  await plaza.users.list()
  assert.equal(requests.at(-1).headers['X-Database-Position'], '7FFFFFFF/FFFFFFFF')
})
