// What the SDK makes of what no Plaza says: answers of proxies, and tokens that do not come. Nothing is sent.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createPlaza, PlazaError } from '@plaza/client'

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
