// What the SDK does where the network, the server or the caller gets in the way.
import assert from 'node:assert/strict'
import test from 'node:test'
import { NetworkError } from '@plaza/client'
import { lockUsers, person, plazaServer, proxyTo } from './harness.js'

test('faults', async (t) => {
  const server = await plazaServer(t)
  const { plaza, token, as } = server
  const proxy = await proxyTo(t, server.url)
  /** An SDK behind the proxy, whose attempts are counted; `before` runs before each, with its number from 1. */
  const counted = (before, options) => {
    const requests = []
    const through = async (url, request) => {
      requests.push(request)
      await before(requests.length)
      return fetch(url, { ...request, headers: { ...request.headers, Connection: 'close' } })
    }
    return [as({ auth: token, baseUrl: proxy.url, fetch: through, ...options }), requests]
  }
  t.afterEach(proxy.mend)

  await t.test('a read is repeated until the server is back', async () => {
    await proxy.cut()
    const [client, requests] = counted(async (attempt) => { if (attempt === 3) await proxy.mend() })
    assert.equal((await client.system.getHealth()).status, 'alive')
    assert.equal(requests.length, 3)
  })

  await t.test('what is said of a call goes before what is said of all', async () => {
    await proxy.cut()
    const [client, requests] = counted(async () => {}, { retries: 0 })
    await assert.rejects(client.system.getHealth(), { name: 'NetworkError' })
    assert.equal(requests.length, 1)
    await assert.rejects(client.system.getHealth({ retries: 1 }), { name: 'NetworkError' })
    assert.equal(requests.length, 3)
  })

  await t.test('an answer that never comes is given up and asked for again', async () => {
    await proxy.hurt('timeout', { timeout: 0 })
    const [client, requests] = counted(async (attempt) => { if (attempt === 2) await proxy.mend() })
    assert.equal((await client.system.getHealth({ attemptTimeout: 200 })).status, 'alive')
    assert.equal(requests.length, 2)
  })

  await t.test('a creation whose answer is cut off has one effect', async () => {
    const before = (await plaza.users.list()).total
    await proxy.hurt('limit_data', { bytes: 20 })
    const replayed = []
    const [client, requests] = counted(
      async (attempt) => { if (attempt === 3) await proxy.mend() },
      { onResponse: (answer) => replayed.push(answer.headers.get('Idempotency-Replayed')) },
    )
    const ann = await client.users.create(person())
    assert.equal(requests.length, 3)
    assert.equal(new Set(requests.map((request) => request.headers['Idempotency-Key'])).size, 1)
    assert.deepEqual(replayed, ['true'], 'the server had done it at the first attempt')
    assert.equal((await plaza.users.get(ann.id)).id, ann.id)
    assert.equal((await plaza.users.list()).total, before + 1)
  })

  await t.test('two creations have two keys', async () => {
    const [client, requests] = counted(async () => {})
    await client.users.create(person())
    await client.users.create(person(), { idempotencyKey: 'mine' })
    const [first, second] = requests.map((request) => request.headers['Idempotency-Key'])
    assert.match(first, /^[0-9a-f]{32}$/)
    assert.equal(second, 'mine')
  })

  await t.test('a change whose answer is cut off is not repeated, as nobody knows what became of it', async () => {
    const ann = await plaza.users.create(person())
    await proxy.hurt('limit_data', { bytes: 20 })
    const [client, requests] = counted(async () => {})
    await assert.rejects(client.users.update(ann.id, { age: 60 }, { version: 1 }), { name: 'NetworkError' })
    assert.equal(requests.length, 1)
    assert.equal((await plaza.users.get(ann.id)).age, 60)
  })

  await t.test('a deletion whose answer is cut off is repeated, and finds that it has been done', async () => {
    const ann = await plaza.users.create(person())
    await proxy.hurt('limit_data', { bytes: 20 })
    const [client, requests] = counted(async (attempt) => { if (attempt === 2) await proxy.mend() })
    await client.users.delete(ann.id)
    assert.equal(requests.length, 2)
    await assert.rejects(client.users.delete(ann.id), { name: 'NotFoundError' }, 'at first hand a 404 is one')
  })

  await t.test('Retry-After is obeyed: what is at work under the same key is asked for again', async () => {
    const { release, waiting } = await lockUsers(server)
    const body = person()
    const first = plaza.users.create(body, { idempotencyKey: 'one' })
    await waiting()
    let released
    const answers = []
    const second = as({
      auth: token,
      onResponse: ({ status, headers }) => {
        answers.push([status, headers.get('Retry-After'), performance.now()])
        released ??= release()
      },
    })
    const both = await Promise.all([first, second.users.create(body, { idempotencyKey: 'one' })])
    await released
    assert.equal(both[0].id, both[1].id)
    const [[refused, wait, at], [created, , then]] = answers
    assert.deepEqual([refused, wait, created], [409, '1', 201])
    assert.ok(then - at >= 999, 'it waited as long as it was told to')
  })

  await t.test('a longer Retry-After than one wants to wait for is told at once', async () => {
    const { release, waiting } = await lockUsers(server)
    const body = person()
    const first = plaza.users.create(body, { idempotencyKey: 'two' })
    await waiting()
    try {
      const [client, requests] = counted(async () => {}, { maxRetryAfter: 500 })
      await assert.rejects(client.users.create(body, { idempotencyKey: 'two' }), { name: 'ConflictError', retryAfter: 1 })
      assert.equal(requests.length, 1)
    } finally {
      await release()
      await first
    }
  })

  await t.test('whoever aborts gets their own reason, while an attempt runs and while one waits', async () => {
    await proxy.hurt('timeout', { timeout: 0 })
    const running = new AbortController()
    const [client, sent] = counted(async () => setImmediate(() => running.abort(new Error('left the page'))))
    await assert.rejects(client.system.getHealth({ signal: running.signal }), { message: 'left the page' })
    assert.ok(sent[0].signal.aborted, 'the connection is not held on to')
    const change = new AbortController()
    const [writer] = counted(async () => setImmediate(() => change.abort()))
    await assert.rejects(writer.users.update(1, { age: 60 }, { version: 1, signal: change.signal }), { name: 'AbortError' })

    await proxy.mend()
    await proxy.cut()
    const waiting = new AbortController()
    const [other, requests] = counted(async (attempt) => { if (attempt === 5) waiting.abort() }, { retries: 9 })
    await assert.rejects(other.system.getHealth({ signal: waiting.signal }), { name: 'AbortError' })
    assert.equal(requests.length, 5)
    await assert.rejects(other.system.getHealth({ signal: waiting.signal }), { name: 'AbortError' })
    assert.equal(requests.length, 5, 'nothing is sent for who has left')

    await proxy.mend()
    const leaving = new AbortController()
    const seen = []
    await assert.rejects(async () => {
      for await (const user of plaza.users.list({ size: 1, signal: leaving.signal })) {
        seen.push(user)
        leaving.abort()
      }
    }, { name: 'AbortError' })
    assert.equal(seen.length, 1)
  })

  await t.test('a token that the server refuses is replaced once', async () => {
    const refused = []
    const auth = {
      connect: () => ({
        token: async (old) => {
          if (old) refused.push(old)
          return old ? token : 'old'
        },
      }),
    }
    const client = as({ auth })
    assert.ok((await client.users.list({ size: 1 })).total >= 0)
    assert.deepEqual(refused, ['old'])
    const never = as({ auth: { connect: () => ({ token: async (old) => `${old}x` }) } })
    await assert.rejects(never.users.list(), { name: 'AuthError', status: 401 })
  })

  await t.test('a change is repeated where it was not sent, for want of a token', async () => {
    const ann = await plaza.users.create(person())
    let asked = 0
    const get = async () => {
      if (asked++ === 0) throw new NetworkError({ operation: 'exchangeToken', detail: 'The server was not reached' })
      return token
    }
    const client = as({ auth: { connect: () => ({ token: get }) } })
    assert.equal((await client.users.update(ann.id, { age: 35 }, { version: 1 })).age, 35)
    assert.equal(asked, 2)
  })
})
