// What the SDK does with `plazadev mock`, which has the contract and no code: all that an application reads.
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AuthError, ConflictError, NotFoundError, PlazaError, RateLimitError, StaleVersionError, ValidationError,
} from '@plaza/client'
import * as z from '@plaza/client/zod'
import { person, plazaMock, refused } from './harness.js'
import { reads } from './reads.js'

/** Every operation that reads and that the SDK has, with what it resolves to; lists with what their items are. */
const session = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
const one = {
  getUser: [(p) => p.users.get(7, { include: 'posts' }), z.zUser],
  getMe: [(p) => p.users.getMe(), z.zUser],
  getAddress: [(p) => p.addresses.get(7, 8), z.zAddress],
  getPost: [(p) => p.posts.get(8), z.zPost],
  getClient: [(p) => p.clients.get('town-board'), z.zClient],
  getOpenIDConfiguration: [(p) => p.oauth.getOpenIDConfiguration(), z.zServerMetadata],
  getServerMetadata: [(p) => p.oauth.getServerMetadata(), z.zServerMetadata],
  getKeys: [(p) => p.oauth.getKeys(), z.zKeySet],
  getUserInfo: [(p) => p.oauth.getUserInfo(), z.zUserInfo],
  getHealth: [(p) => p.system.getHealth(), z.zHealth],
  getReadiness: [(p) => p.system.getReadiness(), z.zReadiness],
}
const lists = {
  listUsers: [(p) => p.users.list({ tag: 'go' }), z.zUser],
  listSessions: [(p) => p.sessions.list(), z.zSession],
  listAddresses: [(p) => p.addresses.list(7), z.zAddress],
  listUserPosts: [(p) => p.posts.listByUser(7), z.zPost],
  listPosts: [(p) => p.posts.list(), z.zPost],
  listClients: [(p) => p.clients.list(), z.zClient],
}

test('the mock', async (t) => {
  const mock = await plazaMock(t)
  const { plaza, as } = mock
  await reads(t, mock)

  await t.test('every read answers what the types say', async () => {
    for (const [name, [call, type]] of Object.entries(one)) type.parse(await call(plaza), { error: () => name })
    assert.deepEqual((({ id, version }) => [id, version])(await plaza.users.get(7)), [7, 3])
    assert.equal((await plaza.clients.get('town-board')).id, 'town-board')
  })

  await t.test('every list has items and ends', async () => {
    for (const [name, [call, type]] of Object.entries(lists)) {
      const ids = new Set()
      for await (const item of call(plaza)) ids.add(type.parse(item).id)
      assert.equal(ids.size, 2, name)
    }
  })

  await t.test('what is written comes back', async () => {
    const bo = person({ name: 'Bo Ek' })
    const made = z.zUser.parse(await plaza.users.create(bo))
    assert.deepEqual([made.name, made.email, made.age], [bo.name, bo.email, bo.age])
    assert.equal((await plaza.users.updateWith(7, ({ age }) => ({ age: age + 1 }))).age, made.age + 1)
    assert.equal(await plaza.sessions.delete(session), undefined)
  })

  await t.test('every class of error, for who prefers it', async () => {
    const classes = {
      401: AuthError, 403: AuthError, 404: NotFoundError, 409: ConflictError, 412: StaleVersionError,
      422: ValidationError, 428: StaleVersionError, 429: RateLimitError, 500: PlazaError, 503: PlazaError,
    }
    for (const [code, type] of Object.entries(classes)) {
      const picky = as({ auth: 'any', headers: { Prefer: `code=${code}` }, retries: 0 })
      const error = await refused(picky.users.update(7, { age: 35 }, { version: 3 }))
      assert.ok(error instanceof type, `${code}: ${error}`)
      assert.equal(error.status, Number(code))
      assert.equal(error.problem.status, Number(code))
    }
    const busy = await refused(as({ auth: 'any', headers: { Prefer: 'code=429' }, retries: 0 }).users.list())
    assert.equal(busy.retryAfter, 1)
  })
})
