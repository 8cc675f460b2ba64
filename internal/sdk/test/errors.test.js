// Every class of error, as the built server makes it happen.
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AuthError, ConflictError, NetworkError, NotFoundError, PlazaError, RateLimitError, StaleVersionError, TimeoutError,
} from '@plaza/client'
import { lockUsers, person, plazaServer, proxyTo, refused } from './harness.js'

test('errors', async (t) => {
  const server = await plazaServer(t, { PLAZA_RATE_LIMITS: 'enforce' })
  const { plaza, as } = server
  const ann = await plaza.users.create(person())

  await t.test('somebody who may not', async () => {
    const member = (await server.command('token', '--role', 'member', '--user', String(ann.id))).trim()
    const error = await refused(as({ auth: () => member }).users.list())
    assert.ok(error instanceof AuthError)
    assert.equal(error.status, 403)
  })

  await t.test('an error in the words of OAuth', async () => {
    const error = await refused(as({}).oauth.exchangeToken({ grant_type: 'client_credentials' }))
    assert.ok(error instanceof AuthError)
    assert.deepEqual([error.code, error.status, error.type], ['invalid_client', 401, undefined])
    const { client } = await plaza.clients.create({
      name: 'Town Board', kind: 'public', redirect_uris: ['http://127.0.0.1/callback'], scopes: ['users:read'],
    })
    const grant = { grant_type: 'refresh_token', client_id: client.id, refresh_token: 'none' }
    const request = await refused(as({}).oauth.exchangeToken(grant))
    assert.ok(request instanceof AuthError)
    assert.deepEqual([request.code, request.status], ['invalid_grant', 400])
  })

  await t.test('what is not there', async () => {
    const error = await refused(plaza.users.get(987654321))
    assert.ok(error instanceof NotFoundError)
    assert.deepEqual([error.status, error.detail], [404, 'No such user'])
  })

  await t.test('what is in conflict', async () => {
    const error = await refused(plaza.users.create(person({ email: ann.email })))
    assert.ok(error instanceof ConflictError)
    assert.deepEqual(error.fields, { '/email': ['is already taken'] })
    assert.equal(error.message, `createUser: ${error.detail}`, 'a single fault is not told twice')
  })

  await t.test('an old version', async () => {
    const error = await refused(plaza.users.update(ann.id, { age: 40 }, { version: 99 }))
    assert.ok(error instanceof StaleVersionError)
    assert.deepEqual(error.current, ann)
  })

  await t.test('too many calls', async () => {
    const calls = []
    for (let i = 0; i < 11; i++) calls.push(as({}).users.create({ ...person(), age: 1 }))
    const outcomes = await Promise.all(calls.map(refused))
    const limited = outcomes.filter((error) => error instanceof RateLimitError)
    assert.equal(limited.length, 1)
    assert.ok(limited[0].retryAfter > 5 && limited[0].retryAfter <= 60)
    assert.equal(limited[0].type, 'urn:plaza:problem:too-many-requests')
  })

  await t.test('who leaves while a call waits for its turn does not wait on', { timeout: 30_000 }, async () => {
    const leaving = new AbortController()
    const client = as({ timeout: 120_000, maxRetryAfter: 60_000, onResponse: () => setImmediate(() => leaving.abort()) })
    await assert.rejects(client.users.create(person(), { signal: leaving.signal }), { name: 'AbortError' })
  })

  await t.test('no answer in time, for one attempt and in all', async () => {
    const { release } = await lockUsers(server)
    try {
      const attempts = []
      const error = await refused(plaza.users.list({ attemptTimeout: 100, retries: 1, headers: { 'X-Request-Id': 'late' }, onResponse: (r) => attempts.push(r) }))
      assert.ok(error instanceof TimeoutError)
      assert.deepEqual([error.status, error.operation, attempts.length], [undefined, 'listUsers', 0])
      const began = performance.now()
      assert.ok((await refused(plaza.users.list({ timeout: 200, retries: 50 }))) instanceof TimeoutError)
      assert.ok(performance.now() - began >= 199)
    } finally {
      await release()
    }
  })

  await t.test('a server that is not reached', async () => {
    const proxy = await proxyTo(t, server.url)
    await proxy.cut()
    const error = await refused(as({ baseUrl: proxy.url, retries: 1 }).system.getHealth())
    assert.ok(error instanceof NetworkError)
    assert.equal(error.cause.cause.code, 'ECONNREFUSED')
  })

  await t.test('a base URL that is none is told at once', () => {
    for (const baseUrl of [undefined, '', '/api', '127.0.0.1:8080', 'localhost:8080', 'ftp://plaza.example'])
      assert.throws(() => as({ baseUrl }), { name: 'TypeError', message: `baseUrl has to be a URL such as https://plaza.example, not ${baseUrl}` })
  })

  await t.test('a proxy that says too many and not until when', async () => {
    const busy = as({ fetch: async () => new Response('slow down', { status: 429 }), retries: 0 })
    assert.equal((await refused(busy.system.getHealth())).retryAfter, 1)
  })

  await t.test('an answer that is none of the contract', async () => {
    const error = await refused(as({ baseUrl: `${server.url}/docs#`, headers: { Accept: '*/*' } }).system.getHealth())
    assert.equal(error.constructor, PlazaError)
    assert.deepEqual([error.status, error.detail], [200, 'The answer is not of the contract'])
  })
})
