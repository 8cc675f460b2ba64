// A service signs in with the SDK.
import assert from 'node:assert/strict'
import test from 'node:test'
import { AuthError, clientCredentials, NetworkError } from '@plaza/client'
import { plazaServer } from './harness.js'

test('services', async (t) => {
  const server = await plazaServer(t)
  const draft = { name: 'Reports', kind: 'service', scopes: ['users:read', 'users:write'] }
  const made = await server.plaza.clients.create(draft)
  const clientId = made.client.id
  const clientSecret = made.client_secret
  /** An SDK of the service, and the requests for tokens that it makes. */
  const service = (more = {}) => {
    const asked = []
    const plaza = server.as({
      auth: clientCredentials({ clientId, clientSecret, scope: 'users:read', ...more }),
      fetch: (url, init) => {
        if (String(url).endsWith('/oauth/token')) asked.push(String(init.body))
        return fetch(url, init)
      },
    })
    return { plaza, asked }
  }

  await t.test('many calls at once ask for one token, with the scopes that are wanted', async () => {
    const { plaza, asked } = service()
    await Promise.all([1, 2, 3].map(() => plaza.users.list()))
    await plaza.users.list()
    assert.deepEqual(asked, ['grant_type=client_credentials&scope=users%3Aread'])
    const { scope } = JSON.parse(atob((await plaza.auth.token()).split('.')[1]))
    assert.equal(scope, 'users:read')
    await assert.rejects(service({ scope: 'posts:write' }).plaza.users.list(), { code: 'invalid_scope' })
  })

  await t.test('a token that was revoked is replaced once', async () => {
    const { plaza, asked } = service()
    const token = await plaza.auth.token()
    const headers = { Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` }
    await plaza.oauth.revokeToken({ token }, { headers })
    const seen = server.as({ auth: token })
    await assert.rejects(async () => { // within a second
      for (const end = Date.now() + 5000; Date.now() < end;) await seen.users.list()
    }, { status: 401 })
    await Promise.all([plaza.users.list(), plaza.users.list()])
    assert.equal(asked.length, 2)
    assert.notEqual(await plaza.auth.token(), token)
  })

  await t.test('a token is replaced before it ends, and by no clock but this', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 0 })
    const { plaza, asked } = service()
    await plaza.users.list()
    t.mock.timers.tick(539_000)
    await plaza.users.list()
    assert.equal(asked.length, 1)
    t.mock.timers.tick(2_000)
    await plaza.users.list()
    assert.equal(asked.length, 2)
  })

  await t.test('a wrong secret is refused, whatever signs it has', async () => {
    const { plaza } = service({ clientSecret: '€: +%' })
    await assert.rejects(plaza.users.list(), (error) => error instanceof AuthError && error.code === 'invalid_client')
  })

  await t.test('a server that is not there', async () => {
    const away = service({ issuer: 'http://127.0.0.1:9' }).plaza
    await assert.rejects(away.users.list({ retries: 0 }), (error) => error instanceof NetworkError)
  })
})
