// The tests that need nothing that is stored: what they say is so of the built server and of `plazadev mock`.
import assert from 'node:assert/strict'
import { AuthError, PlazaError, ValidationError } from '@plaza/client'
import { person, refused } from './harness.js'

/** Runs them against a server, as the harness starts it. */
export async function reads(t, { plaza, token, as }) {
  await t.test('path parameters cannot leave their segment', async () => {
    await assert.rejects(plaza.clients.get('../users/1'), {
      name: 'ValidationError', operation: 'getClient', fields: { client_id: ['must be lower-case letters, digits and -'] },
    })
  })

  await t.test('who sends nothing of their own gets no surprise', async () => {
    const seen = []
    const other = as({ auth: token, headers: { 'X-Request-Id': 'mine' }, onResponse: (r) => seen.push(r.headers.get('X-Request-Id')) })
    await other.users.list({ size: 1 })
    await other.users.list({ size: 1, headers: { 'X-Request-Id': 'ours' } })
    assert.deepEqual(seen, ['mine', 'ours'])
  })

  await t.test('a list has items, and times that are strings, or dates for who asks', async () => {
    const { items } = await plaza.users.list()
    assert.equal(typeof items[0].created_at, 'string')
    const dated = await as({ auth: token, dates: true }).users.list()
    assert.ok(dated.items[0].created_at instanceof Date)
    const list = plaza.posts.list()
    assert.equal(await list, await list, 'a list that is awaited twice asks once')
  })

  await t.test('a request that is not allowed names every fault, ready for a form', async () => {
    const error = await refused(plaza.users.create(person({ name: 'R2D2', age: 7 })))
    assert.ok(error instanceof ValidationError && error instanceof PlazaError)
    assert.deepEqual(error.fields, { '/name': ['Name cannot contain numbers'], '/age': ['must be at least 13'] })
    assert.deepEqual([error.status, error.type, error.operation], [422, 'urn:plaza:problem:invalid', 'createUser'])
    assert.equal(error.requestId, error.problem.request_id)
    assert.match(error.message, /^createUser: .*; \/name: Name cannot contain numbers; \/age: must be at least 13$/)
    const parameter = await refused(plaza.users.list({ size: 1000 }))
    assert.deepEqual(Object.keys(parameter.fields), ['size'])
    assert.equal(parameter.errors[0].in, 'query')
  })

  await t.test('nobody', async () => {
    const nobody = await refused(as({}).users.list())
    assert.ok(nobody instanceof AuthError)
    assert.deepEqual([nobody.status, nobody.type, nobody.code], [401, 'urn:plaza:problem:unauthorized', undefined])
  })
}
