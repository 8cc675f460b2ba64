// What runs unchanged wherever the SDK does: it knows no assertions but its own.
import { createPlaza, NotFoundError, StaleVersionError } from '@plaza/client'

function check(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`)
}

/** Creates, reads, lists, changes and deletes a person, and resolves to what was checked. */
export async function smoke(baseUrl, auth) {
  const plaza = createPlaza({ baseUrl, auth })
  const checked = []
  const holds = (condition, what) => {
    check(condition, what)
    checked.push(what)
  }
  const email = `ann.${crypto.getRandomValues(new Uint32Array(2)).join('.')}@example.com`
  const made = await plaza.users.create({ name: 'ann lee', email, age: 34, tags: ['smoke'] })
  holds(made.name === 'Ann Lee', 'a person is made')

  const read = await plaza.users.get(made.id, { include: 'posts' })
  holds(read.email === email && read.posts.length === 0, 'and read')

  let found = false
  for await (const user of plaza.users.list({ tag: 'smoke', size: 1 })) found ||= user.id === made.id
  holds(found, 'and listed, over pages')

  const changed = await plaza.users.update(made.id, { age: 35 }, { version: read.version })
  holds(changed.age === 35 && changed.version === read.version + 1, 'and changed')

  const stale = await plaza.users.update(made.id, { age: 36 }, { version: read.version }).catch((error) => error)
  holds(stale instanceof StaleVersionError && stale.current.age === 35, 'but not from an old version')

  await plaza.users.delete(made.id)
  const missing = await plaza.users.get(made.id).catch((error) => error)
  holds(missing instanceof NotFoundError && missing.status === 404 && missing.requestId, 'and is gone once deleted')

  const end = new AbortController()
  const ended = plaza.users.list({ signal: end.signal }).then(undefined, (error) => error)
  end.abort(new Error('enough'))
  holds((await ended).message === 'enough', 'a call can be ended')
  return checked
}
