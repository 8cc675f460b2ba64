// What the SDK does where nothing goes wrong, against the built server.
import assert from 'node:assert/strict'
import test from 'node:test'
import { connect, contractHash, contractVersion, createUser, getUser, StaleVersionError, updateUserWith } from '@plaza/client'
import { person, plazaServer } from './harness.js'
import { reads } from './reads.js'

test('calls', async (t) => {
  const server = await plazaServer(t)
  const { plaza, token, as } = server

  await reads(t, server)

  await t.test('a person is made, read, changed and deleted', async () => {
    const ann = await plaza.users.create(person({ name: 'ann lee', tags: ['Go'] }))
    assert.equal(ann.name, 'Ann Lee')
    assert.deepEqual(await plaza.users.get(ann.id), ann)
    const older = await plaza.users.update(ann.id, { age: 35 }, { version: ann.version })
    assert.deepEqual([older.age, older.version], [35, ann.version + 1])
    assert.equal(await plaza.users.delete(ann.id, { version: older.version }), undefined)
    assert.equal((await plaza.users.restore(ann.id)).id, ann.id)
  })

  await t.test('the functions do the same as the namespaces', async () => {
    const connection = connect({ baseUrl: `${server.url}/`, auth: async () => token })
    const { id } = await createUser(connection, person())
    const post = await plaza.posts.create(id, { title: 'Hello', content: 'World' })
    const { posts } = await getUser(connection, id, { include: 'posts' })
    assert.deepEqual(posts.map((p) => p.id), [post.id])
  })

  await t.test('who has an old version gets the new one with the error', async () => {
    const ann = await plaza.users.create(person())
    await plaza.users.update(ann.id, { age: 40 }, { version: ann.version })
    await assert.rejects(plaza.users.update(ann.id, { age: 41 }, { version: ann.version }), (error) => {
      assert.ok(error instanceof StaleVersionError)
      assert.deepEqual([error.status, error.current.age, error.current.version], [412, 40, 2])
      return true
    })
    await assert.rejects(plaza.users.delete(ann.id, { version: 1 }), { name: 'StaleVersionError', status: 412 })
    await assert.rejects(plaza.users.update(ann.id, { age: 41 }, {}), { name: 'StaleVersionError', status: 428 })
    const other = await plaza.users.update(ann.id, { age: 42 }, { version: '*' })
    assert.equal(other.age, 42)
  })

  await t.test('updateWith does not lose what others change meanwhile', async () => {
    const { id } = await plaza.users.create(person({ age: 20 }))
    const post = await plaza.posts.create(id, { title: '0', content: 'c' })
    await Promise.all([1, 2, 3].map(() => plaza.users.updateWith(id, (user) => ({ age: user.age + 1 }))))
    assert.equal((await plaza.users.get(id)).age, 23)
    // A change that takes longer than another's.
    let rounds = 0
    await updateUserWith(plaza, id, async (user) => {
      if (rounds++ === 0) await plaza.users.update(id, { age: 50 }, { version: user.version })
      return { age: user.age + 1 }
    })
    assert.deepEqual([rounds, (await plaza.users.get(id)).age], [2, 51])
    await plaza.posts.updateWith(id, post.id, ({ title }) => ({ title: `${title}1` }))
    assert.equal((await plaza.posts.get(post.id)).title, '01')
    let asked = 0
    await assert.rejects(
      plaza.users.updateWith(id, async (user) => {
        asked++
        await plaza.users.update(id, { age: 60 }, { version: user.version })
        return { age: 61 }
      }),
      { name: 'StaleVersionError' },
    )
    assert.equal(asked, 5)
  })

  await t.test('a list gives a page, pages, or every item', async () => {
    const { id } = await plaza.users.create(person())
    for (const title of ['a', 'b', 'c', 'd', 'e']) await plaza.posts.create(id, { title, content: 'c' })
    const page = await plaza.posts.listByUser(id, { size: 2 })
    assert.deepEqual([page.items.length, page.total, page.pages], [2, 5, 3])
    const titles = []
    for await (const post of plaza.posts.listByUser(id, { size: 2 })) titles.push(post.title)
    assert.deepEqual(titles, ['e', 'd', 'c', 'b', 'a'])
    const sizes = []
    for await (const { items } of plaza.posts.listByUser(id, { size: 2, page: 2 }).pages()) sizes.push(items.length)
    assert.deepEqual(sizes, [2, 1])
  })

  await t.test('lists that are no pages go on too', async () => {
    const { id } = await plaza.users.create(person())
    await plaza.addresses.create(id, { street: '12 Main Street', city: 'Springfield', country: 'US', postal_code: '62701' })
    for await (const address of plaza.addresses.list(id)) assert.equal(address.city, 'Springfield')
    const made = []
    for (let i = 0; i < 102; i++) made.push((await plaza.clients.create({ name: `Service ${i}`, kind: 'service', scopes: ['posts:write'] })).client.id)
    const found = []
    let answers = 0
    for await (const client of plaza.clients.list({ onResponse: () => answers++ })) if (client.name.startsWith('Service ')) found.push(client.id)
    assert.deepEqual(found, made.toSorted())
    assert.equal(answers, 2)
  })

  await t.test('10,000 people are walked through by cursor, each once', async () => {
    const made = new Set()
    for (let batch = 0; batch < 10; batch++) {
      const { results } = await plaza.users.createMany({ users: Array.from({ length: 1000 }, () => person({ tags: ['walked'] })) })
      for (const result of results) made.add(result.user.id)
    }
    assert.equal(made.size, 10_000)
    let answers = 0
    const walked = new Set()
    for await (const user of plaza.users.list({ tag: 'walked', size: 100, onResponse: () => answers++ })) {
      assert.ok(!walked.has(user.id))
      walked.add(user.id)
    }
    assert.deepEqual(walked, made)
    assert.equal(answers, 100)
  })

  await t.test('times are strings, or dates for who asks', async () => {
    const dated = as({ auth: token, dates: true })
    const ann = await dated.users.create(person())
    assert.ok(ann.created_at instanceof Date)
    assert.equal(ann.updated_at, null)
    assert.equal((await plaza.users.get(ann.id)).created_at.slice(0, 23), ann.created_at.toISOString().slice(0, 23))
    await assert.rejects(dated.users.get(2 ** 53 - 1), (error) => typeof error.problem.timestamp === 'string')
  })

  await t.test('what a write has left in the database is shown to reads', async () => {
    const shown = []
    // As servers with replicas answer writes.
    const replicated = async (url, request) => {
      shown.push(request.headers['X-Database-Position'])
      const answer = await fetch(url, request)
      const headers = new Headers(answer.headers)
      if (request.method === 'POST') headers.set('X-Database-Position', '0/16B3748')
      return new Response(await answer.text(), { status: answer.status, headers })
    }
    const other = as({ auth: token, fetch: replicated })
    await other.users.list({ size: 1 })
    await other.users.create(person())
    await other.users.list({ size: 1 })
    assert.deepEqual(shown, [undefined, undefined, '0/16B3748'])
  })

  await t.test('the contract is the one that the server has', async () => {
    let version
    await plaza.system.getHealth({ onResponse: (r) => { version = r.headers.get('X-Contract-Version') } })
        const source = await (await fetch(`${server.url}/openapi.yaml`)).arrayBuffer()
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', source)).toString('hex')
    assert.equal(contractHash, hash)
    assert.equal(version, `${contractVersion}+${hash.slice(0, 12)}`)
  })
})
